/** Records on their way into the lake, kept together by where they go. */

import type { LogType } from '../../shared/log-types/log-type.ts';
import type { Workspace } from '../../shared/ports/workspace.ts';
import type { ImportTarget } from './import-target.ts';
import type { Quarantine } from './import-quarantine.ts';
import { landChunk, type LandingDeps } from './land-chunk.ts';
import type { Tally } from './tally.ts';

/** A record with the place it came from. */
export interface SourceRecord {
  readonly file: string;
  readonly line: number;
  readonly bytes: Buffer;
}

/** A record of which it is not decided whose it is. */
export interface Placing {
  readonly logType: LogType;
  readonly organization: string | undefined;
  readonly record: SourceRecord;
}

interface Bucket {
  readonly target: ImportTarget;
  readonly records: SourceRecord[];
  bytes: number;
}

/** What a record takes of memory, in bytes: its own, and what goes with it, so that very many small ones are bounded too. */
export function weightOf({ bytes }: SourceRecord): number {
  return bytes.length + recordOverhead;
}

const recordOverhead = 1_500;

/** Lands the fullest bucket whenever all of them together hold enough. */
export class Buckets {
  private readonly byKey = new Map<string, Bucket>();
  private bytes = 0;
  private readonly chunkBytes: number;
  private readonly tally: Tally;
  private readonly quarantine: Quarantine;
  private readonly deps: LandingDeps & { readonly workspace: Workspace };

  constructor(chunkBytes: number, tally: Tally, quarantine: Quarantine, deps: LandingDeps & { readonly workspace: Workspace }) {
    this.chunkBytes = chunkBytes;
    this.tally = tally;
    this.quarantine = quarantine;
    this.deps = deps;
  }

  async add(target: ImportTarget, record: SourceRecord): Promise<void> {
    const bytes = weightOf(record);
    if (this.bytes > 0 && this.bytes + bytes > this.chunkBytes) await this.landFullest();
    const key = `${target.stream.tenantId} ${target.logType.id}`;
    const bucket = this.byKey.get(key) ?? { target, records: [], bytes: 0 };
    this.byKey.set(key, bucket);
    bucket.records.push(record);
    bucket.bytes += bytes;
    this.bytes += bytes;
    if (this.bytes >= this.chunkBytes) await this.landFullest();
  }

  async landAll(): Promise<void> {
    while (this.byKey.size > 0) await this.landFullest();
  }

  private async landFullest(): Promise<void> {
    const [fullest] = [...this.byKey].sort(([, a], [, b]) => b.bytes - a.bytes);
    if (!fullest) return;
    const [key, { target, records, bytes }] = fullest;
    this.byKey.delete(key);
    this.bytes -= bytes;
    await this.land(records, target);
  }

  /** A record that is JSON and that cannot be landed all the same costs itself only: halves are tried until it stands alone. */
  private async land(records: readonly SourceRecord[], target: ImportTarget): Promise<void> {
    const bytes = records.map((record) => record.bytes);
    const landed = await this.deps.workspace
      .use((folder) => landChunk(bytes, target, folder, this.deps))
      .catch((error: unknown) => {
        if (isAboutRecords(error)) return undefined;
        throw error;
      });
    const [only] = records;
    const { logType, stream } = target;
    const to = { logType: logType.id, dataset: logType.dataset, cloud: stream.cloud, tenantId: stream.tenantId };
    if (landed) this.tally.addLanded(to, landed.landed, landed.alreadyThere, landed.key);
    else if (records.length === 1 && only) {
      this.tally.add({ quarantined: 1 });
      await this.quarantine.add({ ...only, why: 'JSON that DuckDB cannot read' });
    } else {
      const middle = Math.ceil(records.length / 2);
      await this.land(records.slice(0, middle), target);
      await this.land(records.slice(middle), target);
    }
  }
}

/** DuckDB's words for what it was given to read; a full disk or too little memory has another message, and stops the import. */
function isAboutRecords(error: unknown): boolean {
  return error instanceof Error && /^(?:Invalid Input|Conversion|Out of Range) Error/.test(error.message);
}
