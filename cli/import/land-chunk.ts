/** Some records of an import, landed as one object: what the dataset has already is left out. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { landNormalized, type RawObject } from '../../lambdas/fetch/normalize.ts';
import type { ContentJob } from '../../shared/domain/fetch-job.ts';
import { jobOfKey, landingKey, markToMetadata } from '../../shared/domain/landing-key.ts';
import { literal } from '../../shared/domain/literal.ts';
import { streamKey } from '../../shared/domain/stream.ts';
import { utcHour } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Lake } from '../../shared/ports/lake.ts';
import type { Landing } from '../../shared/ports/landing.ts';
import { isDerivedFrom, type NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { objectsOf } from '../../local/lake-sql.ts';
import { hasObjects } from '../../local/lake-views.ts';
import type { ImportTarget } from './import-target.ts';
import { canonicalText } from './json-text.ts';

/** What landing an import works with. */
export interface LandingDeps {
  readonly lake: Lake;
  readonly landing: Landing;
  /** Reads the lake beside the landing. */
  readonly connection: DuckDBConnection;
  /** The lake folder. */
  readonly root: string;
  readonly clock: Clock;
  readonly normalized: readonly NormalizedDataset[];
  /** Asks rules of an object that lies at its key. Safe to repeat. */
  readonly detect?: (key: string, dataset: string) => Promise<void>;
}

/** What became of some records. */
export interface LandedChunk {
  readonly landed: number;
  /** Records whose content the dataset has, or that came before among these. */
  readonly alreadyThere: number;
  /** Undefined when nothing was new. */
  readonly key?: string;
}

/**
 * Lands records with the worker's own landing, each content once.
 *
 * They are landed as they are first, which is nearly always what is wanted; only where that shows record keys that are repeated or known
 * are contents compared, and what is there already is left out. Records that share a key and differ in what they say all land. The
 * object's key is a function of what lands, so that an import which was killed finds its own objects when it is repeated.
 *
 * @param records JSON objects, which have been parsed before.
 * @param folder Of its own, gone afterwards.
 */
export async function landChunk(records: readonly Buffer[], target: ImportTarget, folder: string, deps: LandingDeps): Promise<LandedChunk> {
  const different = withoutRepeats(records, (record) => digest([record]));
  const draft = await convert('draft', different, target, folder, deps);
  const keys = await keysOf(draft.file, deps.connection);
  const objects = await objectsWithKeys(draft.file, target, deps);
  for (const object of objects) await finishNormalized(object, target, folder, deps);
  if (objects.length === 0 && keys.count === draft.rows) return put(draft, records.length, target, deps);

  const known = await contentsOf(draft.file, objects, target, deps);
  const fresh = withoutRepeats(different, contentOf, known);
  if (fresh.length === 0) return { landed: 0, alreadyThere: records.length };
  if (fresh.length === different.length) return put(draft, records.length, target, deps);
  return put(await convert('fresh', fresh, target, folder, deps), records.length, target, deps);
}

/** The first of each, in their order. */
function withoutRepeats(records: readonly Buffer[], by: (record: Buffer) => string, known: ReadonlySet<string> = new Set()): Buffer[] {
  const seen = new Set(known);
  return records.filter((record) => {
    const key = by(record);
    return !seen.has(key) && seen.add(key);
  });
}

/** Equal for records that say the same, in whatever order. */
const contentOf = (record: Buffer | string): string => digest([canonicalText(record.toString())]);

async function writeArray(file: string, records: readonly Buffer[]): Promise<void> {
  const elements = records.flatMap((record, index) => (index === 0 ? [record] : [between, record]));
  await writeFile(file, Buffer.concat([Buffer.from('['), ...elements, Buffer.from(']\n')]));
}

const between = Buffer.from(',\n');

/** No member: nobody fetches it, and no claim follows from it. */
function importJob({ stream, tenantName }: ImportTarget, identity: readonly string[], deps: LandingDeps): ContentJob {
  const jobId = digest([streamKey(stream), 'import', ...identity]);
  return { kind: 'content', jobId, stream, tenantName, landingHour: utcHour(deps.clock.now()), members: [] };
}

interface Converted {
  readonly job: ContentJob;
  readonly file: string;
  readonly rows: number;
}

async function convert(
  name: string,
  records: readonly Buffer[],
  target: ImportTarget,
  folder: string,
  deps: LandingDeps,
): Promise<Converted> {
  const from = join(folder, `${name}.json`);
  const into = join(folder, `${name}.parquet`);
  await writeArray(from, records);
  const job = importJob(target, [digest(records)], deps);
  const { rows: _unknownYet, ...known } = markToMetadata(job, { rows: 0, fates: '', isSplit: false });
  const landed = await deps.landing.toParquet({
    logType: target.logType,
    job,
    from: [{ file: from }],
    into,
    landedAt: deps.clock.now(),
    without: [],
    metadata: { ...known, members: '[]', import: 'yes' },
  });
  if (landed.kind === 'unreadable') throw new Error('Invalid Input Error: records that were read one by one cannot be read together');
  if (landed.rows !== records.length) throw new Error('Invalid Input Error: of the records some have no row');
  return { job, file: into, rows: landed.rows };
}

