/** `lake findings`: what rules found, and what people made of it. */

import { Option, type Command } from 'commander';
import { levels } from '../../shared/detections/sigma/rule.ts';
import { literal } from '../../shared/domain/literal.ts';
import { iso } from '../../shared/domain/window.ts';
import { systemClock } from '../../local/clock.ts';
import { UsageError } from '../../local/exit.ts';
import { awsOption, type AwsChoice } from '../aws/deployment.ts';
import { costLine } from '../asking/cost.ts';
import { whileNotInterrupted } from '../asking/interrupt.ts';
import { openAsking } from '../asking/open-asking.ts';
import { askFindings, type ListedFinding } from '../detections/findings-asked.ts';
import type { SetState } from '../detections/land-state.ts';
import { setState } from '../detections/set-state.ts';
import { personHere } from '../tenants/tenant-audit.ts';
import { count } from '../terminal/quantity.ts';
import { table } from '../terminal/table.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { prettyJson, toStderr, toStdout } from './output.ts';
import { readInstant } from './query/query-window.ts';

interface FindingsOptions extends LakeChoice, AwsChoice {
  readonly since: string;
  readonly level: string;
  readonly all?: true;
  readonly json?: true;
}

const help = `
Shown are findings that are open and that somebody would be notified of; --all shows those that were closed, and those that are quiet: of rules
that are still learning, of old records, of rules without a test. Everything of a finding, its SQL included: lake query "SELECT * FROM findings".

Examples:
  lake findings
  lake findings --since 30d --level high --json
  lake findings close 9b1d4b3a --because "a penetration test of ours"`;

/** Adds the command. */
export function findingsCommand(program: Command): void {
  const findings = program
    .command('findings')
    .summary('show what rules found, and close it')
    .description('Lists the findings of a lake folder, or of a deployment, the most severe first.')
    .option('--since <when>', 'of events since then: 7d, or a date', '7d')
    .addOption(new Option('--level <level>', 'of this level and above').choices([...levels]).default('informational'))
    .option('--all', 'closed and quiet ones as well')
    .addOption(lakeOption())
    .addOption(awsOption().conflicts('lake'))
    .option('--json', 'print an array of objects')
    .addHelpText('after', help)
    .action(list);
  findings
    .command('close')
    .summary('close a finding')
    .description('Closes a finding, with the reason. The finding stays, with who closed it, when and why.')
    .argument('<id>', 'the id of a finding, or how it begins')
    .requiredOption('--because <reason>', 'why')
    .option('--acknowledge', 'somebody looks after it: it stays open')
    .addOption(lakeOption())
    .addOption(awsOption().conflicts('lake'))
    // Commander gives --lake to the first command that knows it, wherever it stands: to `findings`.
    .action((id: string, _: unknown, command: Command) => close(id, command.optsWithGlobals()));
}

async function list({ lake, aws, since, level, all, json }: FindingsOptions): Promise<void> {
  const from = readInstant('--since', since, systemClock.now());
  const shown = await read({ lake, aws }, conditions(from, level, all === true));
  if (json) return toStdout(`${prettyJson(shown)}\n`);
  const style = terminalStyle();
  const rows = shown.map((one) => [
    one.time.replace('T', ' ').slice(0, 16),
    one.level,
    one.title,
    one.who,
    count(one.count),
    one.state,
    one.id,
  ]);
  const columns = ['time', 'level', 'finding', 'who', 'count', 'state', 'id'].map((name) => ({ name }));
  const quiet = all ? '' : '; --all shows closed and quiet ones';
  return toStdout(
    `${rows.length === 0 ? '' : `${table(columns, rows, style)}\n\n`}${style.dim(`${count(rows.length)} findings since ${iso(from).slice(0, 16)}Z${quiet}`)}\n`,
  );
}

function conditions(from: number, level: string, all: boolean): readonly string[] {
  const wanted = levels.slice(levels.findIndex((one) => one === level));
  return [
    `event_time >= TIMESTAMPTZ ${literal(iso(from))}`,
    `level IN (${wanted.map(literal).join(', ')})`,
    ...(all ? [] : ["state IN ('new', 'acknowledged', 'error')", 'quiet_because IS NULL']),
  ];
}

async function read(choice: LakeChoice & AwsChoice, where: readonly string[]): Promise<readonly ListedFinding[]> {
  const asking = await openAsking(choice);
  try {
    const { findings, cost } = await whileNotInterrupted((signal) => askFindings(asking, { where }, signal));
    if (asking.engine === 'athena') toStderr(costLine(cost));
    return findings;
  } finally {
    await asking.close();
  }
}

async function close(
  id: string,
  { because, acknowledge, lake, aws }: LakeChoice & AwsChoice & { readonly because: string; readonly acknowledge?: true },
): Promise<void> {
  if (!/^[0-9a-f]{6,32}$/.test(id)) throw new UsageError(`'${id}' is no id of a finding: give at least its first 6 hexadecimal digits`);
  const matching = await read({ lake, aws }, [`starts_with(finding_id, ${literal(id)})`]);
  const [only] = matching;
  if (!only) throw new UsageError(`there is no finding '${id}': 'lake findings --all' shows them`);
  if (matching.length > 1) throw new UsageError(`${count(matching.length)} findings begin with '${id}': give more of the id`);
  const state = acknowledge ? 'acknowledged' : 'closed';
  const set = { state, because, by: personHere(process.env), at: systemClock.now() } as const;
  if (aws) await setInDeployment(only.id, set);
  else await setState(lake, only.id, set);
  await toStdout(`${state}: ${only.title} (${only.who})\n`);
}

async function setInDeployment(id: string, set: SetState): Promise<void> {
  const { setFindingState } = await import('../aws/set-finding-state.ts');
  const asking = await openAsking({ lake: '', aws: true });
  try {
    await setFindingState(asking, id, set);
  } finally {
    await asking.close();
  }
}
