/** What the hunt for planted bugs has shown, as the table of docs/exactly-once.md. */

import type { FoundBefore, Verdict } from './hunt.ts';
import type { Found } from './mutant-worker.ts';
import type { PlantedBug } from './planted-bugs/planted-bug.ts';

/** The table stands between these two lines. */
export const tableMarks = {
  begin: '<!-- printed by npm run proof:mutants -- --write -->',
  end: '<!-- end of what was printed -->',
} as const;

/** The table, a row a bug, as Markdown. */
export function mutantsTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ bug, withInvariants, byOutcome }) => [
    bug.name,
    bug.mode,
    bug.breaks,
    shown(withInvariants),
    byOutcome === undefined ? '' : shown(byOutcome),
    withInvariants.kind === 'caught' ? short(withInvariants.failure) : (bug.survives ?? ''),
  ]);
  return [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const heads = ['Bug', 'Mode', 'Breaks', 'Seeds to find it', 'By the outcome alone', 'How it shows, or why it does not'];

/** @throws When the page has no place for the table. */
export function withTable(page: string, table: string): string {
  const { begin, end } = tableMarks;
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page lacks the lines '${begin}' and '${end}'`);
  return `${page.slice(0, from + begin.length)}\n\n${table}\n\n${page.slice(to)}`;
}

/**
 * The page with the rows of these verdicts; other bugs keep the rows they have, all in the order of the names. A row whose bug is planted
 * no more goes.
 */
export function withRows(page: string, verdicts: readonly Verdict[], names: readonly string[]): string {
  const { begin, end } = tableMarks;
  const lines = (text: string): string[] =>
    text
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .slice(2);
  const nameOf = (row: string): string => row.split('|')[1]?.trim() ?? '';
  const rows = new Map<string, string>();
  for (const row of lines(page.slice(page.indexOf(begin), page.indexOf(end)))) rows.set(nameOf(row), row);
  for (const row of lines(mutantsTable(verdicts))) rows.set(nameOf(row), row);
  const [head = '', rule = ''] = mutantsTable([]).split('\n');
  return withTable(page, [head, rule, ...names.flatMap((name) => rows.get(name) ?? [])].join('\n'));
}

/** The rows of the table as it stands in the page. */
export function namesInTable(page: string): RowInTable[] {
  const { begin, end } = tableMarks;
  const rows = page
    .slice(page.indexOf(begin), page.indexOf(end))
    .split('\n')
    .filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) => {
    const [, name = '', mode = '', , after = '', alone = ''] = row.split('|').map((cell) => cell.trim());
    return {
      name,
      mode,
      isFound: after !== survived,
      before: { ...foundAfter('withInvariants', after), ...foundAfter('byOutcome', alone) },
    };
  });
}

/** A row as it stands in the page. */
export interface RowInTable {
  readonly name: string;
  readonly mode: string;
  readonly isFound: boolean;
  readonly before: FoundBefore;
}

function foundAfter(by: keyof FoundBefore, cell: string): FoundBefore {
  return Number(cell) > 0 ? { [by]: Number(cell) } : {};
}

const survived = 'survived';

function shown(found: Found): string {
  return found.kind === 'caught' ? String(found.after) : survived;
}

/** Without ids and times, and without what a table cell cannot hold. */
function short(failure: string): string {
  const [first = ''] = failure.replace(/\d{17}\S*|[0-9a-f]{32}|\d{4}-\d\d-\d\dT\S*/g, '...').split('\n');
  return first.slice(0, 110).replaceAll('|', '/');
}

/** Counts over the table as it stands in the page, whenever its rows were hunted. */
export function pageSummary(page: string, bugs: readonly PlantedBug[]): string {
  const rows = namesInTable(page);
  const safety = new Set(bugs.filter(({ breaks }) => breaks === 'safety').map(({ name }) => name));
  const alone = rows.filter(({ name, before }) => safety.has(name) && before.byOutcome !== undefined).length;
  const survivors = rows.filter(({ isFound }) => !isFound).length;
  return `in the page: ${String(rows.length)} bugs, ${String(rows.length - survivors)} found, ${String(survivors)} survive; ${String(alone)} of ${String(safety.size)} that break safety are found by the outcome alone`;
}

/** One line of counts. Which seeds find a bug depends on the base: a rare one that is found within 500 seeds of one base may need more of another. */
export function mutantsSummary(verdicts: readonly Verdict[], seeds: number): string {
  const caught = verdicts.filter(({ withInvariants }) => withInvariants.kind === 'caught').length;
  const safety = verdicts.filter(({ bug }) => bug.breaks === 'safety');
  const alone = safety.filter(({ byOutcome }) => byOutcome?.kind === 'caught').length;
  return `${String(caught)} of ${String(verdicts.length)} bugs found within ${String(seeds)} seeds; ${String(alone)} of ${String(safety.length)} that break safety by the outcome alone`;
}
