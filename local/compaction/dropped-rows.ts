/** Which rows of a part are left out when it is written again. */

import { cutoffOf, type Cutoffs } from '../../shared/domain/keeping.ts';
import { literal } from '../../shared/domain/literal.ts';
import { landingDateColumn } from '../../shared/log-types/raw-dataset.ts';

/** Rows as a condition that each of them meets, or does not. */
export type DroppedRows =
  /** Of days that are past; rows without an event time by their landing date. */
  | { readonly kind: 'happened before'; readonly cutoffs: Cutoffs }
  /** Whose objects are still there. */
  | { readonly kind: 'landed since'; readonly cutoffs: Cutoffs }
  /** Of a tenant of this name. */
  | { readonly kind: 'of tenant'; readonly name: string }
  /** Whose JSON text matches: of raw datasets only. */
  | { readonly kind: 'with text'; readonly pattern: string; readonly tenant?: string }
  /** Findings of rules that name the person whom the pattern matches: in what there is to see, in what they are grouped by, or in a word of people. */
  | { readonly kind: 'finding with text'; readonly pattern: string; readonly tenant?: string }
  /** Of records with one of these keys, which are the rows of a file's column `record_key`. */
  | { readonly kind: 'of records'; readonly keysFile: string; readonly tenant?: string };

/** DuckDB's condition; NULL means no. */
export function droppedRowsSql(rows: DroppedRows): string {
  switch (rows.kind) {
    case 'happened before':
      return isPastSql(rows.cutoffs, `coalesce(CAST(event_time AS DATE), ${landingDateColumn.name})`);
    case 'landed since':
      return `NOT (${isPastSql(rows.cutoffs, landingDateColumn.name)})`;
    case 'of tenant':
      return ofTenant(rows.name);
    case 'with text':
      return `regexp_matches(raw, ${literal(rows.pattern)})${andOfTenant(rows.tenant)}`;
    case 'finding with text':
      return `regexp_matches(${findingText}, ${literal(rows.pattern)})${andOfTenant(rows.tenant)}`;
    case 'of records':
      return `record_key IN (SELECT record_key FROM read_parquet(${literal(rows.keysFile)}))${andOfTenant(rows.tenant)}`;
  }
}

/** Everything of a finding that comes from records or from people. */
const findingText = `concat_ws(' ', evidence, finding_key, because, CAST(group_values AS VARCHAR))`;

const ofTenant = (name: string): string => `tenant_name = ${literal(name)}`;
const andOfTenant = (name: string | undefined): string => (name === undefined ? '' : ` AND ${ofTenant(name)}`);

/** @param date SQL of a row's date. */
function isPastSql(cutoffs: Cutoffs, date: string): string {
  const names = [...cutoffs.own.keys()];
  const before = (cutoff: string | undefined): string => (cutoff === undefined ? 'false' : `${date} < DATE ${literal(cutoff)}`);
  if (names.length === 0) return before(cutoffs.usual);
  const others = `(tenant_name IS NULL OR tenant_name NOT IN (${names.map(literal).join(', ')})) AND ${before(cutoffs.usual)}`;
  const own = names.map((name) => `${ofTenant(name)} AND ${before(cutoffOf(cutoffs, name))}`);
  return [others, ...own].map((condition) => `(${condition})`).join(' OR ');
}
