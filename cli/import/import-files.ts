/** Files into the lake: read, checked, grouped, landed by the worker's own landing. */

import type { CloudId } from '../../shared/clouds.ts';
import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Landing } from '../../shared/ports/landing.ts';
import type { Workspace } from '../../shared/ports/workspace.ts';
import type { LocalLake } from '../../local/lake.ts';
import { recordChecker } from './check-record.ts';
import type { FileFormat } from './file-format.ts';
import { quarantineRecords, type BadRecord } from './import-quarantine.ts';
import { tenantGuid, type ImportTarget, type TenantGuid } from './import-target.ts';
import { landChunk, type LandedChunk } from './land-chunk.ts';
import { recordsOfFile } from './records-of-file.ts';

export interface ImportRequest {
  readonly logType: LogType;
  readonly cloud: CloudId;
  readonly tenantName: string;
  /** Found out when absent; see {@link tenantGuid}. */
  readonly tenantId?: string | undefined;
  readonly files: readonly { readonly file: string; readonly format: FileFormat }[];
  /** Told of every so many bytes read from disk, and of what has come of them. */
  readonly onProgress?: (bytes: number, so: ImportCounts) => void;
  /** Bytes of records that land together; 16 MB when absent. */
  readonly chunkBytes?: number;
}

export interface ImportDeps {
  /** The lake folder, opened exclusively. */
  readonly root: string;
  readonly lake: LocalLake;
  readonly landing: Landing;
  readonly connection: DuckDBConnection;
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly normalized: readonly NormalizedDataset[];
}

/** `read` is the sum of the others. */
export interface ImportCounts {
  readonly read: number;
  readonly landed: number;
  /** In the dataset before, or earlier in this import. */
  readonly alreadyThere: number;
  readonly quarantined: number;
}

export interface Imported extends ImportCounts {
  readonly tenant: TenantGuid;
  readonly objects: readonly string[];
  readonly quarantine: readonly string[];
}

/** Landing takes some twenty times the memory of what it lands; larger objects would hardly be smaller together. */
const usualChunkBytes = 16 * 2 ** 20;

/** Imports the files in their order. Memory holds one chunk of records, whatever the files' sizes. */
export async function importFiles(request: ImportRequest, deps: ImportDeps): Promise<Imported> {
  const run = new ImportRun(request, deps);
  const check = recordChecker(request.logType);
  for (const { file, format } of request.files) {
    for await (const found of recordsOfFile(file, format, (bytes) => request.onProgress?.(bytes, run.counts))) {
      const checked = check(found);
      await (checked.kind === 'record' ? run.addRecord({ ...checked, file }) : run.addBad({ ...checked, file }));
    }
  }
  return run.end();
}

interface SourceRecord {
  readonly file: string;
  readonly line: number;
  readonly bytes: Buffer;
}

/** What is at hand between two chunks, and what has been counted. */
class ImportRun {
  counts: ImportCounts = { read: 0, landed: 0, alreadyThere: 0, quarantined: 0 };
  private readonly request: ImportRequest;
  private readonly deps: ImportDeps;
  private readonly chunkBytes: number;
  private records: SourceRecord[] = [];
  private recordBytes = 0;
  private bad: BadRecord[] = [];
  private badBytes = 0;
  private tenant: TenantGuid | undefined;
  private readonly objects: string[] = [];
  private readonly quarantine: string[] = [];

  constructor(request: ImportRequest, deps: ImportDeps) {
    this.request = request;
    this.deps = deps;
    this.chunkBytes = request.chunkBytes ?? usualChunkBytes;
  }

  async addRecord(record: SourceRecord): Promise<void> {
    this.records.push(record);
    this.recordBytes += record.bytes.length;
    this.count({ read: 1 });
    if (this.recordBytes >= this.chunkBytes) await this.landRecords();
  }

  async addBad(bad: BadRecord): Promise<void> {
    this.bad.push(bad);
    this.badBytes += bad.bytes.length + badRecordOverhead;
    this.count({ read: 1, quarantined: 1 });
    if (this.badBytes >= this.chunkBytes) await this.keepBad();
  }

  async end(): Promise<Imported> {
    await this.landRecords();
    await this.keepBad();
    const tenant = await this.tenantOf(undefined);
    return { ...this.counts, tenant, objects: this.objects, quarantine: this.quarantine };
  }

  private async landRecords(): Promise<void> {
    const records = this.records;
    this.records = [];
    this.recordBytes = 0;
    if (records.length > 0) await this.land(records, await this.target(records[0]?.bytes));
  }

  /** A record that is JSON and that DuckDB cannot read all the same costs itself only: halves are tried until it stands alone. */
  private async land(records: readonly SourceRecord[], target: ImportTarget): Promise<void> {
    const bytes = records.map((record) => record.bytes);
    const landed = await this.deps.workspace
      .use((folder) => landChunk(bytes, target, folder, this.deps))
      .catch((error: unknown) => {
        if (isAboutRecords(error)) return undefined;
        throw error;
      });
    const [only] = records;
    if (landed) this.note(landed);
    else if (records.length === 1 && only) await this.keepUnlandable(only);
    else {
      const middle = Math.ceil(records.length / 2);
      await this.land(records.slice(0, middle), target);
      await this.land(records.slice(middle), target);
    }
  }

  private note({ landed, alreadyThere, key }: LandedChunk): void {
    this.count({ landed, alreadyThere });
    if (key !== undefined) this.objects.push(key);
  }

  private async keepUnlandable(record: SourceRecord): Promise<void> {
    this.count({ read: -1 });
    await this.addBad({ ...record, why: 'JSON that DuckDB cannot read' });
  }

  private async keepBad(): Promise<void> {
    const bad = this.bad;
    this.bad = [];
    this.badBytes = 0;
    if (bad.length === 0) return;
    const target = await this.target(undefined);
    this.quarantine.push(await this.deps.workspace.use((folder) => quarantineRecords(bad, target, folder, this.deps)));
  }

  private async target(firstRecord: Buffer | undefined): Promise<ImportTarget> {
    const { logType, cloud, tenantName } = this.request;
    const { tenantId } = await this.tenantOf(firstRecord);
    return { logType, tenantName, stream: { cloud, tenantId, logType: logType.id } };
  }

  private async tenantOf(firstRecord: Buffer | undefined): Promise<TenantGuid> {
    const { tenantId, tenantName } = this.request;
    if (tenantId !== undefined) return { tenantId, because: '--tenant-id' };
    const { connection, root } = this.deps;
    const found = this.tenant ?? (await tenantGuid(connection, root, tenantName, firstRecord ?? this.records[0]?.bytes));
    this.tenant ??= found;
    return found;
  }

  private count(more: Partial<ImportCounts>): void {
    const { read, landed, alreadyThere, quarantined } = this.counts;
    this.counts = {
      read: read + (more.read ?? 0),
      landed: landed + (more.landed ?? 0),
      alreadyThere: alreadyThere + (more.alreadyThere ?? 0),
      quarantined: quarantined + (more.quarantined ?? 0),
    };
  }
}

/** What a bad record takes beside its bytes, so that very many empty ones are bounded too. */
const badRecordOverhead = 500;

/** DuckDB's words for what it was given to read; a full disk or too little memory is said otherwise, and stops the import. */
function isAboutRecords(error: unknown): boolean {
  return error instanceof Error && /^(?:Invalid Input|Conversion|Out of Range) Error/.test(error.message);
}