/**
 * The objects that have any record key of the draft, of this tenant. Equal keys have equal times, so objects that lie outside of the
 * draft's times are passed over by what their footers say.
 */
async function objectsWithKeys(draft: string, target: ImportTarget, deps: LandingDeps): Promise<string[]> {
  const { connection, root } = deps;
  if (!(await hasObjects(root, target.logType.dataset))) return [];
  const found = await connection.runAndReadAll(`SELECT DISTINCT object FROM ${await rowsLike(draft, target, deps)} ORDER BY object`);
  return found.getRows().map(([object]) => String(object));
}

/** What the rows say that have a record key of the draft, a digest each. */
async function contentsOf(draft: string, objects: readonly string[], target: ImportTarget, deps: LandingDeps): Promise<Set<string>> {
  const contents = new Set<string>();
  if (objects.length === 0) return contents;
  const rows = await deps.connection.stream(`SELECT raw FROM ${await rowsLike(draft, target, deps)}`);
  for (let chunk = await rows.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await rows.fetchChunk())
    for (const [raw] of chunk.getRows()) if (typeof raw === 'string') contents.add(contentOf(raw));
  return contents;
}

/** The tenant's rows in the dataset that have a record key of the draft. */
async function rowsLike(draft: string, { logType, stream, tenantName }: ImportTarget, { connection, root }: LandingDeps): Promise<string> {
  return `(
  SELECT object, raw FROM read_parquet(${literal(objectsOf(root, logType.dataset))}, filename = 'object')
  WHERE (tenant_id = ${literal(stream.tenantId)} OR tenant_name = ${literal(tenantName)})
    AND ${await timesOf(draft, connection)}
    AND record_key IN (SELECT record_key FROM read_parquet(${literal(draft)}))
)`;
}

/**
 * No ledger knows of an import, so the import that finds its records landed does what the one that landed them may not have come to.
 * A dataset that has a condition may have no object of this one, which is why only a missing one without a condition counts.
 */
async function finishNormalized(raw: string, target: ImportTarget, folder: string, deps: LandingDeps): Promise<void> {
  const job = jobOfKey(raw);
  if (!job) return;
  const datasets = deps.normalized.filter((dataset) => isDerivedFrom(dataset, target.logType.id));
  const isMissing = ({ name, where }: NormalizedDataset): boolean =>
    where === undefined && !existsSync(join(deps.root, landingKey(name, job)));
  if (datasets.some(isMissing)) await normalize(job, raw, target, folder, deps);
  await deps.detect?.(landingKey(target.logType.dataset, job), target.logType.dataset);
}

interface DraftKeys {
  /** Different ones. */
  readonly count: number;
}

async function keysOf(draft: string, connection: DuckDBConnection): Promise<DraftKeys> {
  const result = await connection.runAndReadAll(`SELECT count(DISTINCT record_key) FROM read_parquet(${literal(draft)})`);
  return { count: Number(result.getRows()[0]?.[0] ?? 0) };
}

async function timesOf(draft: string, connection: DuckDBConnection): Promise<string> {
  const result = await connection.runAndReadAll(
    `SELECT epoch_us(min(event_time)), epoch_us(max(event_time)) FROM read_parquet(${literal(draft)})`,
  );
  const [first, last] = result.getRows()[0] ?? [];
  if (typeof first !== 'bigint' || typeof last !== 'bigint') return 'event_time IS NULL';
  return `(event_time IS NULL OR event_time BETWEEN make_timestamptz(${String(first)}) AND make_timestamptz(${String(last)}))`;
}

async function put({ job, file, rows }: Converted, read: number, target: ImportTarget, deps: LandingDeps): Promise<LandedChunk> {
  const key = landingKey(target.logType.dataset, job);
  const outcome = await deps.lake.putOnce(key, file, markToMetadata(job, { rows, fates: '', isSplit: false }));
  await normalize(job, file, target, dirname(file), deps);
  await deps.detect?.(key, target.logType.dataset);
  if (outcome === 'taken') return { landed: 0, alreadyThere: read };
  return { landed: rows, alreadyThere: read - rows, key };
}

async function normalize(job: RawObject['job'], raw: string, target: ImportTarget, folder: string, deps: LandingDeps): Promise<void> {
  for (const dataset of deps.normalized.filter((dataset) => isDerivedFrom(dataset, target.logType.id))) {
    await landNormalized({ job, logType: target.logType, raw, folder }, dataset, deps);
  }
}

function digest(parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return hash.digest('hex').slice(0, 32);
}
