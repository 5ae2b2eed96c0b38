/** Bugs of the Lambda handlers' loops. */

import { bug, type CodeBug } from '../../proof/planted-bugs/planted-bug.ts';
import type { PlantedAdapter } from './adapter-bug.ts';

const list = 'lambdas/list/handler.ts';
const fetch = 'lambdas/fetch/handler.ts';
const sweep = 'lambdas/sweep/handler.ts';

const bugs: readonly CodeBug[] = [
  bug(
    'a run leaves out the tenants before its turn',
    list,
    'return [...tenants.slice(first), ...tenants.slice(0, first)];',
    'return tenants.slice(first);',
  ),
  bug(
    'every run begins with the same tenant',
    list,
    'const first = Math.floor(now / minutes(1))',
    'const first = 0 * Math.floor(now / minutes(1))',
  ),
  bug(
    'tenants of other log types are listed',
    list,
    'choice?.cloud === cloud && choice.logTypes.includes(logType.id)',
    'choice?.cloud === cloud',
  ),
  bug(
    'one failing tenant ends the run',
    list,
    'count: 1, reason: String(error) }); return false;',
    'count: 1, reason: String(error) }); throw error;',
  ),
  bug('a broken tenant is not counted', list, 'meter.tenantsBroken(broken);', ''),
  bug(
    'a broken tenant is no failed stream',
    list,
    'runs.filter((isListed) => !isListed).length + broken',
    'runs.filter((isListed) => !isListed).length',
  ),
  bug(
    'a run goes on to its very end',
    list,
    'adapters.clock.now() + remainingMs - Math.min(windowMs, remainingMs / 2)',
    'adapters.clock.now() + remainingMs',
  ),
  bug('metrics of a run that failed are lost', list, '} finally { meter.flush(); }', '} finally { Math.max(0); }'),
  bug('the ledger is looked at by no run', list, 'await checkOnce();', ''),
  bug('the ledger is looked at by every run', list, 'isDone = true;', ''),
  bug('a refused ledger is listed by the next run', list, 'await work?.(); isDone = true;', 'isDone = true; await work?.();'),
  bug(
    'a message that failed is acked',
    fetch,
    'if (!(await handle(message, place, context))) failed.push(message.messageId);',
    'await handle(message, place, context);',
  ),
  bug(
    'a message that worked comes again',
    fetch,
    'if (!(await handle(message, place, context)))',
    'if (await handle(message, place, context))',
  ),
  bug(
    'after one failure the rest of the batch is left',
    fetch,
    'for (const message of Records) if (',
    'for (const message of Records) if (failed.length === 0 &&',
  ),
  bug(
    'a store that fails ends the batch',
    fetch,
    'count: 1, reason: String(error) }); return false;',
    'count: 1, reason: String(error) }); throw error;',
  ),
  bug(
    'a poison message comes again',
    fetch,
    'await deadLetter(message, reason); return true;',
    'await deadLetter(message, reason); return false;',
  ),
  bug(
    'a poison message is acked where there are no dead letters',
    fetch,
    'if (!deadLetter) return false;',
    'if (!deadLetter) return true;',
  ),
  bug('a poison message is thrown away', fetch, 'await deadLetter(message, reason); return true;', 'return true;'),
  bug('metrics of the worker are lost', fetch, 'deps.meter.flush();', ''),
  bug('the sweep goes on to its very end', sweep, 'context.getRemainingTimeInMillis() - batchMs', 'context.getRemainingTimeInMillis()'),
];

/** The handlers, with everything they call in memory. */
export const handlers: PlantedAdapter = { name: 'handlers', tests: ['test/aws-free/handlers.test.ts'], bugs };
