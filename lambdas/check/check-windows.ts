import { days, gridFloor } from '../../shared/domain/window.ts';
import type { CheckedLogType } from './checked-tenant.ts';
import { hasAnswered, type CheckDeps, type Subject } from './checking.ts';
import { notPremiumCode, problemOf, retiredProblem } from './problems.ts';

/** Whether the tenant has the licence, and what came last. One request: the reporting APIs give five in ten seconds. */
export async function checkWindows(subject: Subject, deps: CheckDeps): Promise<Partial<CheckedLogType>> {
  const { tenant, logType } = subject;
  const now = gridFloor(deps.clock.now(), 1_000);
  // Seven days are kept for every tenant, licence or not.
  const newest = await deps.microsoft.newestRow(tenant, logType, { start: now - days(7), end: now });
  const licensed = (isLicensed: boolean) => (logType.licence === undefined ? {} : { isLicensed });
  if (newest.kind !== 'ok') {
    const isUnlicensed = newest.cause.code === notPremiumCode;
    return { isReached: hasAnswered(newest), ...(isUnlicensed && licensed(false)), problem: problemOf(newest, subject, deps) };
  }
  if (newest.value !== undefined) return { ...licensed(true), newest: newest.value, warnings: logType.warning ? [logType.warning] : [] };
  // An API that answers and has nothing looks healthy, and never will have anything.
  const retired = retiredProblem(subject, deps);
  return retired ? { problem: retired } : licensed(true);
}
