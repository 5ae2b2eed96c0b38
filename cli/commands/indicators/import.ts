import { basename } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../../local/exit.ts';
import { listNamePattern } from '../../../local/indicator-lists.ts';
import { systemClock } from '../../../local/clock.ts';
import { longestAbout, longestValue, type IndicatorEntry } from '../../../shared/detections/indicator-lists/entry.ts';
import { indicatorKey } from '../../../shared/detections/indicator-lists/keys.ts';
import type { ListPiece } from '../../../shared/detections/indicator-lists/read-list.ts';
import { awsOption, type AwsChoice } from '../../aws/deployment.ts';
import { lookBackForIndicators, type LookedBack } from '../../indicators/look-back.ts';
import { openIndicatorStore } from '../../indicators/indicator-store.ts';
import { readListFile } from '../../indicators/read-list-file.ts';
import { count } from '../../terminal/quantity.ts';
import { lakeOption, type LakeChoice } from '../options.ts';
import { prettyJson, toStdout } from '../output.ts';
import { readInstant } from '../query/query-window.ts';

const help = `
What a file is, it says itself: a STIX 2.1 bundle, JSON of MISP (an event, events, or an answer of its REST API), CSV with headings (value, and
if you like type, about, from, until), or one value a line. Defanged values (hxxp://, [.]) are read as what they mean. A list takes the place of
the one of its name: import a feed again whenever it changes.

Records that land from now on are looked up, and what landed since --since is looked at once: what is found there lands like any finding, and
nobody is notified. A collector that is at work on the lake folder has the folder: run lake detect when it has ended.

With --aws the list goes into the deployment's bucket, where workers see it within five minutes. Athena says which landed objects have a value
of the list; only those are fetched. Ranges of addresses, IPv6, international names and lists of more than 1,000 are not asked of Athena: then
every object since then is fetched.

Examples:
  lake indicators import feed.csv
  lake indicators import bundle.json --name cert-2026-11
  lake indicators import feed.csv --since 90d --aws`;

interface Choice extends LakeChoice, AwsChoice {
  readonly since: string;
  readonly lookBack: boolean;
  readonly name?: string;
  readonly json?: true;
}

/** What was taken of a list, and what was not. */
interface Tally {
  taken: number;
  leftOut: number;
  readonly byType: Record<string, number>;
  readonly refused: { readonly what: string; readonly why: string }[];
  refusals: number;
  /** What was taken, as long as it is little. */
  readonly entries: IndicatorEntry[];
}

const mostAskedByName = 1_000;

/** Adds `lake indicators import`. */
export function importCommand(indicators: Command): void {
  indicators
    .command('import')
    .summary('import a list of indicators')
    .description('Imports a list of indicators into a lake folder or a deployment, and looks for them in what has landed.')
    .argument('<file>', 'a STIX bundle, JSON of MISP, CSV, or one value a line')
    .option('--name <name>', "the list's name; the file's without its ending when absent")
    .option('--since <when>', 'look at what landed since then: 30d, or a date', '30d')
    .option('--no-look-back', 'look at nothing that landed before')
    .addOption(lakeOption())
    .addOption(awsOption().conflicts('lake'))
    .option('--json', 'print an object')
    .addHelpText('after', help)
    .action(importList);
}

async function importList(file: string, { name, json, since, lookBack, ...place }: Choice): Promise<void> {
  const from = readInstant('--since', since, systemClock.now());
  const source = nameOf(file, name);
  const tally: Tally = { taken: 0, leftOut: 0, byType: {}, refused: [], refusals: 0, entries: [] };
  const store = await openIndicatorStore(place);
  const all = await store.write(source, entriesOf(readListFile(file), source, tally));
  const named = tally.taken > mostAskedByName ? undefined : tally.entries;
  const looked = lookBack && tally.taken > 0 ? await lookBackForIndicators(place, from, named) : undefined;
  await toStdout(
    json ? `${prettyJson(asJson(source, tally, all, looked))}\n` : summary(source, tally, `${store.what} has ${count(all)} now`, looked),
  );
  if (tally.taken === 0) throw new UsageError(`nothing of '${file}' is an indicator; lake indicators import --help says what is read`);
}

function asJson(list: string, { entries: _, ...tally }: Tally, all: number, looked: LookedBack | undefined) {
  const lookedBack = looked?.kind === 'looked' ? { objects: looked.found.objects, findings: looked.found.findings.length } : undefined;
  return { list, ...tally, all, ...(lookedBack && { lookedBack }), ...(looked?.kind === 'not-now' && { notLookedBack: looked.why }) };
}

function nameOf(file: string, name: string | undefined): string {
  const chosen = name ?? basename(file).replace(/\.[^.]*$/, '');
  if (listNamePattern.test(chosen)) return chosen;
  throw new UsageError(`a list cannot be called '${chosen}': letters, digits, dots and dashes, at most 64; choose one with --name`);
}

async function* entriesOf(pieces: AsyncIterable<ListPiece>, source: string, tally: Tally): AsyncGenerator<IndicatorEntry> {
  for await (const piece of pieces) {
    if (piece.kind === 'left-out') tally.leftOut += 1;
    else if (piece.kind === 'refused') refuse(tally, piece.what, piece.why);
    else {
      const { value, type, about } = piece.indicator;
      if (value.length > longestValue) refuse(tally, value, `has more than ${String(longestValue)} characters`);
      else if (indicatorKey(type, value) === undefined) refuse(tally, value, `is no ${type}`);
      else {
        tally.taken += 1;
        if (tally.entries.length < mostAskedByName) tally.entries.push({ ...piece.indicator, source });
        tally.byType[type] = (tally.byType[type] ?? 0) + 1;
        yield { ...piece.indicator, source, ...(about !== undefined && { about: about.slice(0, longestAbout) }) };
      }
    }
  }
}

const refusalsShown = 20;

function refuse(tally: Tally, what: string, why: string): void {
  tally.refusals += 1;
  if (tally.refused.length < refusalsShown) tally.refused.push({ what: what.slice(0, 100), why });
}

function summary(
  source: string,
  { taken, leftOut, byType, refused, refusals }: Tally,
  all: string,
  looked: LookedBack | undefined,
): string {
  const types = Object.entries(byType).map(([type, number]) => `${count(number)} ${type}`);
  const lines = [`${source}: ${count(taken)} indicators${types.length > 0 ? ` (${types.join(', ')})` : ''}; ${all}`];
  if (leftOut > 0) lines.push(`${count(leftOut)} left out: revoked, deleted, or not meant for detection`);
  if (refusals > 0) lines.push(`${count(refusals)} not taken:`, ...refused.map(({ what, why }) => `  ${what}: ${why}`));
  if (refusals > refused.length) lines.push(`  and ${count(refusals - refused.length)} more`);
  if (looked) lines.push(lookedText(looked));
  return `${lines.join('\n')}\n`;
}

function lookedText(looked: LookedBack): string {
  if (looked.kind === 'not-now') return `nothing that landed before was looked at: ${looked.why}`;
  const { objects, findings, failures } = looked.found;
  const failed = failures.size === 0 ? '' : `; ${count(failures.size)} rules failed: ${[...failures.values()].join(', ')}`;
  return `${count(objects)} objects that landed before were looked at: ${count(findings.length)} findings (lake findings --all)${failed}`;
}
