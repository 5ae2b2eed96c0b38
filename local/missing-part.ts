/** A compacted file that counts and is not there: it was removed by hand, or a copy of the lake is not whole. */

/**
 * Throws the error again, with the cure where a compacted file is gone. DuckDB notices it when a view is made, when a query is prepared, or when it reads.
 *
 * @example await connection.run(sql).catch(throwNamingMissingPart)
 */
export function throwNamingMissingPart(error: unknown): never {
  const text = String(error);
  const [, part] = /"([^"]*\/compacted\/[^"]*\.parquet)"/.exec(text) ?? [];
  if (part === undefined || !/No files found|No such file/.test(text)) throw error;
  throw new Error(`'${part}' is gone: run 'lake compact --rebuild', which makes it again from the landed files`, { cause: error });
}
