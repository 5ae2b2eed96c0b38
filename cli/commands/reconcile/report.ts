/** What a reconciliation found, for people and for machines. */

import { streamKey } from '../../../shared/domain/stream.ts';
import { iso } from '../../../shared/domain/window.ts';
import type { Finding, HourOfStream } from '../../../shared/domain/reconcile.ts';
import type { RebuildReport } from '../../reconcile/rebuild-ledger.ts';
import type { StreamReport } from '../../reconcile/reconciling.ts';
import { count } from '../../terminal/quantity.ts';
import type { TerminalStyle } from '../../terminal/terminal-style.ts';
import { table, type Column } from '../../terminal/table.ts';
import { describeFinding } from './describe-finding.ts';

type Compared = Extract<StreamReport, { kind: 'compared' }>;

/** Nothing is missing, or a repair has seen to all of it. */
export function isOk(reports: readonly StreamReport[], rebuilt: readonly RebuildReport[] = []): boolean {
  return reports.every(isReportOk) && rebuilt.every(({ conflicts, foreign }) => conflicts.length + foreign.length === 0);
}

function isReportOk(report: StreamReport): boolean {
  if (report.kind === 'not-compared') return false;
  const { comparison, repaired } = report;
  return comparison.findings.length === 0 || (repaired !== undefined && repaired.waiting + repaired.left === 0);
}

const counted = ['listed', 'landed', 'pending', 'quarantined', 'expired', 'awaited', 'changed', 'missing', 'records', 'inLake'] as const;
type Counted = (typeof counted)[number];

const headings: Readonly<Record<Counted, string>> = {
  listed: 'listed',
  landed: 'landed',
  pending: 'pending',
  quarantined: 'quarantined',
  expired: 'expired',
  awaited: 'awaited',
  changed: 'changed',
  missing: 'missing',
  records: 'records',
  inLake: 'in lake',
};
const right = (name: string): Column => ({ name, align: 'right' });

/** @param isEveryHour Else only hours where something is open. */
export function reconcileReport(reports: readonly StreamReport[], style: TerminalStyle, isEveryHour: boolean): string {
  const compared = reports.filter((report): report is Compared => report.kind === 'compared');
  const columns = [
    { name: 'tenant' },
    { name: 'log type' },
    ...counted.map((name) => right(headings[name])),
    right('gaps'),
    { name: 'verdict' },
  ];
  const rows = compared.map((report) => [
    report.subject.tenant.name,
    report.subject.logType.id,
    ...counted.map((name) => count(sum(report.comparison.hours, name))),
    count(report.gaps),
    verdictOf(report),
  ]);
  return [
    ...(rows.length > 0 ? [table(columns, rows, style)] : []),
    ...compared.flatMap((report) => hourTable(report, style, isEveryHour)),
    '',
    ...reports.flatMap(linesOf),
    style.bold(isOk(reports) ? 'ok: what Microsoft still serves is in the lake, on its way, or accounted for' : 'not ok'),
  ].join('\n');
}

function hourTable({ subject, comparison }: Compared, style: TerminalStyle, isEveryHour: boolean): string[] {
  const shown = comparison.hours.filter(
    (hour) => isEveryHour || hour.missing + hour.pending + hour.quarantined + hour.expired > 0 || hour.isGap,
  );
  if (shown.length === 0) return [];
  const columns = [{ name: 'hour' }, ...counted.map((name) => right(headings[name])), { name: 'gap' }];
  const rows = shown.map((hour) => [
    `${iso(hour.hour).slice(0, 16)}Z`,
    ...counted.map((name) => count(hour[name])),
    hour.isGap ? 'gap' : '',
  ]);
  return ['', style.bold(`${subject.tenant.name} ${subject.logType.id}`), table(columns, rows, style)];
}

function sum(hours: readonly HourOfStream[], name: Counted): number {
  return hours.reduce((total, hour) => total + hour[name], 0);
}

