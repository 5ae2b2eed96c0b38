/** `lake backfill --status`: how far the past of newly enabled tenants has been collected. */

import { Option, type Command } from 'commander';
import { backfillStatus, type BackfillStatus } from '../../shared/domain/backfill.ts';
import { oldestServed } from '../../shared/domain/retention.ts';
import { iso } from '../../shared/domain/window.ts';
import { awsOption, readDeployment, type AwsChoice } from '../aws/deployment.ts';
import { systemClock } from '../../local/clock.ts';
import { deploymentStreams, lakeStreams, type NamedStream } from '../reconcile/ledger-streams.ts';
import { bar } from '../terminal/bar.ts';
import { paperOf } from '../terminal/paper.ts';
import { count, span } from '../terminal/quantity.ts';
import { table } from '../terminal/table.ts';
import { UsageError } from '../../local/exit.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { toStdout } from './output.ts';

interface BackfillOptions extends LakeChoice, AwsChoice {
  readonly status?: true | string;
  readonly json?: true;
}

const help = `
A tenant that is enabled is collected from the oldest that Microsoft still serves: up to 7 days of the Management Activity API, 30 of Graph
(sign-ins 7 without a premium licence); collectFrom in its configuration makes it less. Nothing has to be started. The last hours are
listed first, then everything from the oldest on; jobs of what is neither new nor about to expire wait on a path of their own, behind
all that is live.

Examples:
  lake backfill --status
  lake backfill --status contoso --lake my-lake
  lake backfill --status --aws --json`;

/** Adds the command. */
export function backfillCommand(program: Command): void {
  program
    .command('backfill')
    .summary('show how far the past of a tenant has been collected')
    .description('Shows, for each stream, how far the time that Microsoft still serves has been listed, and what waits to be landed.')
    .addOption(lakeOption())
    .addOption(awsOption().conflicts('lake'))
    .addOption(new Option('--status [tenant]', 'of all tenants, or of this one'))
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
    await toStdout(options.json ? `${JSON.stringify(rows.map(asJson), undefined, 2)}\n` : `${asTable(rows, now)}\n`);
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
  return table(columns, cells, paperOf());
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
