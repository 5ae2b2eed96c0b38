/** The views, as selects that DuckDB and Athena read alike. */

/** What a view needs to know of the raw table it reads. */
export interface RawTable {
  /** The `_raw` dataset's name, which is also its table's. */
  readonly table: string;
  /** All columns, in their order. */
  readonly columns: readonly string[];
  readonly keeps: RowsKept;
}

/** Which row of several the view beside a raw dataset keeps. */
export type RowsKept =
  /** What Microsoft repeats in several content blobs is one row. */
  | { readonly kind: 'one per record key' }
  /** A record that changed is one row, its newest version: by `timeColumn` where versions carry a time of their own, else by landing. */
  | { readonly kind: 'newest version'; readonly timeColumn?: string };

/** @example viewName('msft_azure_ad_raw') // 'msft_azure_ad' */
export function viewName(table: string): string {
  return table.replace(/_raw$/, '');
}

/**
 * A condition on a column of `PARTITION BY` reaches the files through both engines; any other is asked of the rows that are kept. So what
 * is the same for the whole group stands there too, if it is much asked for: see {@link oneOfEach}. The landing date cannot: which row is
 * kept may lie on a day that was not asked for.
 *
 * Which row stands for its group is the same whenever and wherever this runs; what ties to the end has one record key and came in one
 * content blob. `raw` breaks no tie: a query that does not ask for it must not read it. Records without an id are never versions of
 * each other.
 */
export function viewSelect({ table, columns, keeps }: RawTable): string {
  const { group, order } = rankingOf(keeps);
  const list = columns.join(', ');
  return `SELECT ${list}
FROM (
  SELECT ${list}, row_number() OVER (PARTITION BY ${group.join(', ')} ORDER BY ${order.join(', ')}) AS row_of_group
  FROM ${table}
) grouped
WHERE row_of_group = 1`;
}

/** Columns that every identity of records that are kept by their key names (LogType.identity). */
export const keyedColumns = ['event_time', 'operation'] as const;

/** Which rows are of one record, and which of them comes first. */
export interface Ranking {
  readonly group: readonly string[];
  readonly order: readonly string[];
}

/** How the rows that are kept are chosen. */
export function rankingOf(keeps: RowsKept): Ranking {
  return keeps.kind === 'newest version' ? newestVersion(keeps.timeColumn) : oneOfEach;
}

/** The first that landed stays: a repetition that comes later changes nothing. The event time and the operation are part of every record key. */
const oneOfEach: Ranking = {
  group: ['tenant_id', 'record_key', ...keyedColumns],
  order: ['landed_at NULLS LAST', 'content_id NULLS LAST', 'dt'],
};

/**
 * All versions of a record have its event time: when the sign-in began, the change was made, the alert was raised, the activity took place.
 * Were Microsoft ever to serve another one, both would be rows.
 */
function newestVersion(timeColumn: string | undefined): Ranking {
  return {
    group: ['tenant_id', 'record_id', 'event_time', 'CASE WHEN record_id IS NULL THEN record_key END'],
    order: [...(timeColumn === undefined ? [] : [`${timeColumn} DESC NULLS LAST`]), 'landed_at DESC NULLS LAST', 'dt DESC', 'record_key'],
  };
}

/** The columns of the flat view, each from one or several of the common columns. */
export const activityColumns = {
  event_time: ['event_time'],
  tenant: ['tenant_name'],
  source: ['service', 'product'],
  activity: ['operation'],
  actor: ['actor_upn', 'actor_id'],
  source_ip: ['source_ip'],
  target: ['target_name', 'target_id'],
  outcome: ['outcome'],
  record_id: ['record_id'],
  record_key: ['record_key'],
  tenant_id: ['tenant_id'],
  log_type: ['log_type'],
  dt: ['dt'],
} as const;

/** Everything in one table, a row a record: the views side by side, and of each row which dataset it is of. */
export function activitySelect(views: readonly { readonly view: string; readonly dataset: string }[]): string {
  const list = Object.entries(activityColumns).map(([name, from]) => {
    const sql = from.length === 1 ? from[0] : `coalesce(${from.join(', ')})`;
    return sql === name ? name : `${sql} AS ${name}`;
  });
  return views
    .map(({ view, dataset }) => `SELECT CAST('${dataset}' AS varchar) AS dataset, ${list.join(', ')}\nFROM ${view}`)
    .join('\nUNION ALL\n');
}
