/** `lake detect`: rules over what has landed. */

import { Option, type Command } from 'commander';
import type { Detection } from '../../shared/detections/detection.ts';
import type { Finding } from '../../shared/detections/finding.ts';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { days, utcDate, type Instant } from '../../shared/domain/window.ts';
import { systemClock } from '../../local/clock.ts';
import { BadAnswer, UsageError } from '../../local/exit.ts';
import { awsOption, type AwsChoice } from '../aws/deployment.ts';
import { lookBack, type Landing, type LookBack } from '../detections/look-back.ts';
import { openLookBackPlace } from '../detections/look-back-place.ts';
import type { LookBackPlace } from '../detections/looking-back.ts';
import { sparkline } from '../terminal/bar.ts';
import { createProgress } from '../terminal/progress.ts';
import { count } from '../terminal/quantity.ts';
import { table } from '../terminal/table.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { prettyJson, toStdout } from './output.ts';
import { readInstant } from './query/query-window.ts';

interface DetectOptions extends LakeChoice, AwsChoice {
  readonly since: string;
  readonly rule?: string;
  readonly dryRun?: true;
  readonly rebuildState?: true;
  readonly learn?: true;
  readonly notify?: true;
  readonly json?: true;
}

const help = `
Evaluates rules on what has landed, with the code that evaluates them as records land. What was found before is not found again, and nobody
is notified: with --notify what is new is put into the outbox, from which a collector that runs, or the deployment, sends it; events older than
48 hours stay quiet. With --dry-run nothing is written: the table shows how many findings each rule would have made, and on how many days.

A rule of values seen first is silent until it has seen as much as it looks back. --learn shows it the lake at once.

Absence is not looked for here: that needs the ledger of a collector that runs.

A lake folder must not be in use by a collector. With --aws the objects of the deployment's bucket are read by this machine, with your rights;
what rules remember goes by itself there, so there is no --rebuild-state.

Examples:
  lake detect --since 30d --dry-run
  lake detect --since 90d --rule password-spray
  lake detect --since 90d --learn
  lake detect --since 30d --rebuild-state
  lake detect --since 7d --rule password-spray --aws`;

/** Adds the command. */
export function detectCommand(program: Command): void {
  program
    .command('detect')
    .summary('evaluate rules on what has landed')
    .description('Evaluates detection rules on the objects of a lake folder, or of a deployment, that landed before.')
    .requiredOption('--since <when>', 'what landed since then: 30d, or a date')
    .option('--rule <name>', 'only the rule of this name, id or title')
    .option('--dry-run', 'write nothing, and show rule by day')
    .option('--rebuild-state', 'first forget what stateful rules remember')
    .addOption(
      new Option('--learn', 'only show rules of values seen first what is usual, and land nothing').conflicts(['dryRun', 'notify']),
    )
    .addOption(new Option('--notify', 'put what is new into the outbox as well, as if it had just landed').conflicts('dryRun'))
    .addOption(lakeOption())
    .addOption(awsOption().conflicts(['lake', 'rebuildState']))
    .option('--json', 'print one object')
    .addHelpText('after', help)
    .action(detect);
}

async function detect(options: DetectOptions): Promise<void> {
  const { dryRun: isDryRun = false, learn: isLearning = false } = options;
  const since = readInstant('--since', options.since, systemClock.now());
  const place = await openLookBackPlace(options, { isDryRun, because: 'lake detect' });
  const progress = createProgress(systemClock);
  try {
    const detections = chosen(options, place.set.detections);
    if (options.rebuildState) await place.forgetAll?.();
    const found = await lookBack(
      {
        ...{ detections, since, now: () => systemClock.now() },
        ...(isDryRun || isLearning ? {} : { landing: landingOf(options, place) }),
        onObject: (objects, findings) => {
          progress.update(`${count(objects)} objects, ${count(findings)} findings`);
        },
      },
      place.deps,
    );
    progress.done();
    await toStdout(options.json ? `${prettyJson(asJson(found, detections))}\n` : page(found, detections, since));
    if (found.failures.size > 0) throw new BadAnswer(failureText(found));
  } finally {
    progress.done();
    await place.close();
  }
}

function landingOf({ notify }: DetectOptions, { files, outbox }: LookBackPlace): Landing {
  return notify ? { files, outbox } : { files, quietBecause: 'it was looked for afterwards' };
}

/** @throws UsageError where none is left. */
function chosen({ rule, learn }: DetectOptions, all: readonly Detection[]): readonly Detection[] {
  const detections = rule === undefined ? all : [ruleNamed(rule, all)];
  if (!learn) return detections;
  const learning = detections.filter(({ how }) => how.kind === 'first-seen');
  if (learning.length === 0)
    throw new UsageError("only rules of values seen first learn: leave --rule out, or name one that 'lake rules list' calls first-seen");
  return learning;
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
