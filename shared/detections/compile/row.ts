/** A row of a dataset in memory, as a reader of Parquet gives it. */

/** What a column may hold. */
export type Value = string | number | bigint | boolean | Date | null | undefined | readonly Value[] | { readonly [field: string]: Value };

/** Columns by name. */
export type Row = Readonly<Record<string, Value>>;

/** A value of which a text is asked: undefined for nothing. */
export function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value);
}
