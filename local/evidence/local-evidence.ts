/** Manifests of one machine: the chains' positions in the ledger's file, the manifests in the lake folder. */

import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { chainedDataset, hoursByDataset } from '../../shared/datasets/chained-datasets.ts';
import type { ChainPosition, ChainState } from '../../shared/domain/evidence/chain.ts';
import { entriesOf, type EvidenceNote, type ManifestEntry, type StandingEntry } from '../../shared/domain/evidence/manifest.ts';
import type { JobRecord } from '../../shared/domain/fetch-job.ts';
import type { LandingHour } from '../../shared/domain/landing-hour.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import type { Evidence, EvidenceNotes } from '../../shared/ports/evidence.ts';
import { answer } from '../answer.ts';
import { landingHours, objectsAt } from '../compaction/landed-files.ts';
import { inTransaction, openDatabase } from '../database.ts';
import type { LakeFolder } from '../lake-folder.ts';
import { LocalLake } from '../lake.ts';
import { jobFromRow, noteToRow } from '../ledger/rows.ts';
import { ledgerSchema } from '../ledger/schema.ts';
import { openLedger } from '../ledger.ts';

/** Of one manifest. */
const mostNotesListed = 5_000;
/** Hours that are looked at in one step. */
const hoursAtOnce = 500;

/** Opens the ledger's file once more. @param folder Opened exclusively, unless `readOnly`. */
export function openEvidence(folder: LakeFolder, { readOnly = false }: { readonly readOnly?: boolean } = {}): LocalEvidence {
  // A ledger of an earlier version gets its columns there.
  if (!readOnly) openLedger(folder.ledgerFile).close();
  return new LocalEvidence(folder, openDatabase(folder.ledgerFile, ledgerSchema, { readOnly, synchronous: 'FULL' }));
}

/** See {@link openEvidence}. */
export class LocalEvidence implements Evidence, EvidenceNotes {
  private readonly folder: LakeFolder;
  private readonly db: DatabaseSync;
  private readonly lake: LocalLake;

  constructor(folder: LakeFolder, db: DatabaseSync) {
    this.folder = folder;
    this.db = db;
    this.lake = new LocalLake({ root: folder.path, temp: folder.objectsTemp });
  }

  close(): void {
    this.db.close();
  }

  load(dataset: string): Promise<ChainState> {
    return answer(() => {
      const row = this.db.prepare('SELECT version, position FROM chains WHERE dataset = ?').get(dataset);
      if (!row) return { version: 0, sequence: 0, open: [] };
      return { ...(JSON.parse(row.position as string) as ChainPosition), version: row.version as number };
    });
  }

  save(dataset: string, version: number, to: ChainPosition, notes: readonly string[]): Promise<boolean> {
    return answer(() =>
      inTransaction(this.db, () => {
        const replaced = this.db
          .prepare(
            `INSERT INTO chains (dataset, version, position) SELECT :dataset, :version + 1, :position
             WHERE :version = coalesce((SELECT version FROM chains WHERE dataset = :dataset), 0)
             ON CONFLICT (dataset) DO UPDATE SET version = excluded.version, position = excluded.position`,
          )
          .run({ dataset, version, position: JSON.stringify(to) });
        if (Number(replaced.changes) === 0) return false;
        const forget = this.db.prepare('DELETE FROM evidence_notes WHERE dataset = ? AND id = ?');
        for (const id of notes) forget.run(dataset, id);
        return true;
      }),
    );
  }

  pendingHours(): Promise<ReadonlyMap<string, ReadonlySet<LandingHour>>> {
    return answer(() => hoursByDataset(this.jobsWhere("state = 'pending'").map(({ job }) => [job.stream.logType, job.landingHour])));
  }

  /** Of folders, and of jobs whose objects should be there. */
  hours(dataset: string, after: LandingHour | undefined): Promise<readonly LandingHour[]> {
    return answer(() => {
      const ofFolders = landingHours(this.folder.path, dataset);
      const ofJobs = this.db
        .prepare(`SELECT DISTINCT ${landingHour} AS hour FROM jobs WHERE state <> 'pending' AND ${landingHour} > ?`)
        .all(after ?? '');
      const all = [...ofFolders, ...ofJobs.map(({ hour }) => hour as LandingHour)].filter((hour) => after === undefined || hour > after);
      return [...new Set(all)].sort().slice(0, hoursAtOnce);
    });
  }

  async landed(dataset: string, hour: LandingHour): Promise<readonly StandingEntry[]> {
    const sources = chainedDataset(dataset).logTypes;
    const jobs = this.jobsWhere(`state <> 'pending' AND ${landingHour} = ?`, hour).filter(
      ({ job }) => sources.includes(job.stream.logType) && !job.isAgain,
    );
    const entries: StandingEntry[] = [];
    for (const record of jobs) entries.push(...(await this.entriesOf(dataset, record)));
    return entries;
  }

  async isKnown(dataset: string, hour: LandingHour): Promise<boolean> {
    const jobs = this.jobsWhere(`${landingHour} = ?`, hour).filter(({ state }) => state.state === 'pending' || state.objects !== undefined);
    const ofJobs = jobs.map(({ job }) => landingKey(dataset, job));
    const ofNotes = this.notesOf(dataset).flatMap(({ entries }) => entries.map(({ key }) => key));
    const known = new Set([...ofJobs, ...ofNotes]);
    return answer(() => objectsAt(this.folder.path, dataset, hour).every((key) => known.has(key)));
  }

  private async entriesOf(dataset: string, { job, state }: JobRecord): Promise<StandingEntry[]> {
    const { objects } = state;
    if (objects)
      return entriesOf(
        'landed',
        job,
        objects.filter((object) => object.dataset === dataset),
      );
    const key = landingKey(dataset, job);
    const digest = await this.lake.digest(key);
    return digest ? [{ kind: 'adopted', key, ...digest, because: 'the ledger has no digest of it' }] : [];
  }

  notes(dataset: string, most = mostNotesListed): Promise<readonly EvidenceNote[]> {
    return answer(() => this.notesOf(dataset).slice(0, most));
  }

  private notesOf(dataset: string): EvidenceNote[] {
    const rows = this.db.prepare('SELECT id, entries FROM evidence_notes WHERE dataset = ? ORDER BY id').all(dataset);
    return rows.map(({ id, entries }) => ({ dataset, id: id as string, entries: JSON.parse(entries as string) as ManifestEntry[] }));
  }

  add(notes: readonly EvidenceNote[]): Promise<void> {
    return answer(() => {
      inTransaction(this.db, () => {
        const add = this.db.prepare(
          'INSERT INTO evidence_notes (dataset, id, entries) VALUES (:dataset, :id, :entries) ON CONFLICT DO NOTHING',
        );
        for (const note of notes) add.run(noteToRow(note));
      });
    });
  }

  async putManifest(key: string, text: string): Promise<string> {
    const draft = join(this.folder.objectsTemp, `manifest-${randomUUID()}`);
    await writeFile(draft, text);
    try {
      if ((await this.lake.putOnce(key, draft)) === 'put') return text;
      return await readFile(join(this.folder.path, key), 'utf8');
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Every job that the ledger remembers, without its members. */
  jobs(): JobRecord[] {
    return this.jobsWhere('true');
  }

  private jobsWhere(condition: string, ...values: string[]): JobRecord[] {
    const sql = `SELECT jobs.*, '[]' AS members FROM jobs WHERE ${condition} ORDER BY stream, key`;
    return this.db
      .prepare(sql)
      .all(...values)
      .map(jobFromRow);
  }
}

/** There is an index on it. */
const landingHour = "json_extract(job, '$.landingHour')";
