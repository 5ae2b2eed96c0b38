import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { contentJob, windowJob, type FetchJob } from '../../shared/domain/fetch-job.ts';
import { literal } from '../../shared/domain/literal.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import { connectDuckDb, openLanding } from '../../shared/landing/landing.ts';
import type { Landed, LandingRequest } from '../../shared/ports/landing.ts';
import { at, contoso } from '../contracts/samples.ts';

/** JSON text, bytes as they came, or bytes under a name and contentId of their own. */
export type Served = string | Buffer | { readonly bytes: string | Buffer; readonly name?: string; readonly contentId?: string };

type LandingChoices = Partial<Pick<LandingRequest, 'window' | 'without' | 'metadata' | 'landedAt'>> & {
  readonly logType?: string;
  readonly into?: string;
};

export type Row = Readonly<Record<string, unknown>>;

/** The landing of `shared/landing/landing.ts` over files of a temporary folder, and a second DuckDB that reads what it wrote. */
export async function openLandingFixture(folder: string) {
  const limits = { memoryMb: 300, spillFolder: join(folder, 'spill') };
  const landing = await openLanding(limits);
  const reader = await connectDuckDb(limits);
  let files = 0;

  const query = async (sql: string): Promise<Row[]> => (await reader.runAndReadAll(sql)).getRowObjectsJson();

  /** Files of these contents, in their order; what they are named after is their place. */
  async function serve(contents: readonly Served[]): Promise<LandingRequest['from']> {
    return Promise.all(
      contents.map(async (served) => {
        const { bytes, name, contentId } = typeof served === 'string' || Buffer.isBuffer(served) ? { bytes: served } : served;
        const file = join(folder, String(files++), name ?? 'records.json');
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, bytes);
        return { file, ...(contentId === undefined ? {} : { contentId }) };
      }),
    );
  }

  async function landFiles(from: LandingRequest['from'], choices: LandingChoices = {}): Promise<{ landed: Landed; into: string }> {
    const { logType: id = 'audit-exchange', into = join(folder, `${String(files++)}.parquet`), ...more } = choices;
    const logType = logTypeById(id);
    const job = jobOf(logType, more.window);
    const request = { logType, job, from, into, landedAt: at('09:00'), without: [], metadata: { job: job.jobId }, ...more };
    return { landed: await landing.toParquet(request), into };
  }

  return {
    query,
    serve,
    landFiles,
    land: async (contents: readonly Served[], choices?: LandingChoices) => landFiles(await serve(contents), choices),
    /** Lands what must be readable; answers the rows as they stand in the file, times and lists as DuckDB writes them. */
    rows: async (contents: readonly Served[], choices?: LandingChoices): Promise<Row[]> => {
      const { landed, into } = await landFiles(await serve(contents), choices);
      if (landed.kind === 'unreadable') throw new Error(`unreadable: ${landed.files.join(', ')}`);
      return query(`FROM read_parquet(${literal(into)})`);
    },
    close: () => {
      landing.close();
      reader.closeSync();
    },
  };
}

export type LandingFixture = Awaited<ReturnType<typeof openLandingFixture>>;

function jobOf(logType: LogType, window: LandingRequest['window']): FetchJob {
  const [cloud = 'enterprise'] = logType.clouds;
  const stream = { cloud, tenantId: contoso, logType: logType.id };
  return window ? windowJob(stream, 'contoso', window, 0, at('09:00')) : contentJob(stream, 'contoso', [], at('09:00'));
}
