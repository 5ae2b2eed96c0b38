import type { CsvError } from 'csv-parse';
import { parse, type Info } from 'csv-parse';
import { maxRecordBytes, type Found } from './found.ts';
import { through } from './through.ts';

interface CsvRow {
  readonly record: readonly string[];
  readonly info: Info;
}

/**
 * The AuditData column of a Purview audit export: each value is a record as the Management Activity API has it. The spelling of the
 * column's name varies between exports.
 */
export async function* purviewCsv(chunks: AsyncIterable<Buffer>, delimiter: string): AsyncGenerator<Found> {
  const skipped: Found[] = [];
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
    skip_records_with_error: true,
    raw: true,
    on_skip: (error, raw) => {
      skipped.push({ kind: 'bad', line: lineOf(error), bytes: Buffer.from(raw ?? ''), why: `no CSV: ${error?.code ?? 'unreadable row'}` });
      return undefined;
    },
  });
  let column: number | undefined;
  for await (const { record, info } of through<CsvRow>(chunks, parser)) {
    yield* skipped.splice(0);
    if (column === undefined) column = record.findIndex((name) => name.trim().toLowerCase() === 'auditdata');
    else yield auditData(record, column, info.lines);
  }
  yield* skipped.splice(0);
}

function auditData(record: readonly string[], column: number, line: number): Found {
  const text = record[column]?.trim() ?? '';
  if (text !== '') return { kind: 'record', line, bytes: Buffer.from(text) };
  return { kind: 'bad', line, bytes: Buffer.from(JSON.stringify(record)), why: 'AuditData is empty' };
}

/** csv-parse puts its counts onto the error. */
function lineOf(error: CsvError | undefined): number {
  return error && 'lines' in error && typeof error.lines === 'number' ? error.lines : 0;
}
