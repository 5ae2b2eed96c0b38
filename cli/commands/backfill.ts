/** `lake backfill --status`: how much of the history of newly enabled tenants has been collected. */

import { Option, type Command } from 'commander';
import { backfillStatus, type BackfillStatus } from '../../shared/domain/backfill.ts';
import { oldestServed } from '../../shared/domain/retention.ts';
import { iso } from '../../shared/domain/window.ts';
import { awsOption, readDeployment, type AwsChoice } from '../aws/deployment.ts';
import { systemClock } from '../../local/clock.ts';
import { deploymentStreams, lakeStreams, type NamedStream } from '../reconcile/ledger-streams.ts';
import { bar } from '../terminal/bar.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';
import { count, span } from '../terminal/quantity.ts';
import { table } from '../terminal/table.ts';
import { UsageError } from '../../local/exit.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { prettyJson, toStdout } from './output.ts';

interface BackfillOptions extends LakeChoice, AwsChoice {
  readonly status?: true | string;
  readonly json?: true;
}

const help = `
When a tenant is enabled, its history is collected without any further command: 7 days of the Management Activity API, 30 days of Graph
(7 days of sign-ins without a premium licence), or less if collectFrom is set in its configuration. The most recent hours are listed
first, then everything from the oldest hour onwards. New records and records about to expire are fetched before the rest of the history.

Columns:
  listed         share of the time that Microsoft still serves that has been listed, and up to when
  live           jobs that are waiting with new records, or with records about to expire
  backfill       jobs that are waiting with older records
  expires first  when Microsoft stops serving the oldest record that has not landed

Examples:
  lake backfill --status
  lake backfill --status contoso --lake my-lake
  lake backfill --status --aws --json`;

/** Adds the command. */
export function backfillCommand(program: Command): void {
  program
    .command('backfill')
    .summary("show how much of a tenant's history has been collected")
    .description(
      'Shows, for each tenant and log type, how much of the history that Microsoft still serves has been listed, and what is waiting to land.',
    )
    .addOption(lakeOption())
    .addOption(awsOption().conflicts('lake'))
    .addOption(new Option('--status [tenant]', 'show the status of all tenants, or of one'))
    .option('--json', 'print an array of objects')
    .addHelpText('after', help)
    .action(backfill);
}

async function backfill(options: BackfillOptions): Promise<void> {
  const { ledger, streams, close } = options.aws
    ? await deploymentStreams(await readDeployment(), systemClock)
    : await lakeStreams(options.lake);
  try {
    const now = systemClock.now();
    const wanted = typeof options.status === 'string' ? streams.filter(({ tenant }) => tenant === options.status) : streams;
    if (wanted.length === 0)
      throw new UsageError(
        typeof options.status === 'string' ? `nothing of tenant '${options.status}' has been listed` : 'nothing has been listed yet',
      );
    const rows: Row[] = [];
    for (const named of wanted) {
      const cursor = await ledger.readCursor(named.stream);
      const { retentionMs } = named.logType;
      const oldest = oldestServed(now, retentionMs);
      const reach = { watermark: cursor?.watermarks[0] ?? oldest, oldest, retentionMs };
      rows.push({ ...named, status: backfillStatus(reach, now, await ledger.jobs(named.stream)) });
    }
    await toStdout(options.json ? `${prettyJson(rows.map(asJson))}\n` : `${asTable(rows, now)}\n`);
  } finally {
    close();
  }
}

interface Row extends NamedStream {
  readonly status: BackfillStatus;
}

function asTable(rows: readonly Row[], now: number): string {
  const right = (name: string) => ({ name, align: 'right' as const });
  const columns = [
    { name: 'tenant' },
    { name: 'log type' },
    { name: 'listed' },
    { name: 'until' },
    right('live'),
    right('backfill'),
    { name: 'expires first' },
  ];
  const cells = rows.map(({ tenant, logType, status }) => [
    tenant,
    logType.id,
    `${bar(status.listedShare, 12)} ${(100 * status.listedShare).toFixed(0).padStart(3)} %`,
    `${iso(status.listedUntil).slice(0, 16)}Z`,
    count(status.live),
    count(status.waiting),
    status.expiresFirst === undefined ? '' : `in ${span(status.expiresFirst - now)}`,
  ]);
  return table(columns, cells, terminalStyle());
}

function asJson({ tenant, logType, status }: Row) {
  const { listedUntil, expiresFirst, ...rest } = status;
  return {
    tenant,
    logType: logType.id,
    listedUntil: iso(listedUntil),
    ...rest,
    ...(expiresFirst !== undefined && { expiresFirst: iso(expiresFirst) }),
  };
}
