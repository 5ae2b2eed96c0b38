/** docs/sizing.md, and the same table for a size of one's own. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sizing, type Measured, type Size, type Sizing } from './sizing.ts';

/** The sizes of the page. */
const sizes: readonly Size[] = [
  { tenants: 1, users: 500, events: 50 },
  { tenants: 1, users: 20_000, events: 50 },
  { tenants: 30, users: 500, events: 50 },
  { tenants: 300, users: 2_000, events: 50 },
];

const root = join(import.meta.dirname, '..', '..');

/** What `npm run cost -- --write` and `npm run bench` have left in the repository. @throws When either has another form. */
export function measuredFigures(): Measured {
  const bill = readFileSync(join(root, 'docs', 'cost.md'), 'utf8');
  const cellsOf = (name: string): string[] => {
    const line = bill.split('\n').find((one) => one.startsWith('|') && bare(one.split('|')[1] ?? '') === name);
    if (line === undefined) throw new Error(`docs/cost.md has no row '${name}': run npm run cost -- --write`);
    return line.split('|').slice(2, -1).map(bare);
  };
  const heads = cellsOf('');
  const usd = (name: string, service = 'all'): number => {
    const value = Number(cellsOf(name)[heads.indexOf(service)]);
    if (Number.isNaN(value)) throw new Error(`docs/cost.md has no column '${service}': run npm run cost -- --write`);
    return value;
  };
  const million = 'each million with rules';
  return {
    usdOfDeployment: usd('the deployment, a month') + usd('compaction, a month') + usd('the hourly look for what is absent, a month'),
    usdOfTenant: usd('each tenant, a month'),
    usdOfMillion: usd(million) + usd('compacting it'),
    jobsOfMillion: jobsOfMillion(bill),
    lambdaUsdOfMillion: usd(million, 'Lambda'),
    dynamodbUsdOfMillion: usd(million, 'DynamoDB'),
    bytesOfEvent: bytesOfEvent(),
  };
}

const bare = (cell: string): string => cell.replaceAll('*', '').trim();

function jobsOfMillion(bill: string): number {
  const [, jobs] = /^A million events: ([\d,]+) jobs/m.exec(bill) ?? [];
  if (jobs === undefined) throw new Error('docs/cost.md does not say in how many jobs a million events came: run npm run cost -- --write');
  return Number(jobs.replaceAll(',', ''));
}

interface BenchResults {
  readonly normalized: readonly {
    readonly datasets: string;
    readonly records: number;
    readonly rawBytes: number;
    readonly normalizedBytes: number;
  }[];
}

/** Raw and normalized bytes of an event: the mean of the log types that the benchmark has. */
export function bytesOfEvent(): number {
  const { normalized } = JSON.parse(readFileSync(join(root, 'bench', 'results.json'), 'utf8')) as BenchResults;
  const usual = normalized.filter(({ datasets }) => datasets === 'usual');
  if (usual.length === 0) throw new Error('bench/results.json has no usual datasets: run npm run bench');
  return usual.reduce((sum, { records, rawBytes, normalizedBytes }) => sum + (rawBytes + normalizedBytes) / records, 0) / usual.length;
}