function verdictOf(report: Compared): string {
  if (report.comparison.findings.length === 0) return 'ok';
  return report.repaired ? (isReportOk(report) ? 'repaired' : 'repaired in part') : 'not ok';
}

function linesOf(report: StreamReport): string[] {
  if (report.kind === 'not-compared') {
    const { tenant, logType, cause } = report;
    return [
      `${[tenant, logType].filter(Boolean).join(' ')} was not compared: ${cause.message} (${cause.code})`,
      ...(cause.cure ? [`  ${cause.cure}`] : []),
    ];
  }
  const { subject, comparison, repaired } = report;
  const name = `${subject.tenant.name} ${subject.logType.id}`;
  const oldest =
    comparison.oldestPending === undefined ? [] : [`${name}: the oldest that is pending is of ${iso(comparison.oldestPending)}`];
  return [
    ...oldest,
    ...comparison.findings.map((finding) => `${name}: ${describeFinding(finding)}`),
    ...(repaired ? [`${name}: ${count(repaired.jobs)} jobs were made or opened again; the next run lands them`] : []),
    ...(repaired && repaired.waiting > 0
      ? [`${name}: ${count(repaired.waiting)} jobs wait for another pass over the same window; run this again in an hour`]
      : []),
  ];
}

/** What a rebuild did. */
export function rebuildLines(rebuilt: readonly RebuildReport[]): string[] {
  return rebuilt.flatMap(({ stream, objects, restored, pending, normalized, conflicts, foreign }) => [
    `${streamKey(stream)}: ${count(objects)} objects, ${count(restored)} jobs restored (${count(pending)} of them to be landed), ${count(normalized)} normalized objects derived`,
    ...(conflicts.length > 0
      ? [
          `  ${count(conflicts.length)} content blobs of these objects were claimed anew before the rebuild and land twice: use the views, which show them once`,
        ]
      : []),
    ...foreign.map(({ key, why }) => `  ${key} is not of this stream: ${why}`),
  ]);
}

/** Everything, hour by hour. */
export function reconcileJson(reports: readonly StreamReport[], rebuilt?: readonly RebuildReport[]) {
  return {
    verdict: isOk(reports, rebuilt) ? 'ok' : 'not ok',
    ...(rebuilt && { rebuilt: rebuilt.map(({ stream, ...rest }) => ({ stream: streamKey(stream), ...rest })) }),
    streams: reports.map((report) => (report.kind === 'compared' ? comparedJson(report) : report)),
  };
}

function comparedJson(report: Compared) {
  const { subject, comparison, gaps, repaired } = report;
  const { tenant, logType, stream, window } = subject;
  return {
    tenant: tenant.name,
    logType: logType.id,
    stream: streamKey(stream),
    from: iso(window.start),
    to: iso(window.end),
    verdict: verdictOf(report),
    gaps,
    ...(comparison.oldestPending !== undefined && { oldestPending: iso(comparison.oldestPending) }),
    findings: comparison.findings.map((finding) => ({ kind: finding.kind, what: describeFinding(finding), ...examplesOf(finding) })),
    ...(repaired && { repaired }),
    hours: comparison.hours.map((hour) => ({ ...hour, hour: iso(hour.hour) })),
  };
}

const examplesAtMost = 20;

function examplesOf(finding: Finding): Pick<Record<string, unknown>, 'examples'> {
  const examples: readonly string[] = (() => {
    switch (finding.kind) {
      case 'unclaimed':
        return finding.blobs.map(({ contentId }) => contentId);
      case 'quarantined':
        return finding.lost.map(({ blob }) => blob.contentId);
      case 'gone':
      case 'miscounted':
        return finding.jobs.map(({ job }) => job.jobId);
      case 'unknown':
        return finding.keys;
      case 'orphaned':
        return finding.contentIds;
      case 'lacking':
        return finding.hours.map(iso);
    }
  })();
  return { examples: examples.slice(0, examplesAtMost) };
}
