/** The view beside each `_raw` dataset, as a select that DuckDB and Athena read alike. */

export interface RawTable {
  /** The `_raw` dataset's name, which is also its table's. */
  readonly table: string;
  /** All columns, in their order. */
  readonly columns: readonly string[];
  readonly keeps: RowsKept;
}

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
 * Which row stands for its group is the same whenever and wherever this runs; what ties to the end has one record key and came in one
 * content blob. `raw` breaks no tie: a query that does not ask for it must not read it. Records without an id are never versions of
 * each other.
 */
export function viewSelect({ table, columns, keeps }: RawTable): string {
  const { group, order } = keeps.kind === 'newest version' ? newestVersion(keeps.timeColumn) : oneOfEach;
  const list = columns.join(', ');
  return `SELECT ${list}
FROM (
  SELECT ${list}, row_number() OVER (PARTITION BY ${group.join(', ')} ORDER BY ${order.join(', ')}) AS row_of_group
  FROM ${table}
) grouped
WHERE row_of_group = 1`;
}

interface Ranking {
  readonly group: readonly string[];
  readonly order: readonly string[];
}

/** The first that landed stays: a repetition that comes later changes nothing. */
const oneOfEach: Ranking = { group: ['tenant_id', 'record_key'], order: ['landed_at NULLS LAST', 'content_id NULLS LAST', 'dt'] };

function newestVersion(timeColumn: string | undefined): Ranking {
  return {
    group: ['tenant_id', 'record_id', 'CASE WHEN record_id IS NULL THEN record_key END'],
    order: [...(timeColumn === undefined ? [] : [`${timeColumn} DESC NULLS LAST`]), 'landed_at DESC NULLS LAST', 'dt DESC', 'record_key'],
  };
}
