/** The check station: asks Microsoft for everything that collecting a tenant needs, and changes nothing anywhere. */

import type { Tenant } from '../../shared/domain/tenant.ts';
import { logTypes } from '../../shared/log-types/index.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import { missingPermissions } from '../../shared/log-types/missing-permissions.ts';
import type { Answer } from '../../shared/ports/microsoft.ts';
import type { TenantEntry } from '../../shared/ports/tenants.ts';
import { checkContent } from './check-content.ts';
import { checkWindows } from './check-windows.ts';
import type { Checked, CheckedLogType, Problem } from './checked-tenant.ts';
import { cloudOf, hasAnswered, type CheckDeps, type Identity, type Subject } from './checking.ts';
import { clockProblem, credentialProblem, missingProblem, problemOf } from './problems.ts';

/** What the check needs beside Microsoft: the tenants, and what the ledger knows of their streams. */
export interface CheckStationDeps extends CheckDeps {
  /** Tenants that are switched off are among them: a tenant is tested before it is switched on. */
  readonly tenants: { entry(name: string): Promise<TenantEntry | undefined> };
}

/**
 * Checks the log types that a tenant chose.
 *
 * @param only Ids of log types; all that are chosen when empty.
 */
export async function check(name: string, only: readonly string[], deps: CheckStationDeps): Promise<Checked> {
  const entry = await deps.tenants.entry(name);
  if (!entry) return { kind: 'unknown', name };
  if (entry.kind === 'broken') return { kind: 'broken', name, faults: entry.faults };
  const { tenant } = entry;
  const chosen = chosenLogTypes(tenant);
  const notChosen = only.find((id) => !chosen.some((logType) => logType.id === id));
  if (notChosen !== undefined) return { kind: 'not-chosen', name, logType: notChosen, chosen: chosen.map(({ id }) => id) };

  const asked = chosen.filter(({ id }) => only.length === 0 || only.includes(id));
  const found = await Promise.all(asked.map((logType) => checkLogType({ tenant, logType }, deps)));
  const tenantId = found.find((one) => one.tenantId !== undefined)?.tenantId;
  const checked = found.map(({ logType }) => logType);
  return { kind: 'checked', tenant: { name, checkedAt: deps.clock.now(), ...(tenantId && { tenantId }), logTypes: checked } };
}

function chosenLogTypes({ managementActivity, graph }: Tenant): LogType[] {
  const ids = [...(managementActivity?.logTypes ?? []), ...(graph?.logTypes ?? [])];
  return logTypes.filter(({ id }) => ids.includes(id));
}

async function checkLogType(subject: Subject, deps: CheckDeps): Promise<{ readonly tenantId?: string; readonly logType: CheckedLogType }> {
  const about = { logType: subject.logType.id, cloud: cloudOf(subject), warnings: [] };
  const identity = await identify(subject, deps);
  if (identity.kind === 'no-credential') return { logType: { ...about, problem: identity.problem } };
  if (identity.kind !== 'ok') {
    return { logType: { ...about, isReached: hasAnswered(identity), problem: problemOf(identity, subject, deps) } };
  }
  const { tenantId, roles } = identity.value;
  return { tenantId, logType: { ...about, isReached: true, ...(await checkAllowed(subject, roles, deps)) } };
}

type Found = Partial<CheckedLogType>;

/** A token proves nothing: one without any permission is issued all the same. */
async function checkAllowed(subject: Subject, roles: readonly string[], deps: CheckDeps): Promise<Found> {
  const missing = missingPermissions(subject.logType, roles);
  if (missing.length > 0) return { isAllowed: false, problem: missingProblem(missing, roles, subject, deps) };
  const problem = clockProblem(deps);
  if (problem) return { isAllowed: true, problem };
  const found = await (subject.logType.source.kind === 'content' ? checkContent(subject, deps) : checkWindows(subject, deps));
  return { isAllowed: true, ...found, warnings: [...optionalWarnings(subject, roles), ...(found.warnings ?? [])] };
}

function optionalWarnings({ logType }: Subject, roles: readonly string[]): string[] {
  return missingPermissions(logType, roles, 'optional').map(
    ({ name, why }) => `the optional permission ${name} is not granted${why === undefined ? '' : `: ${why}`}`,
  );
}

type Identified = Answer<Identity> | { readonly kind: 'no-credential'; readonly problem: Problem };

/** A credential that cannot be had is the tenant's problem, not the check's. */
async function identify({ tenant, logType }: Subject, deps: CheckDeps): Promise<Identified> {
  try {
    return await deps.microsoft.identify(tenant, logType);
  } catch (error) {
    return { kind: 'no-credential', problem: credentialProblem(error) };
  }
}
