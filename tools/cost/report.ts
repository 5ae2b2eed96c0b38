/** The bill as Markdown, for docs/cost.md and for the terminal alike. */

import { assumptions } from './assumptions.ts';
import type { CompactionShare } from './compaction.ts';
import { prices, pricesOf, type Unit } from './prices.ts';
import { Usage } from './usage.ts';

/** What was measured, a row of the table each. */
export interface Bill {
  /** Of a million records, without what rules add. */
  readonly million: Usage;
  readonly jobsPerMillion: number;
  /** Of a million records: what evaluating the rules adds, and what they keep and read of their state. */
  readonly rulesOfMillion: Usage;
  readonly stateOfMillion: Usage;
  /** As that, of a million records of all log types as the simulator mixes them, landed an hour at a time. */
  readonly stateOfMixedMillion: Usage;
  /** Of a month in which nothing is absent. */
  readonly absences: Usage;
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

/** What is held against a limit. */
export const limited = (bill: Bill): Readonly<Record<keyof typeof limits, Usage>> => ({
  ...bill,
  million: bill.million.plus(bill.rulesOfMillion).plus(bill.stateOfMillion),
});

/** Events of CloudTrail that these calls are. */
function trailed(usages: readonly Usage[], units: readonly Unit[]): Usage {
  const events = new Usage();
  for (const usage of usages) for (const unit of units) events.add('trailEvent', usage.of(unit));
  return events;
}

function partsOf(bill: Bill): readonly (readonly [string, Usage])[] {
  const { million } = limited(bill);
  const written = [million, bill.compactedMillion];
  return [
    ['the deployment, a month', bill.deployment],
    ['compaction, a month', bill.idleCompaction],
    ['the hourly look for what is absent, a month', bill.absences],
    ['each tenant, a month', bill.idleTenant],
    ['each million events', bill.million],
    ['their rules', bill.rulesOfMillion],
    ['state of their rules', bill.stateOfMillion],
    ['**each million with rules**', million],
    ['compacting it', bill.compactedMillion],
    ['`auditTrail` of it: `writes`', trailed(written, ['s3Put'])],
    ['`auditTrail` of it: `all`', trailed(written, ['s3Put', 's3Get'])],
    ['each million of a backlog', bill.backlog],
    ['state of rules, each million of all log types', bill.stateOfMixedMillion],
  ];
}

/** The Markdown that stands in the docs between the marks. */
export function report(bill: Bill): string {
  const parts = partsOf(bill);
  const services = [...new Set(Object.values(prices).map(({ service }) => service))].filter((service) =>
    parts.some(([, usage]) => usdText(costOf(usage, service)) !== '0'),
  );
  const rows = parts.map(([name, usage]) => [
    name,
    ...services.map((service) => usdText(costOf(usage, service))),
    `**${usdText(usage.cost)}**`,
  ]);
  return [
    `USD in us-east-1 at the list prices of ${pricesOf}, without any free tier; storage and queries apart. The rows add up.`,
    '',
    ...markdownTable(['', ...services, '**all**'], rows),
    '',
    `A million events: ${String(Math.round(bill.jobsPerMillion))} jobs of a tenant with a million events a day, 250 events of 2 KB a blob, listed every 5 minutes, landed raw and normalized; a backlog lands in jobs of 90 blobs. ` +
      `Once records land, ${String(bill.metrics)} metrics of the deployment add ${usdText(bill.metrics * prices.metric.usd)} a month, however many tenants there are.`,
    '',
    ...sharesOf(bill.compactedShares),
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
