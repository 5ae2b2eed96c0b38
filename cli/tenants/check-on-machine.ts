import { check } from '../../lambdas/check/check.ts';
import type { Checked } from '../../lambdas/check/checked-tenant.ts';
import { connectMicrosoft } from '../../shared/microsoft/connect.ts';
import { checkLimits } from '../../shared/microsoft/limits.ts';
import { systemClock } from '../../local/clock.ts';
import { silentLog } from '../silent-log.ts';
import { asUsage } from '../../local/exit.ts';
import { LocalTenants } from '../../local/tenants.ts';
import type { CheckPlace } from './check-place.ts';

/** Runs the check station here, with the tenants of a file. */
export async function checkOnMachine(
  name: string,
  logTypeIds: readonly string[],
  { tenantsFile, sameTenants, simulator }: CheckPlace & { readonly kind: 'machine' },
): Promise<Checked> {
  const tenants = new LocalTenants(tenantsFile, process.env, 'every');
  const hostOverride = simulator === undefined ? {} : { hostOverride: { baseUrl: simulator } };
  const microsoft = await asUsage(() =>
    connectMicrosoft({ tenants, clock: systemClock, log: silentLog, limits: checkLimits, ...hostOverride }),
  );
  const entry = (one: string) => asUsage(() => tenants.entry(one));
  return check(name, logTypeIds, { tenants: { entry }, microsoft, clock: systemClock, sameTenants });
}
