/** The bill as Markdown, for docs/cost.md and for the terminal alike. */

import { assumptions } from './assumptions.ts';
import type { CompactionShare } from './compaction.ts';
import { prices, pricesOf } from './prices.ts';
import type { Usage } from './usage.ts';

/** What was measured, a column of the table each. */
export interface Bill {
  /** Of a million records. */
  readonly million: Usage;
  readonly jobsPerMillion: number;
  /** Of a million records that come at once. */
  readonly backlog: Usage;
  /** Of these million, when they are compacted as they land. */
  readonly compactedMillion: Usage;
  /** The same for other sizes of an event. */
  readonly compactedShares: readonly CompactionShare[];
  /** Of a month in which there is nothing to compact. */
  readonly idleCompaction: Usage;
  /** Of a month, without any tenant. */
  readonly deployment: Usage;
  /** Of a month, beside the deployment. */
  readonly idleTenant: Usage;
  /** Metrics that a deployment has once records land, however many. */
  readonly metrics: number;
}

/** In USD. */
export const limits = { million: 0.02, idleTenant: 0.3, compactedMillion: 0.003, idleCompaction: 0.1 } as const;

/** The Markdown that stands in the docs between the marks. */
export function report({
  million,
  jobsPerMillion,
  backlog,
  compactedMillion,
  compactedShares,
  idleCompaction,
  deployment,
  idleTenant,
  metrics,
}: Bill): string {
  const parts = {
    'the deployment, a month': deployment,
    'each tenant, a month': idleTenant,
    'each million events': million,
    'of a backlog': backlog,
    'compacted, each million': compactedMillion,
    'compaction, a month': idleCompaction,
  };
  const services = [...new Set(Object.values(prices).map(({ service }) => service))];
  const usages = Object.values(parts);
  const rows = services
    .map((service) => [service, ...usages.map((usage) => costOf(usage, service))] as const)
    .filter(([, ...costs]) => costs.some((usd) => usd > 0));
  return [
    `USD in us-east-1 at the list prices of ${pricesOf}, without any free tier; storage and queries apart. The columns add up.`,
    '',
    ...markdownTable(
      ['', ...Object.keys(parts)],
      [
        ...rows.map(([service, ...costs]) => [service, ...costs.map(usdText)]),
        ['**all**', ...usages.map(({ cost }) => `**${usdText(cost)}**`)],
      ],
    ),
    '',
    `A million events: ${String(Math.round(jobsPerMillion))} jobs of a tenant with a million events a day, 250 events of 2 KB a blob, listed every 5 minutes, landed raw and normalized; a backlog lands in jobs of 90 blobs. ` +
      `Once records land, ${String(metrics)} metrics of the deployment add ${usdText(metrics * prices.metric.usd)} a month, however many tenants there are.`,
    '',
    ...sharesOf(compactedShares),
    '',
    'Assumed, where an emulator cannot measure:',
    '',
    ...assumptions.map((assumption) => `- ${assumption}`),
  ].join('\n');
}

/** What compaction comes to by the size of an event, and what of it no schedule saves. */
function sharesOf(shares: readonly CompactionShare[]): string[] {
  const heading = [
    'bytes of an event in the lake',
    'reading them once',
    'looking up keys',
    'requests and the rest',
    'compacted, each million',
  ];
  const rows = shares.map(({ bytesOfEvent, reading, lookingUp, others }) => [
    String(Math.round(bytesOfEvent)),
    ...[reading, lookingUp, others, reading + lookingUp + others].map(usdText),
  ]);
  const most = mostBytes(shares);
  return [
    `Compaction by the size of an event, raw and normalized as Parquet; the first is the bill's, the last the mean of \`npm run bench\`. Reading is the lower bound: a byte that Athena does not read is in no table. By this schedule ${String(limits.compactedMillion)} holds up to ${String(most)} bytes, and by none beyond ${String(Math.floor(limits.compactedMillion / prices.athenaGb.usd / 1e-3))}.`,
    '',
    ...markdownTable(heading, rows),
  ];
}

/** Reading grows with the bytes, everything else stays. */
function mostBytes(shares: readonly CompactionShare[]): number {
  const [{ lookingUp, others } = { lookingUp: 0, others: 0 }] = shares;
  return Math.floor((limits.compactedMillion - lookingUp - others) / prices.athenaGb.usd / 1e-3);
}

/** Every unit of a usage, for the terminal. */
export function details(title: string, usage: Usage): string {
  const rows = usage.lines().map(({ unit, count, usd }) => [prices[unit].service, prices[unit].unit, count.toPrecision(4), usdText(usd)]);
  return [`${title}: ${usdText(usage.cost)} USD`, ...markdownTable(['service', 'unit', 'units', 'USD'], rows)].join('\n');
}

function costOf(usage: Usage, service: string): number {
  return usage.lines().reduce((sum, { unit, usd }) => sum + (prices[unit].service === service ? usd : 0), 0);
}

const usdText = (usd: number): string => (usd < 0.00005 ? '0' : usd < 0.1 ? usd.toFixed(4) : usd.toFixed(2));

/** As prettier formats it. */
function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = heading.map((name, column) => Math.max(3, name.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(heading), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
