/** The few places where DuckDB and Athena do not read the same SQL. */

import type { Asking } from '../../shared/ports/asking.ts';

/** SQL of one engine. */
export interface Dialect {
  /** A text of a JSON column at a name of its object, such as `actor_upn`. */
  readonly jsonText: (column: string, name: string) => string;
  /** The values of a map of texts as one text; empty where there is none. */
  readonly mapText: (column: string) => string;
  /** An array as one text. */
  readonly arrayText: (column: string) => string;
  /** A list or map as JSON's text. */
  readonly asJson: (column: string) => string;
  /** Milliseconds since 1970 of an instant, as a double. */
  readonly epochMs: (expression: string) => string;
  /** What this engine writes where a JSON column is asked for as a text. */
  readonly jsonAsText: (column: string) => string;
}

const duckdb: Dialect = {
  jsonText: (column, name) => `json_extract_string(${column}, '$.${name}')`,
  mapText: (column) => `coalesce(array_to_string(map_values(${column}), ', '), '')`,
  arrayText: (column) => `coalesce(array_to_string(${column}, ', '), '')`,
  asJson: (column) => `CAST(to_json(${column}) AS varchar)`,
  epochMs: (expression) => `CAST(epoch_ms(${expression}) AS DOUBLE)`,
  jsonAsText: (column) => `CAST(${column} AS varchar)`,
};

/** JSON columns are texts in Athena's tables. */
const athena: Dialect = {
  jsonText: (column, name) => `json_extract_scalar(${column}, '$.${name}')`,
  mapText: (column) => `coalesce(array_join(map_values(${column}), ', '), '')`,
  arrayText: (column) => `coalesce(array_join(${column}, ', '), '')`,
  asJson: (column) => `json_format(CAST(${column} AS json))`,
  epochMs: (expression) => `CAST(to_unixtime(${expression}) * 1000 AS double)`,
  jsonAsText: (column) => column,
};

/** The SQL of who answers. */
export const dialectOf = ({ engine }: Pick<Asking, 'engine'>): Dialect => ({ duckdb, athena })[engine];
