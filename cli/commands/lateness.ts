/** `lake lateness`: how long after their creation Microsoft lists content and records. */

import type { Command } from 'commander';
import { latenessBounds } from '../../shared/domain/lateness.ts';
import { iso } from '../../shared/domain/window.ts';
import type { JobRecord } from '../../shared/domain/fetch-job.ts';
import type { Cursor } from '../../shared/ports/ledger.ts';
import { awsOption, readDeployment, type AwsChoice } from '../aws/deployment.ts';
import { systemClock } from '../../local/clock.ts';
import { deploymentStreams, lakeStreams, type NamedStream } from '../reconcile/ledger-streams.ts';
import { sparkline } from '../terminal/bar.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';
import { count, span } from '../terminal/quantity.ts';
import { table } from '../terminal/table.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { prettyJson, toStdout } from './output.ts';

interface LatenessOptions extends LakeChoice, AwsChoice {
  readonly tenant?: string;
  readonly logType?: string;
  readonly json?: true;
}

const help = `
Microsoft does not list everything at once. For content, this counts content blobs by how long after their creation they were first
listed; 'at once' means in the first list after their creation. Blobs older than the stream, and those that an outage on our side delayed,
are not counted. For Graph, this counts records by the pass over their window that found them.

This is why the last hour, the last day and the last week are listed again.

Examples:
  lake lateness
  lake lateness --tenant contoso --log-type audit-general --json`;

/** Adds the command. */
export function latenessCommand(program: Command): void {
  program
    .command('lateness')
    .summary('show how late Microsoft lists content and records')
    .description('Shows, for each tenant and log type, how long after their creation content blobs and records were first served.')
    .addOption(lakeOption())
    .addOption(awsOption().conflicts('lake'))
    .option('--tenant <name>', 'only this tenant')
    .option('--log-type <id>', 'only this log type')
    .option('--json', 'print an array of objects')
    .addHelpText('after', help)
    .action(lateness);
}

async function lateness(options: LatenessOptions): Promise<void> {
  const { ledger, streams, close } = options.aws
    ? await deploymentStreams(await readDeployment(), systemClock)
    : await lakeStreams(options.lake);
  try {
    const { tenant, logType } = options;
    const wanted = streams.filter((one) => (tenant ?? one.tenant) === one.tenant && (logType ?? one.logType.id) === one.logType.id);
    const rows: Row[] = [];
    for (const named of wanted) {
      const isContent = named.logType.source.kind === 'content';
      rows.push({
        ...named,
        ...(isContent ? ofContent(await ledger.readCursor(named.stream)) : ofPasses(named, await ledger.jobs(named.stream))),
      });
    }
    await toStdout(options.json ? `${prettyJson(rows.map(asJson))}\n` : `${asTable(rows)}\n`);
  } finally {
    close();
  }
}

/** How late, and how many. */
export interface Histogram {
  readonly what: 'content blobs' | 'records';
  readonly since?: number;
  readonly counts: readonly { readonly late: string; readonly count: number }[];
}
type Row = NamedStream & Histogram;

/** Of a stream, by what its ledger knows. */
export function latenessOf(named: NamedStream, cursor: Cursor | undefined, jobs: readonly JobRecord[]): Histogram {
  return named.logType.source.kind === 'content' ? ofContent(cursor) : ofPasses(named, jobs);
}

function ofContent(cursor: Cursor | undefined): Histogram {
  const { since, counts = [] } = cursor?.lateness ?? {};
  const names = ['at once', ...latenessBounds.slice(1).map((bound) => `within ${span(bound)}`), 'later'];
  return {
    what: 'content blobs',
    ...(since !== undefined && { since }),
    counts: names.map((late, index) => ({ late, count: counts[index] ?? 0 })),
  };
}

function ofPasses({ logType }: NamedStream, jobs: readonly JobRecord[]): Histogram {
  const later = logType.source.kind === 'windows' ? logType.source.laterPassesMs : [];
  const names = ['at once', ...later.map((offset) => `found ${span(offset)} later`)];
  const rowsOf = (pass: number): number =>
    jobs.reduce((sum, { job, state }) => sum + (job.kind === 'window' && job.pass === pass ? (state.rows ?? 0) : 0), 0);
  return { what: 'records', counts: names.map((late, pass) => ({ late, count: rowsOf(pass) })) };
}

function asTable(rows: readonly Row[]): string {
  const right = (name: string) => ({ name, align: 'right' as const });
  const columns = [
    { name: 'tenant' },
    { name: 'log type' },
    { name: 'of' },
    right('at once'),
    right('late'),
    { name: 'how late' },
    { name: '' },
  ];
  const cells = rows.map(({ tenant, logType, what, counts }) => {
    const [first, ...late] = counts;
    const lateCounts = late.filter((one) => one.count > 0).map((one) => `${count(one.count)} ${one.late}`);
    return [
      tenant,
      logType.id,
      what,
      count(first?.count ?? 0),
      count(late.reduce((sum, one) => sum + one.count, 0)),
      lateCounts.join(', '),
      sparkline(counts.map((one) => one.count)),
    ];
  });
  return table(columns, cells, terminalStyle());
}

function asJson({ tenant, logType, what, since, counts }: Row) {
  return { tenant, logType: logType.id, what, ...(since !== undefined && { since: iso(since) }), counts };
}
