/** Files into the lake: read, routed, grouped, landed by the worker's own landing. */

import type { DuckDBConnection } from '@duckdb/node-api';
import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Landing } from '../../shared/ports/landing.ts';
import type { Workspace } from '../../shared/ports/workspace.ts';
import type { LocalLake } from '../../local/lake.ts';
import type { FileFormat } from './file-format.ts';
import { Buckets, weightOf, type Placing } from './buckets.ts';
import type { TenantGuid } from './import-target.ts';
import { Quarantine } from './import-quarantine.ts';
import { isTooLong, readRecords, type ReadBad, type ReadRecord } from './read-record.ts';
import { recordsOfFile } from './records-of-file.ts';
import { routeRecord } from './route-record.ts';
import { Tally, type ImportCounts, type Reason, type RouteCount } from './tally.ts';
import { TenantsOfImport, type TenantRequest } from './tenants-of-import.ts';

/** What shall be imported, and as what. */
export interface ImportRequest extends TenantRequest {
  /** What every record is; each is routed by what it is when absent. */
  readonly logType?: LogType | undefined;
  readonly files: readonly { readonly file: string; readonly format: FileFormat }[];
  /** Called every so many bytes read from disk, with the counts so far. */
  readonly onProgress?: (bytes: number, so: ImportCounts) => void;
  /** Bytes of records that are kept in memory; 16 MB when absent. */
  readonly chunkBytes?: number;
}

/** What an import works with. */
export interface ImportDeps {
  /** The lake folder, opened exclusively. */
  readonly root: string;
  readonly lake: LocalLake;
  readonly landing: Landing;
  readonly connection: DuckDBConnection;
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly normalized: readonly NormalizedDataset[];
  /** Asks rules of an object that lies at its key; none are asked where it is absent. */
  readonly detect?: (key: string, dataset: string) => Promise<void>;
}

/** What an import came to. */
export interface Imported extends ImportCounts {
  /** Undefined when there was no record that needed one. */
  readonly tenant: TenantGuid | undefined;
  readonly routes: readonly RouteCount[];
  readonly refusals: readonly Reason[];
  /** Of the refused, those of other organizations; the rest are of a kind that no log type collects. */
  readonly refusedOfOthers: number;
  readonly guesses: readonly Reason[];
  readonly objects: readonly string[];
  readonly quarantine: readonly string[];
}

/** Landing takes some twenty times the memory of what it lands; larger objects would hardly be smaller together. */
const usualChunkBytes = 16 * 2 ** 20;

/**
 * Imports the files in their order. Memory holds some records, whatever the files' sizes, and everything that is read is counted.
 *
 * @throws When the lake cannot be written, or the counts do not sum up.
 */
export async function importFiles(request: ImportRequest, deps: ImportDeps): Promise<Imported> {
  const run = new ImportRun(request, deps);
  for (const { file, format } of request.files) await run.read(file, format);
  return run.end();
}

class ImportRun {
  private readonly request: ImportRequest;
  private readonly chunkBytes: number;
  private readonly tally = new Tally();
  private readonly tenants: TenantsOfImport;
  private readonly buckets: Buckets;
  private readonly quarantine: Quarantine;
  /** Records that were read before any named an organization: whose they are is decided with the first that does. */
  private undecided: Placing[] = [];
  private undecidedBytes = 0;
  private isAfterBad = false;

  constructor(request: ImportRequest, deps: ImportDeps) {
    this.request = request;
    this.chunkBytes = request.chunkBytes ?? usualChunkBytes;
    this.tenants = new TenantsOfImport(request, deps);
    this.quarantine = new Quarantine(request.tenantName, deps);
    this.buckets = new Buckets(this.chunkBytes, this.tally, this.quarantine, deps);
  }

  async read(file: string, format: FileFormat): Promise<void> {
    const { onProgress } = this.request;
    const onGuess = (what: string): void => {
      this.tally.addGuess(what);
    };
    const notes = { onGuess, onRead: (bytes: number) => onProgress?.(bytes, this.tally.counts) };
    this.isAfterBad = false;
    for await (const found of recordsOfFile(file, format, notes))
      for (const record of readRecords(found, onGuess)) await (record.kind === 'bad' ? this.addBad(file, record) : this.add(file, record));
  }

  async end(): Promise<Imported> {
    await this.placeUndecided(undefined);
    await this.buckets.landAll();
    await this.quarantine.keep();
    const { routes, refusals, refusedOfOthers, guesses } = this.tally;
    return {
      ...this.tally.close(),
      tenant: this.tenants.tenant,
      routes,
      refusals,
      refusedOfOthers,
      guesses,
      objects: routes.flatMap(({ objects }) => objects),
      quarantine: this.quarantine.keys,
    };
  }

  private async add(file: string, record: ReadRecord): Promise<void> {
    const tooLong = isTooLong(record.text);
    const route = tooLong === undefined ? routeRecord(record, this.request.logType) : { kind: 'bad' as const, why: tooLong };
    const { line, isFragment } = record;
    if (route.kind === 'bad') {
      await this.addBad(file, { kind: 'bad', line, bytes: Buffer.from(record.text), why: route.why, isFragment });
      return;
    }
    this.isAfterBad = false;
    this.tally.add({ read: 1 });
    if (route.kind === 'refused') this.tally.addRefused('other category', route.why);
    else await this.place({ ...route, record: { file, line, bytes: Buffer.from(record.text) } });
  }

  private async place(placing: Placing): Promise<void> {
    if (this.tenants.tenant === undefined && placing.organization === undefined) {
      this.undecided.push(placing);
      this.undecidedBytes += weightOf(placing.record);
      if (this.undecidedBytes >= this.chunkBytes) await this.placeUndecided(undefined);
      return;
    }
    if (this.tenants.tenant === undefined) await this.placeUndecided(placing.organization);
    const placed = await this.tenants.place(placing.logType, placing.organization);
    if (placed.kind === 'refused') this.tally.addRefused('other organization', placed.why);
    else await this.buckets.add(placed.target, placing.record);
  }

  private async placeUndecided(organization: string | undefined): Promise<void> {
    const { undecided } = this;
    this.undecided = [];
    this.undecidedBytes = 0;
    if (organization === undefined && undecided.length === 0) return;
    await this.tenants.decide(organization);
    for (const placing of undecided) await this.place(placing);
  }

  /** What a broken record left over belongs to it, and is not counted again. */
  private async addBad(file: string, bad: ReadBad): Promise<void> {
    const isPart = this.isAfterBad && bad.isFragment === true;
    this.isAfterBad = true;
    if (isPart) {
      this.quarantine.addToLast(bad.bytes);
      return;
    }
    this.tally.add({ read: 1, quarantined: 1 });
    await this.quarantine.add({ file, ...bad });
    if (this.quarantine.bytes >= this.chunkBytes) await this.quarantine.keep();
  }
}
