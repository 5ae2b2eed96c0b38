/** What a check found, for people: a line for each log type, and under it what is wrong and what to do. */

import { hasPassed, type CheckedLogType, type CheckedTenant } from '../../lambdas/check/checked-tenant.ts';
import { iso, type Instant } from '../../shared/domain/window.ts';
import type { TerminalStyle } from '../terminal/terminal-style.ts';
import { printable } from '../../shared/printable.ts';
import { span } from '../terminal/quantity.ts';

/** Ends without a line end. */
export function checkReport(tenant: CheckedTenant, style: Pick<TerminalStyle, 'bold' | 'dim'>): string {
  const { name, tenantId, logTypes, checkedAt } = tenant;
  const passed = logTypes.filter(hasPassed).length;
  const whose = tenantId === undefined ? '' : ` (tenant ${tenantId})`;
  const heading = `${name}${whose}: ${String(passed)} of ${String(logTypes.length)} log types passed`;
  return [style.bold(printable(heading)), ...logTypes.flatMap((logType) => linesOf(logType, checkedAt, style))].join('\n');
}

/** @example 'ok      audit-exchange (enterprise): reached, allowed, auditing on, subscription enabled, newest content 12 min ago' */
function linesOf(checked: CheckedLogType, checkedAt: Instant, { bold, dim }: Pick<TerminalStyle, 'bold' | 'dim'>): string[] {
  const { logType, cloud, problem, warnings } = checked;
  const of = `${logType} (${cloud})`;
  if (!problem)
    return [
      `ok      ${of}: ${facts(checked, checkedAt).join(', ')}`,
      ...warnings.map((warning) => dim(`        warning: ${printable(warning)}`)),
    ];
  const code = problem.message.includes(problem.code) ? '' : ` (${problem.code})`;
  const wrong = `${bold('FAILED')}  ${of}: ${printable(`${problem.message}${code}`)}`;
  return [wrong, `        cure: ${printable(problem.cure)}`];
}

function facts(checked: CheckedLogType, checkedAt: Instant): string[] {
  const { isReached, isAllowed, isLicensed, isAuditing, subscription, newest } = checked;
  return [
    ...(isReached ? ['reached'] : []),
    ...(isAllowed ? ['allowed'] : []),
    ...(isLicensed ? ['licensed'] : []),
    ...(isAuditing ? ['auditing on'] : []),
    ...(subscription === undefined ? [] : [subscriptionWords[subscription]]),
    ...(newest === undefined ? nothingNew(subscription) : [`newest content ${iso(newest).slice(0, 19)}Z, ${span(checkedAt - newest)} ago`]),
  ];
}

const subscriptionWords = {
  enabled: 'subscription enabled',
  disabled: 'subscription disabled, collecting starts it again',
  none: 'no subscription yet, collecting starts it and its first content can take 12 hours',
} as const;

function nothingNew(subscription: CheckedLogType['subscription']): string[] {
  return subscription === undefined || subscription === 'enabled' ? ['no content in the last 7 days'] : [];
}
