/** `lake reconcile`: when in doubt, compare; after a loss, rebuild; what is missing, land. */

import { Option, type Command } from 'commander';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { iso, type Instant } from '../../shared/domain/window.ts';
import { logTypes } from '../../shared/log-types/index.ts';
import type { Log } from '../../shared/ports/log.ts';
import { connectDeployment } from '../aws/connect-reconcile.ts';
import { awsOption, readDeployment, type AwsChoice } from '../aws/deployment.ts';
import { systemClock } from '../../local/clock.ts';
import { connectLake, type Connected } from '../reconcile/connect.ts';
import { rebuildLedger, type RebuildReport } from '../reconcile/rebuild-ledger.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import type { ReconcileScope, StreamReport } from '../reconcile/reconciling.ts';
import { createProgress } from '../terminal/progress.ts';
import { paperOf } from '../terminal/paper.ts';
import { span } from '../terminal/quantity.ts';
import { BadAnswer, UsageError } from '../../local/exit.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { toStdout } from './output.ts';
import { isOk, reconcileJson, reconcileReport, rebuildLines } from './reconcile/report.ts';

interface ReconcileOptions extends LakeChoice, AwsChoice {
  readonly tenants?: string;
  readonly simulator?: string;
  readonly tenant?: string;
  readonly logType?: string;
  readonly from?: Instant;
  readonly to?: Instant;
  readonly repair?: true;
  readonly rebuild?: true;
  readonly hours?: true;
  readonly json?: true;
}

const help = `
Lists again at Microsoft what it still serves (Graph records are read again), and compares it by the hour with the ledger, the objects in
the lake and their counts of records. The exit code is 1 when something is missing. It only reads, and a collector may be at work: both
share what Microsoft allows, and where it asks to wait, this waits.

--repair    claims what nobody has claimed, opens jobs again whose object has gone, and reads windows of Graph again that lack records;
            the next run lands them. Nothing lands twice by it. On one machine, stop the collector first.
--rebuild   after the ledger was lost or restored to an older point: jobs, claims, fates, losses and the watermarks of Graph come back from
            what the objects say of themselves, and normalized objects that are missing are derived; then it compares. Stop every list and
            fetch first and wait 20 minutes: docs/runbook.md has the order.

--tenants FILE says who the tenants are, as for 'lake start'; a simulated lake plays its Microsoft again.

Examples:
  lake reconcile
  lake reconcile --tenants tenants.json --lake my-lake --tenant contoso --log-type audit-exchange --hours
  lake reconcile --tenants tenants.json --lake my-lake --from 2026-11-20 --to 2026-11-21T12:00Z --json | jq .verdict
  lake reconcile --aws --rebuild --repair`;

/** Adds the command. */
export function reconcileCommand(program: Command): void {
  program
    .command('reconcile')
    .summary('compare Microsoft, ledger and lake; land what is missing; rebuild a lost ledger')
    .description('Compares what Microsoft lists with what the ledger says and what lies in the lake, hour by hour.')
    .addOption(lakeOption())
    .addOption(awsOption().conflicts(['tenants', 'lake']))
    .option('--tenants <file>', 'the tenants of the lake, as for lake start')
    .option('--simulator <url>', "send every request to a running 'lake simulate' instead of Microsoft")
    .option('--tenant <name>', 'this tenant only')
    .addOption(new Option('--log-type <id>', 'this log type only').argParser(knownLogType))
    .addOption(new Option('--from <time>', 'from this time on; what Microsoft still serves when absent').argParser(instant))
    .addOption(new Option('--to <time>', 'up to this time; now when absent').argParser(instant))
    .option('--repair', 'make jobs for what is missing')
    .option('--rebuild', 'put the ledger together again from the lake first')
    .option('--hours', 'show every hour, not only those where something is open')
    .option('--json', 'print one object')
    .addHelpText('after', help)
    .action(run);
}

async function run(options: ReconcileOptions): Promise<void> {
  if (options.from !== undefined && options.to !== undefined && options.from >= options.to)
    throw new UsageError(`--from ${iso(options.from)} is not before --to ${iso(options.to)}`);
  const { deps, close } = await connected(options);
  const progress = createProgress(systemClock);
  let subject = 'the tenants';
  try {
    const scope = scopeOf(options);
    const rebuilt = options.rebuild ? await rebuildLedger(deps) : undefined;
    const reports = await reconcile(deps, scope, {
      isRepairing: options.repair ?? false,
      onSubject: (name) => {
        subject = name;
        progress.update(`comparing ${name}`);
      },
      onWait: (waitMs) => {
        progress.update(`comparing ${subject}: Microsoft is asked again in ${span(waitMs)}`);
      },
    });
    progress.done();
    if (reports.length === 0) throw new UsageError(nothingChosen(options));
    await say(reports, rebuilt, options);
  } finally {
    await close();
  }
}

async function say(
  reports: readonly StreamReport[],
  rebuilt: readonly RebuildReport[] | undefined,
  options: ReconcileOptions,
): Promise<void> {
  const paper = paperOf();
  if (options.json) await toStdout(`${JSON.stringify(reconcileJson(reports, rebuilt), undefined, 2)}\n`);
  else
    await toStdout(`${[...(rebuilt ? rebuildLines(rebuilt) : []), reconcileReport(reports, paper, options.hours ?? false)].join('\n')}\n`);
  if (!isOk(reports, rebuilt)) throw new BadAnswer('Microsoft, ledger and lake do not agree');
}

async function connected(options: ReconcileOptions): Promise<Connected> {
  if (options.aws) return connectDeployment(await readDeployment(), systemClock, silent, options.simulator);
  const place = {
    lake: options.lake,
    isChanging: (options.repair ?? false) || (options.rebuild ?? false),
    ...(options.tenants !== undefined && { tenantsFile: options.tenants }),
    ...(options.simulator !== undefined && { simulator: options.simulator }),
  };
  return connectLake(place, systemClock, silent);
}

function scopeOf({ tenant, logType, from, to }: ReconcileOptions): ReconcileScope {
  return {
    ...(tenant !== undefined && { tenant }),
    ...(logType !== undefined && { logType }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

function nothingChosen({ tenant, logType }: ReconcileOptions): string {
  const chosen = [...(tenant === undefined ? [] : [`tenant '${tenant}'`]), ...(logType === undefined ? [] : [`log type '${logType}'`])];
  return chosen.length === 0 ? 'no tenant is configured' : `no configured tenant has ${chosen.join(' and ')}`;
}

function knownLogType(id: string): string {
  const ids = logTypes.map((logType) => logType.id);
  if (ids.includes(id)) return id;
  throw new UsageError(unknownWord('log type', id, ids));
}

/** ISO 8601; a date is its first moment in UTC. */
function instant(text: string): Instant {
  const parsed = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?$/.test(text)
    ? Date.parse(/T.*[^Z]$/.test(text) ? `${text}Z` : text)
    : Number.NaN;
  if (!Number.isNaN(parsed)) return parsed;
  throw new UsageError(`'${text}' is no time; write 2026-11-22 or 2026-11-22T06:00Z`);
}

const ignore = (): void => {
  // The report says what matters.
};
const silent: Log = { info: ignore, warn: ignore, error: ignore };
