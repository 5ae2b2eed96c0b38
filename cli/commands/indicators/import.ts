import { basename } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../../local/exit.ts';
import { listNamePattern, writeIndicatorList } from '../../../local/indicator-lists.ts';
import { longestAbout, longestValue, type IndicatorEntry } from '../../../shared/detections/indicator-lists/entry.ts';
import { indicatorKey } from '../../../shared/detections/indicator-lists/keys.ts';
import type { ListPiece } from '../../../shared/detections/indicator-lists/read-list.ts';
import { readListFile } from '../../indicators/read-list-file.ts';
import { count } from '../../terminal/quantity.ts';
import { lakeOption, type LakeChoice } from '../options.ts';
import { prettyJson, toStdout } from '../output.ts';

const help = `
What a file is, it says itself: a STIX 2.1 bundle, JSON of MISP (an event, events, or an answer of its REST API), CSV with headings (value, and
if you like type, about, from, until), or one value a line. Defanged values (hxxp://, [.]) are read as what they mean. A list takes the place of
the one of its name: import a feed again whenever it changes.

Records that land from now on are looked up. For what has landed before: lake detect --since 30d.

Examples:
  lake indicators import feed.csv
  lake indicators import bundle.json --name cert-2026-11`;

interface Choice extends LakeChoice {
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
}

/** Adds `lake indicators import`. */
export function importCommand(indicators: Command): void {
  indicators
    .command('import')
    .summary('import a list of indicators')
    .description('Imports a list of indicators into a lake folder.')
    .argument('<file>', 'a STIX bundle, JSON of MISP, CSV, or one value a line')
    .option('--name <name>', "the list's name; the file's without its ending when absent")
    .addOption(lakeOption())
    .option('--json', 'print an object')
    .addHelpText('after', help)
    .action(async (file: string, { lake, name, json }: Choice) => {
      const source = nameOf(file, name);
      const tally: Tally = { taken: 0, leftOut: 0, byType: {}, refused: [], refusals: 0 };
      const head = await writeIndicatorList(lake, source, entriesOf(readListFile(file), source, tally));
      const all = head.count;
      await toStdout(json ? `${prettyJson({ list: source, ...tally, all })}\n` : summary(source, tally, all));
      if (tally.taken === 0) throw new UsageError(`nothing of '${file}' is an indicator; lake indicators import --help says what is read`);
    });
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

function summary(source: string, { taken, leftOut, byType, refused, refusals }: Tally, all: number): string {
  const types = Object.entries(byType).map(([type, number]) => `${count(number)} ${type}`);
  const lines = [
    `${source}: ${count(taken)} indicators${types.length > 0 ? ` (${types.join(', ')})` : ''}; the lake has ${count(all)} now`,
  ];
  if (leftOut > 0) lines.push(`${count(leftOut)} left out: revoked, deleted, or not meant for detection`);
  if (refusals > 0) lines.push(`${count(refusals)} not taken:`, ...refused.map(({ what, why }) => `  ${what}: ${why}`));
  if (refusals > refused.length) lines.push(`  and ${count(refusals - refused.length)} more`);
  return `${lines.join('\n')}\n`;
}