/** A column a size. */
export function sizingTable(of: readonly Size[], measured: Measured): string {
  const all = of.map((size) => ({ size, needs: sizing(size, measured) }));
  const whole = (value: number): string => Math.round(value).toLocaleString('en');
  const few = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 2 });
  const usd = (value: number): string =>
    value >= 10 ? whole(value) : value >= 0.01 ? value.toFixed(2) : value.toLocaleString('en', { maximumSignificantDigits: 1 });
  const rows: readonly [string, (needs: Sizing, size: Size) => string][] = [
    ['tenants', (_, { tenants }) => whole(tenants)],
    ['users of each', (_, { users }) => whole(users)],
    ['events of a user a day', (_, { events }) => whole(events)],
    ['**events a day**', ({ events }) => whole(events)],
    ['objects a day, at most', ({ objects }) => whole(objects)],
    ['GB a day, raw and normalized', ({ gb }) => few(gb)],
    ['workers busy on average, at most', ({ workers }) => few(workers)],
    ['setting `fetchConcurrency`', ({ fetchConcurrency }) => whole(fetchConcurrency)],
    ['Lambda: executions at once, at most', ({ concurrency }) => whole(concurrency)],
    ['Parameter Store: parameters', ({ parameters }) => whole(parameters)],
    ['DynamoDB: write units a second in the busiest hour', ({ writeUnitsASecond }) => few(writeUnitsASecond)],
    ['days of everything within `queryLimitGb` 100', ({ daysWithinLimit }) => whole(daysWithinLimit)],
    ['landing, USD a month, full jobs', ({ usdLanding }) => usd(usdLanding)],
    ['landing, USD a month, at most', ({ usdLandingAtMost }) => usd(usdLandingAtMost)],
    ['storage after a year, USD a month', ({ usdStorageOfYear }) => usd(usdStorageOfYear)],
    ['a query that reads all of a day, USD', ({ usdOfDay }) => usd(usdOfDay)],
  ];
  const lines = rows.map(([name, cell]) => `| ${name} | ${all.map(({ size, needs }) => cell(needs, size)).join(' | ')} |`);
  const [first = '', ...others] = lines;
  return [first, `| --- | ${of.map(() => '---:').join(' | ')} |`, ...others].join('\n');
}

/** docs/sizing.md. */
export function sizingPage(): string {
  return `# How big

<!-- Written by \`npm run docs\`. -->

What deployments of four sizes on AWS need. \`npm run sizing -- --tenants 40 --users 3000 --events 80\` prints the column of another one.

${sizingTable(sizes, measuredFigures())}

How many events a user has depends on what is audited: count a day with \`lake query @landed-per-day\`, on one machine, before you deploy.

Where the figures are from: USD and worker seconds from [the bill](cost.md) of \`npm run cost\`, bytes from \`npm run bench\` (the mean of its log types), objects
from one job a tenant, log type and five minutes, each with its normalized objects. That is "at most": a tenant of 500 users has nothing to land in most of
them, and a job costs about the same whatever is in it; "full jobs" are those of the bill. A larger \`listEveryMinutes\` makes fewer, fuller jobs: 15 instead of 5
takes two thirds off what is above the standing costs. Metrics of the deployment are 1.50 more. The busiest hour is taken for five times the average. Storage and Athena are list prices of us-east-1; a query pays for the columns that it names and the days that it asks for, so that of the
library pays a part of the last line.

## Quotas

| Quota | What takes from it | When to ask for more |
| --- | --- | --- |
| [Lambda: concurrent executions](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), 1,000 (new accounts have fewer) | a queue with \`fetchConcurrency\` workers for each cloud, a list function for each log type and cloud | when the line above is near it; \`reserveConcurrency\` false in a new account |
| [Parameter Store: standard parameters](https://docs.aws.amazon.com/general/latest/gr/ssm.html), 10,000 | two for each tenant | beyond 5,000 tenants |
| [DynamoDB: write units of a table on demand](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html), 40,000 a second | claims and jobs | never at these sizes |
| [Athena: active DML queries](https://docs.aws.amazon.com/athena/latest/ug/service-limits.html), 20 to 200 by region, 30 minutes each | people, saved queries | when queries wait in the queue |
| Microsoft: [2,000 requests a minute and tenant](https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference) of the Management Activity API, [5 requests in 10 s](https://learn.microsoft.com/graph/throttling-limits) for sign-ins and audits | every list and fetch | not to be had: the collector keeps to it, and \`lake status\` shows the lag |

## Settings by size

- One tenant, or a few: the defaults.
- Many tenants: \`fetchConcurrency\` as above, and \`listEveryMinutes\` 15 where minutes do not matter. \`tenantMetrics\` stays false: its metrics cost more than landing.
- Where the 100 GB of \`queryLimitGb\` are few days: name datasets rather than \`m365_activity\`, and days; raise the limit for who needs more.
- On one machine: some 25,000 events a second land with two cores ([performance.md](performance.md)); what it asks for is disk, the GB above. \`lake keep\` says how
  long ([retention.md](retention.md)).
`;
}
