/** Configuration, messages of the queue, and words of a command line: read whole or refused with a reason. */

import { Command, CommanderError } from 'commander';
import fc from 'fast-check';
import { queuedJobToBody, parseQueuedJob } from '../../../shared/aws/queued-job.ts';
import { clouds } from '../../../shared/clouds.ts';
import { isLogTypeId } from '../../../shared/log-types/index.ts';
import { parseTenantConfig } from '../../../shared/tenant-config.ts';
import { UsageError } from '../../../local/exit.ts';
import { backfillCommand } from '../../../cli/commands/backfill.ts';
import { datasetsCommand } from '../../../cli/commands/datasets.ts';
import { describeCommand } from '../../../cli/commands/describe.ts';
import { importCommand } from '../../../cli/commands/import.ts';
import { latenessCommand } from '../../../cli/commands/lateness.ts';
import { queryCommand } from '../../../cli/commands/query.ts';
import { reconcileCommand } from '../../../cli/commands/reconcile.ts';
import { simulateCommand } from '../../../cli/commands/simulate.ts';
import { startCommand } from '../../../cli/commands/start.ts';
import { drifted, mutated, nastyText } from '../hostile.ts';
import { hold, target, type Target } from '../target.ts';

const secret = 'canary~Secret.8Q_value-of-a-client';
const config = {
  enabled: true,
  tenantDomain: 'contoso.onmicrosoft.com',
  clientId: '22222222-2222-4222-8222-222222222222',
  credential: { kind: 'secret' },
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange', 'dlp-all'] },
  graph: { cloud: 'global', logTypes: ['directory-audits'] },
  publisherId: '33333333-3333-4333-8333-333333333333',
  collectFrom: '2026-11-20T00:00:00Z',
};
const configKeys = [...Object.keys(config), 'kind', 'cloud', 'logTypes', 'secret'];

const message = queuedJobToBody({
  ref: {
    stream: { cloud: 'enterprise', tenantId: '11111111-1111-4111-8111-111111111111', logType: 'audit-exchange' },
    tenantName: 'contoso',
    key: '0123456789abcdef0123456789abcdef',
  },
  dueAt: 1,
});
const messageKeys = ['stream', 'tenant', 'key', 'dueAt'];

const adders = [
  startCommand,
  queryCommand,
  datasetsCommand,
  describeCommand,
  importCommand,
  simulateCommand,
  reconcileCommand,
  latenessCommand,
  backfillCommand,
];
const names = ['start', 'query', 'datasets', 'describe', 'import', 'simulate', 'reconcile', 'lateness', 'backfill'];
const options = [
  '--lake',
  '--json',
  '--csv',
  '--limit',
  '--seed',
  '--records',
  '--tenants',
  '--once',
  '--from',
  '--to',
  '--log-type',
  '--tenant',
  '--aws',
  '--port',
  '--faults',
  '--help',
  '--',
  '-',
];
const word = fc.oneof(
  fc.constantFrom(...names),
  fc.constantFrom(...options),
  nastyText,
  fc.constantFrom('7', '-7', '1e9', '2026-11-22', '2026-13-45', 'audit-exchange', 'SELECT 1'),
);

export const messageTargets: readonly Target[] = [
  target(
    { name: 'config', what: "tenants' configuration", share: 15, cost: 25 },
    fc.tuple(fc.oneof(fc.constant('contoso'), nastyText), drifted(config, configKeys, [secret, 'audit-exchange', 'gcc'])),
    ([name, json]) => {
      const read = parseTenantConfig(name, json);
      if (read.kind === 'broken') {
        hold(read.faults.length > 0 && read.faults.every((fault) => fault.trim() !== ''), 'a fault says what is wrong');
        return;
      }
      if (read.kind !== 'tenant') return;
      const { managementActivity, graph, collectFrom } = read.tenant;
      for (const choice of [managementActivity, graph]) {
        hold(choice === undefined || clouds.some(({ id }) => id === choice.cloud), 'its cloud is in the table');
        hold(choice === undefined || choice.logTypes.every(isLogTypeId), 'its log types are in the catalog');
      }
      hold(collectFrom === undefined || Number.isFinite(collectFrom), 'it begins at a time');
    },
  ),
  target(
    { name: 'queue-messages', what: 'bodies of SQS messages', share: 60 },
    fc.oneof(
      mutated(message),
      drifted(JSON.parse(message), messageKeys).map((json) => JSON.stringify(json ?? null)),
    ),
    (body) => {
      const read = parseQueuedJob(body);
      if (read.kind === 'foreign') {
        hold(read.reason !== '', 'a foreign message has a reason');
        return;
      }
      const { ref, dueAt } = read.queued;
      hold(/^[0-9a-f]{32}$/.test(ref.key) || /^[0-9TZ:.-]+#\d#[0-9TZ:.-]+$/.test(ref.key), `its key is '${ref.key}'`);
      hold(isLogTypeId(ref.stream.logType) && Number.isSafeInteger(dueAt), 'it names a job');
    },
  ),
  target({ name: 'command-lines', what: 'words after `lake`', share: 5, cost: 10 }, fc.array(word, { maxLength: 6 }), async (words) => {
    const program = new Command('lake').exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
    for (const add of adders) add(program);
    for (const command of program.commands)
      command
        .exitOverride()
        .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
        .action(() => undefined);
    try {
      await program.parseAsync([...words], { from: 'user' });
    } catch (error) {
      hold(error instanceof CommanderError || error instanceof UsageError, `it ends with ${String(error)}`);
    }
  }),
];
