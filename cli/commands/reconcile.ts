/** `lake reconcile`: compares Microsoft, ledger and lake; lands what is missing; rebuilds a lost ledger. */

import { Option, type Command } from 'commander';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { iso, type Instant } from '../../shared/domain/window.ts';
import { isLogTypeId, logTypes } from '../../shared/log-types/index.ts';
import { connectDeployment } from '../aws/connect-reconcile.ts';
import { awsOption, readDeployment, type AwsChoice } from '../aws/deployment.ts';
import { systemClock } from '../../local/clock.ts';
import { connectLake, type Connected } from '../reconcile/connect.ts';
import { rebuildLedger, type RebuildReport } from '../reconcile/rebuild-ledger.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import type { ReconcileScope, StreamReport } from '../reconcile/reconciling.ts';
import { silentLog } from '../silent-log.ts';
import { createProgress } from '../terminal/progress.ts';
import { reportStyle } from '../terminal/terminal-style.ts';
import { span } from '../terminal/quantity.ts';
import { BadAnswer, UsageError } from '../../local/exit.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { prettyJson, toStdout } from './output.ts';
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
Lists what Microsoft still serves again (Graph records are read again), and compares it hour by hour with the ledger and with the objects
in the lake. The exit code is 1 if anything is missing. Nothing is changed, and a collector may be running: this command waits whenever
Microsoft asks it to.

--repair   creates jobs for what is missing: blobs that no job has claimed, objects that are gone, Graph windows that lack records, and blobs that
           stand quarantined while Microsoft still serves them. The next run lands them; nothing lands twice. On one machine, stop the
           collector first.
--rebuild  restores a ledger that was lost or reset to an earlier time from the objects in the lake, derives normalized objects that are
           missing, then compares. Stop every list and fetch first, and wait 20 minutes; docs/runbook.md has the steps.

--tenants names the tenants file that 'lake start' uses. A simulated lake needs none: its simulator is started again.

Examples:
  lake reconcile
  lake reconcile --tenants tenants.json --lake my-lake --tenant contoso --log-type audit-exchange --hours
  lake reconcile --tenants tenants.json --lake my-lake --from 2026-11-20 --to 2026-11-21T12:00Z --json | jq .verdict
  lake reconcile --aws --rebuild --repair`;

/** Adds the command. */
export function reconcileCommand(program: Command): void {
  program
    .command('reconcile')
    .summary('compare the lake with Microsoft, repair it, or rebuild a lost ledger')
    .description('Compares what Microsoft serves with the ledger and the lake, hour by hour.')
    .addOption(lakeOption())
    .addOption(awsOption().conflicts(['tenants', 'lake']))
    .option('--tenants <file>', 'the tenants file of the lake')
    .option('--simulator <url>', "send requests to a running 'lake simulate' instead of Microsoft")
    .option('--tenant <name>', 'only this tenant')
    .addOption(new Option('--log-type <id>', 'only this log type').argParser(knownLogType))
    .addOption(new Option('--from <time>', 'compare from this time (default: the oldest that Microsoft still serves)').argParser(instant))
    .addOption(new Option('--to <time>', 'compare up to this time (default: now)').argParser(instant))
    .option('--repair', 'create jobs for what is missing')
    .option('--rebuild', 'first rebuild the ledger from the lake')
    .option('--hours', 'show every hour, not only those with open items')
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
    await printReports(reports, rebuilt, options);
  } finally {
    await close();
  }
}

async function printReports(
  reports: readonly StreamReport[],
  rebuilt: readonly RebuildReport[] | undefined,
  options: ReconcileOptions,
): Promise<void> {
  const style = reportStyle();
  if (options.json) await toStdout(`${prettyJson(reconcileJson(reports, rebuilt))}\n`);
  else
    await toStdout(`${[...(rebuilt ? rebuildLines(rebuilt) : []), reconcileReport(reports, style, options.hours ?? false)].join('\n')}\n`);
  if (!isOk(reports, rebuilt)) throw new BadAnswer('Microsoft, ledger and lake do not agree');
}

async function connected(options: ReconcileOptions): Promise<Connected> {
  if (options.aws) return connectDeployment(await readDeployment(), systemClock, silentLog, options.simulator);
  const place = {
    lake: options.lake,
    isChanging: (options.repair ?? false) || (options.rebuild ?? false),
    ...(options.tenants !== undefined && { tenantsFile: options.tenants }),
    ...(options.simulator !== undefined && { simulator: options.simulator }),
  };
  return connectLake(place, systemClock, silentLog);
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
  if (isLogTypeId(id)) return id;
  throw new UsageError(
    unknownWord(
      'log type',
      id,
      logTypes.map((logType) => logType.id),
    ),
  );
}

/** ISO 8601; a date is its first moment in UTC. */
function instant(text: string): Instant {
  const parsed = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?$/.test(text)
    ? Date.parse(/T.*[^Z]$/.test(text) ? `${text}Z` : text)
    : Number.NaN;
  if (!Number.isNaN(parsed)) return parsed;
  throw new UsageError(`'${text}' is no time; write 2026-11-22 or 2026-11-22T06:00Z`);
}
