import type { DuckDBResult } from '@duckdb/node-api';
import type { Answer } from '../../shared/ports/asking.ts';
import { kindOfType, plainValue } from './plain-value.ts';

/** What DuckDB answers, as the port has it. Batches are DuckDB's chunks, of at most 2,048 rows. */
export function duckDbAnswer(result: DuckDBResult): Answer {
  return {
    columns: result.columnNames().map((name, index) => ({ name, kind: kindOfType(result.columnTypeId(index)) })),
    batches: batchesOf(result),
    cost: () => ({}),
  };
}

async function* batchesOf(result: DuckDBResult): AsyncGenerator<ReturnType<typeof plainValue>[][]> {
  for await (const rows of result.yieldRows()) yield rows.map((row) => row.map(plainValue));
}
