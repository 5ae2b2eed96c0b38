/** `lake detect`: rules over what has landed. */

import type { Command } from 'commander';
import type { Detection } from '../../shared/detections/detection.ts';
import type { Finding } from '../../shared/detections/finding.ts';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { days, utcDate, type Instant } from '../../shared/domain/window.ts';
import { systemClock } from '../../local/clock.ts';
import { openDetecting } from '../../local/detecting.ts';
import { asUsage, BadAnswer, UsageError } from '../../local/exit.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openLedger } from '../../local/ledger.ts';
import { openEvidence } from '../../local/evidence/local-evidence.ts';
import { NotingLake } from '../../local/evidence/noting-lake.ts';
import { openSightings } from '../../local/sightings.ts';
import { openWorkspace } from '../../local/workspace.ts';
import { lookBack, type LookBack } from '../detections/look-back.ts';
import { rulesOfLake } from '../rules/rule-files.ts';
import { sparkline } from '../terminal/bar.ts';
import { createProgress } from '../terminal/progress.ts';
import { count } from '../terminal/quantity.ts';
import { table } from '../terminal/table.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { prettyJson, toStdout } from './output.ts';
import { readInstant } from './query/query-window.ts';

interface DetectOptions extends LakeChoice {
  readonly since: string;
  readonly rule?: string;
  readonly dryRun?: true;
  readonly rebuildState?: true;
  readonly json?: true;
}

const help = `
Evaluates rules on what has landed, with the code that evaluates them as records land. What was found before is not found again, and nobody
is told. With --dry-run nothing is written: the table shows how many findings each rule would have made, and on how many days.

A rule is silent on what is absent here: that needs the ledger of a collector that runs.

The lake folder must not be in use by a collector.

Examples:
  lake detect --since 30d --dry-run
  lake detect --since 90d --rule password-spray
  lake detect --since 30d --rebuild-state`;

/** Adds the command. */
export function detectCommand(program: Command): void {
  program
    .command('detect')
    .summary('evaluate rules on what has landed')
    .description('Evaluates detection rules on the objects of a lake folder that landed before.')
    .requiredOption('--since <when>', 'what landed since then: 30d, or a date')
    .option('--rule <name>', 'only the rule of this name, id or title')
    .option('--dry-run', 'write nothing, and show rule by day')
    .option('--rebuild-state', 'first forget what stateful rules remember')
    .addOption(lakeOption())
    .option('--json', 'print one object')
    .addHelpText('after', help)
    .action(detect);
}

async function detect(options: DetectOptions): Promise<void> {
  const since = readInstant('--since', options.since, systemClock.now());
  const set = await rulesOfLake(options.lake);
  const detections = options.rule === undefined ? set.detections : [ruleNamed(options.rule, set.detections)];
  const folder = await asUsage(() => openLakeFolder(options.lake, { exclusive: true }));
  const evidence = openEvidence(folder);
  const lake = new NotingLake({ root: folder.path, temp: folder.objectsTemp }, { evidence, clock: systemClock, because: 'lake detect' });
  const detecting = await openDetecting(folder, set);
  const sightings = options.dryRun ? openSightings(':memory:') : detecting.sightings;
  const progress = createProgress(systemClock);
  try {
    if (options.rebuildState) await sightings.clear();
    const found = await lookBack(
      {
        ...{ detections, since, now: () => systemClock.now() },
        ...(options.dryRun ? {} : { landing: { files: detecting.files } }),
        onObject: (objects, findings) => {
          progress.update(`${count(objects)} objects, ${count(findings)} findings`);
        },
      },
      {
        ...{ lake, inventory: lake, workspace: await openWorkspace(folder.workTemp) },
        detecting: { ...detecting, sightings },
        collected: await collectedIn(folder.ledgerFile),
      },
    );
    progress.done();
    await toStdout(options.json ? `${prettyJson(asJson(found, detections))}\n` : page(found, detections, since));
    if (found.failures.size > 0) throw new BadAnswer(failureText(found));
  } finally {
    progress.done();
    if (options.dryRun) sightings.close();
    detecting.close();
    evidence.close();
    folder.close();
  }
}

/** By tenant, the log types that the ledger has a stream of. */
async function collectedIn(ledgerFile: string): Promise<(tenantId: string) => ReadonlySet<string>> {
  const ledger = openLedger(ledgerFile);
  try {
    const byTenant = Map.groupBy(await ledger.streams(), ({ stream }) => stream.tenantId);
    return (tenantId) => new Set((byTenant.get(tenantId) ?? []).map(({ stream }) => stream.logType));
  } finally {
    ledger.close();
  }
}

/** @throws UsageError naming the nearest one. */
function ruleNamed(word: string, detections: readonly Detection[]): Detection {
  const found = detections.find(({ id, name, title }) => word === id || word === name || word === title);
  if (!found) {
    throw new UsageError(
      unknownWord(
        'rule',
        word,
        detections.map(({ name, id }) => name ?? id),
      ),
    );
  }
  return found;
}

const failureText = ({ failures }: LookBack): string =>
  `${count(failures.size)} rules failed: ${[...failures].map(([title, reason]) => `'${title}' (${reason})`).join(', ')}`;

function byDay(findings: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { lastTime } of findings) counts.set(utcDate(lastTime), (counts.get(utcDate(lastTime)) ?? 0) + 1);
  return counts;
}

function asJson({ objects, findings }: LookBack, detections: readonly Detection[]) {
  const rules = detections.map(({ id, title, level, expect }) => {
    const own = findings.filter(({ ruleId }) => ruleId === id);
    return {
      id,
      title,
      level,
      ...(expect !== undefined && { expect }),
      findings: own.length,
      days: Object.fromEntries([...byDay(own)].sort()),
    };
  });
  return { objects, findings: findings.length, rules };
}

/** Rule by day, the noisiest first; rules that found nothing are counted below. */
function page({ objects, findings }: LookBack, detections: readonly Detection[], since: Instant): string {
  const style = terminalStyle();
  const dates: string[] = [];
  for (let day = since; day <= systemClock.now(); day += days(1)) dates.push(utcDate(day));
  const rows = detections.flatMap((detection) => {
    const own = findings.filter(({ ruleId }) => ruleId === detection.id);
    if (own.length === 0) return [];
    const counts = byDay(own);
    const most = Math.max(...counts.values());
    const over =
      detection.expect !== undefined && most > detection.expect ? `${count(detection.expect)} (exceeded)` : count(detection.expect ?? 0);
    return [
      {
        total: own.length,
        cells: [
          detection.level,
          detection.title,
          count(own.length),
          count(most),
          over,
          sparkline(dates.map((date) => counts.get(date) ?? 0)),
        ],
      },
    ];
  });
  const right = (name: string) => ({ name, align: 'right' as const });
  const columns = [{ name: 'level' }, { name: 'rule' }, right('findings'), right('most a day'), right('expected'), { name: 'by day' }];
  const sorted = rows.sort((a, b) => b.total - a.total).map(({ cells }) => cells);
  const quiet = detections.length - rows.length;
  return `${table(columns, sorted, style)}\n\n${style.dim(`${count(objects)} objects, ${count(findings.length)} findings; ${count(quiet)} rules found nothing`)}\n`;
}
