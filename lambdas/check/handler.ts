/** The handler of the check, called by `lake tenant test --aws`, with the role, the network and the credentials of the deployment. */

import { z } from 'zod';
import { connectCheck } from '../connect-check.ts';
import { checkEnvironment, readEnvironment } from '../environment.ts';
import { check, type CheckStationDeps } from './check.ts';
import type { Checked } from './checked-tenant.ts';

/** What the function is called with. */
const checkEvent = z.strictObject({
  tenant: z.string(),
  /** Ids; all that the tenant chose when empty. */
  logTypes: z.array(z.string()).default([]),
});
/** What the function is invoked with; anything else is refused. */
export type CheckEvent = z.input<typeof checkEvent>;

/** @throws When the event is not one of ours, or when the parameters cannot be read: Lambda reports it to the caller. */
export function makeCheckHandler(open: () => CheckStationDeps): (event: unknown) => Promise<Checked> {
  return async (event) => {
    const parsed = checkEvent.safeParse(event);
    if (!parsed.success) throw new Error('the event is no {"tenant": "NAME", "logTypes": ["ID"]}');
    return check(parsed.data.tenant, parsed.data.logTypes, open());
  };
}

let made: ReturnType<typeof makeCheckHandler> | undefined;

/** What Lambda calls. */
export async function handler(event: unknown): Promise<Checked> {
  made ??= makeCheckHandler(connectCheck(readEnvironment(checkEnvironment, process.env)));
  return made(event);
}
