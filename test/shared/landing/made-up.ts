import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Columns } from '../../../shared/domain/columns.ts';
import { contentJob } from '../../../shared/domain/fetch-job.ts';
import { land } from '../../../shared/landing/land.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import type { LogType } from '../../../shared/log-types/log-type.ts';
import { connectDuckDb } from '../../../shared/landing/landing.ts';
import type { Landed, LandingRequest } from '../../../shared/ports/landing.ts';
import { at, exchange } from '../../contracts/samples.ts';

type Row = Readonly<Record<string, unknown>>;

/** A log type of these columns. */
export function madeUp(columns: Columns, identity: LogType['identity'] = 'every typed column'): LogType {
  return { ...logTypeById('audit-exchange'), columns, identity };
}

/** Lands files of a temporary folder, and reads what was written with DuckDB. */
export async function openMadeUpLanding(folder: string) {
  const reader = await connectDuckDb({ memoryMb: 500, spillFolder: join(folder, 'spill') });
  let files = 0;
  const newPath = (end: string): string => join(folder, `${String(files++)}.${end}`);
  const query = async (sql: string): Promise<Row[]> => (await reader.runAndReadAll(sql)).getRowObjectsJson();

  async function serve(content: string | Uint8Array): Promise<string> {
    const file = newPath('json');
    await writeFile(file, content);
    return file;
  }

  async function landFile(logType: LogType, file: string, more: Partial<LandingRequest> = {}): Promise<{ landed: Landed; into: string }> {
    const into = more.into ?? newPath('parquet');
    const job = contentJob(exchange, 'contoso', [], at('09:00'));
    const request = { logType, job, from: [{ file }], landedAt: at('09:00'), without: [], metadata: {}, ...more, into };
    return { landed: await land(request, new Set()), into };
  }

  return {
    query,
    serve,
    newPath,
    landFile,
    /** @returns What was landed, to be read from. */
    landRecords: async (logType: LogType, records: readonly unknown[]): Promise<string> => {
      const { into } = await landFile(logType, await serve(JSON.stringify(records)));
      return `'${into}'`;
    },
    close: () => {
      reader.closeSync();
    },
  };
}

export type MadeUpLanding = Awaited<ReturnType<typeof openMadeUpLanding>>;
