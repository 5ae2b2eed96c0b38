/** The check of a tenant's credential, permissions and sources, run where the tenant is collected. */

import type { Checked } from '../../lambdas/check/checked-tenant.ts';
import { checkOnAws } from './check-on-aws.ts';
import { checkOnMachine } from './check-on-machine.ts';
import type { CheckPlace } from './check-place.ts';

/**
 * Checks one tenant, switched on or not: every log type that it chose, or only the ones named. Nothing is changed anywhere.
 *
 * What Microsoft refuses is part of the answer; a log type passed when it has no `problem` (`hasPassed`).
 *
 * @param logTypeIds All that the tenant chose when there are none.
 * @throws When the tenants file cannot be read (UsageError), or the function cannot be called (UsageError) or fails (BadAnswer).
 */
export function checkTenant(name: string, place: CheckPlace, logTypeIds: readonly string[] = []): Promise<Checked> {
  return place.kind === 'aws' ? checkOnAws(name, logTypeIds, place.deployment) : checkOnMachine(name, logTypeIds, place);
}
