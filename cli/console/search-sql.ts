/** What the search screen asks, as SQL that DuckDB and Athena read alike. What a person typed is a value, never part of the text. */

import { activityView } from '../../shared/datasets/views.ts';
import { iso, type Instant } from '../../shared/domain/window.ts';
import type { Question } from '../../shared/ports/asking.ts';
import type { Filter, FilterName, Range, Search } from '../../console/api/common.ts';

/** The columns that a search shows, in their order; what the drawer needs besides comes last. */
const searchColumns = [
  'event_time',
  'outcome',
  'actor',
  'activity',
  'target',
  'source_ip',
  'source',
  'tenant',
  'dataset',
  'record_key',
  'tenant_id',
] as const;

/** Any of these says who or what: an entity may stand in each. */
const named: readonly string[] = ['actor', 'source_ip', 'target'];

const columnsOf: Readonly<Record<FilterName, readonly string[]>> = {
  dataset: ['dataset'],
  tenant: ['tenant'],
  actor: ['actor'],
  source_ip: ['source_ip'],
  activity: ['activity'],
  outcome: ['outcome'],
  target: ['target'],
  source: ['source'],
  any: named,
};

/** Conditions that all have to hold, and the values at their places. */
export interface Conditions {
  readonly where: readonly string[];
  readonly values: Readonly<Record<string, string | number>>;
}

/** The newest rows first. */
export function searchQuestion(search: Search, limit: number): Question {
  const { where, values } = conditionsOf(search);
  const sql = `SELECT ${searchColumns.join(', ')}\nFROM ${activityView}\nWHERE ${where.join('\n  AND ')}\nORDER BY event_time DESC\nLIMIT ${String(limit)}`;
  return { sql, values };
}

/** Rows of each bucket and outcome; a bucket is counted from the first instant. */
export function histogramQuestion(search: Search, bucketMs: number): Question {
  const { where, values } = conditionsOf(search);
  const bucket = `CAST(floor(date_diff('second', ${timestamp(search.from)}, CAST(event_time AS timestamp)) / ${String(bucketMs / 1_000)}.0) AS bigint)`;
  const outcome = `CASE WHEN outcome IN ('success', 'failure') THEN outcome ELSE 'other' END`;
  const sql = `SELECT ${bucket} AS bucket, ${outcome} AS outcome, count(*) AS events\nFROM ${activityView}\nWHERE ${where.join('\n  AND ')}\nGROUP BY 1, 2`;
  return { sql, values };
}

/** A span and what is looked for in it. */
export function conditionsOf({ filters, words, ...range }: Search): Conditions {
  const values: Record<string, string> = {};
  const place = (value: string): string => {
    const name = `v${String(Object.keys(values).length + 1)}`;
    values[name] = value;
    return `{{${name}}}`;
  };
  const where = [
    ...withinSql(range),
    ...filters.map((one) => filterSql(one, place)),
    ...words
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => anyOf(['activity', ...named], (column) => `strpos(lower(coalesce(${column}, '')), lower(${place(word)})) > 0`)),
  ];
  return { where, values };
}

/** Literals of our own making: engines prune days by them. */
export function withinSql({ from, to }: Range): string[] {
  return [`event_time >= ${timestamp(from)}`, `event_time < ${timestamp(to)}`];
}

const timestamp = (at: Instant): string => `TIMESTAMP '${iso(at).replace('T', ' ').replace('Z', '')}'`;

function filterSql({ name, how, value }: Filter, place: (value: string) => string): string {
  const columns = columnsOf[name];
  switch (how) {
    case 'is':
      return anyOf(columns, (column) => `lower(${column}) = lower(${place(value)})`);
    case 'is-not':
      return columns.map((column) => `lower(coalesce(${column}, '')) <> lower(${place(value)})`).join(' AND ');
    case 'contains':
      return anyOf(columns, (column) => `strpos(lower(coalesce(${column}, '')), lower(${place(value)})) > 0`);
  }
}

const anyOf = (columns: readonly string[], condition: (column: string) => string): string =>
  columns.length === 1 ? condition(columns[0] ?? '') : `(${columns.map(condition).join(' OR ')})`;

const steps = [1, 5, 15, 60, 300, 900, 1_800, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600, 86_400, 7 * 86_400, 30 * 86_400].map(
  (s) => s * 1_000,
);

/** The shortest usual span by which a range has at most so many buckets. In ms. */
export function bucketMsOf({ from, to }: Range, most: number): number {
  return steps.find((step) => (to - from) / step <= most) ?? steps.at(-1) ?? 1_000;
}
