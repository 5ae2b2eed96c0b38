/** Some records of an import, landed as one object: what the dataset has already is left out. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { landNormalized, type RawObject } from '../../lambdas/fetch/normalize.ts';
import type { ContentJob } from '../../shared/domain/fetch-job.ts';
import { landingKey, markToMetadata } from '../../shared/domain/landing-key.ts';
import { literal } from '../../shared/domain/literal.ts';
import { streamKey } from '../../shared/domain/stream.ts';
import { utcDate, type Window } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Lake } from '../../shared/ports/lake.ts';
import type { Landing } from '../../shared/ports/landing.ts';
import { isDerivedFrom, type NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { hasObjects, objectsOf } from '../../local/lake-views.ts';
import type { ImportTarget } from './import-target.ts';

export interface LandingDeps {
  readonly lake: Lake;
  readonly landing: Landing;
  /** Reads the lake beside the landing. */
  readonly connection: DuckDBConnection;
  /** The lake folder. */
  readonly root: string;
  readonly clock: Clock;
  readonly normalized: readonly NormalizedDataset[];
}

export interface LandedChunk {
  readonly landed: number;
  /** Records that the dataset has, or that came before in this import. */
  readonly alreadyThere: number;
  /** None when nothing was new. */
  readonly key?: string;
}

/**
 * Lands records with the worker's own landing, each record key once.
 *
 * They are landed as they are first, which is nearly always what is wanted; only where that shows keys that are repeated or known they
 * are landed again without. The object's key is a function of what lands, so that an import which was killed finds its own objects
 * when it is repeated.
 *
 * @param folder Of its own, gone afterwards.
 */
export async function landChunk(records: readonly Buffer[], target: ImportTarget, folder: string, deps: LandingDeps): Promise<LandedChunk> {
  const from = join(folder, 'records.json');
  await writeArray(from, records);
  const content = digest(records);
  const draft = { target, from, into: join(folder, 'draft.parquet'), without: [], isOnceEach: false };
  const whole = importJob(target, [content], deps);
  const rows = await toParquet(whole, draft, deps);

  const keys = await keysOf(draft.into, deps.connection);
  const known = await knownKeys(draft.into, join(folder, 'known.parquet'), target, deps);
  for (const object of known.objects) await finishNormalized(object, target, folder, deps);
  if (known.count === keys.count) return { landed: 0, alreadyThere: records.length };
  if (known.count === 0 && keys.count === rows) return put(whole, draft.into, { records, rows, target }, deps);

  const rest = { target, from, into: join(folder, 'rest.parquet'), without: known.count === 0 ? [] : [known.file], isOnceEach: true };
  const job = importJob(target, [content, known.digest], deps);
  const restRows = await toParquet(job, rest, deps);
  return put(job, rest.into, { records, rows: restRows, target }, deps);
}

async function writeArray(file: string, records: readonly Buffer[]): Promise<void> {
  const elements = records.flatMap((record, index) => (index === 0 ? [record] : [between, record]));
  await writeFile(file, Buffer.concat([Buffer.from('['), ...elements, Buffer.from(']\n')]));
}

const between = Buffer.from(',\n');

/** No member: nobody fetches it, and no claim follows from it. */
function importJob({ stream, tenantName }: ImportTarget, identity: readonly string[], deps: LandingDeps): ContentJob {
  const jobId = digest([streamKey(stream), 'import', ...identity]);
  return { kind: 'content', jobId, stream, tenantName, landingDate: utcDate(deps.clock.now()), members: [] };
}

interface Conversion {
  readonly target: ImportTarget;
  readonly from: string;
  readonly into: string;
  readonly without: readonly string[];
  readonly isOnceEach: boolean;
}

async function toParquet(job: ContentJob, { target, from, into, without, isOnceEach }: Conversion, deps: LandingDeps): Promise<number> {
  const { rows: _unknownYet, ...known } = markToMetadata(job, { rows: 0, fates: '', isSplit: false });
  const landed = await deps.landing.toParquet({
    logType: target.logType,
    job,
    from: [{ file: from }],
    into,
    landedAt: deps.clock.now(),
    ...(isOnceEach ? { window: anyTime } : {}),
    without,
    metadata: { ...known, members: '[]', import: 'yes' },
  });
  if (landed.kind === 'unreadable') throw new Error(`Invalid Input Error: records that were read one by one cannot be read together`);
  return landed.rows;
}

/** A window makes landing keep each record key once; this one has everything that landing takes for a time. */
const anyTime: Window = { start: Date.parse('1900-01-01T00:00:00Z'), end: Date.parse('9999-12-31T23:59:59Z') };

interface KnownKeys {
  readonly file: string;
  readonly count: number;
  /** Of the keys themselves. */
  readonly digest: string;
  /** Files of the objects that have them. */
  readonly objects: readonly string[];
}

/**
 * The record keys of the draft that the dataset has of this tenant. Equal keys have equal times, so objects that lie outside of the
 * draft's times are passed over by what their footers say; however many there are, memory holds the draft's keys only.
 */
async function knownKeys(draft: string, into: string, target: ImportTarget, deps: LandingDeps): Promise<KnownKeys> {
  const { connection, root } = deps;
  const { dataset } = target.logType;
  if (!(await hasObjects(root, dataset))) return { file: into, count: 0, digest: '', objects: [] };
  const objects = `read_parquet(${literal(objectsOf(root, dataset))}, filename = 'object')`;
  await connection.run(`COPY (
  SELECT record_key, min(object) AS object FROM ${objects}
  WHERE (tenant_id = ${literal(target.stream.tenantId)} OR tenant_name = ${literal(target.tenantName)})
    AND ${await timesOf(draft, connection)}
    AND record_key IN (SELECT record_key FROM read_parquet(${literal(draft)}))
  GROUP BY record_key
) TO ${literal(into)} (FORMAT parquet)`);
  const result = await connection.runAndReadAll(
    `SELECT count(*), md5(string_agg(record_key ORDER BY record_key)) FROM read_parquet(${literal(into)})`,
  );
  const [count, keysDigest] = result.getRows()[0] ?? [];
  const found = await connection.runAndReadAll(`SELECT DISTINCT object FROM read_parquet(${literal(into)}) ORDER BY object`);
  return {
    file: into,
    count: Number(count ?? 0),
    digest: typeof keysDigest === 'string' ? keysDigest : '',
    objects: found.getRows().map(([object]) => String(object)),
  };
}

/**
 * No ledger knows of an import, so the import that finds its records landed does what the one that landed them may not have come to.
 * A dataset that has a condition may have no object of this one, which is why only a missing one without it says so.
 */
async function finishNormalized(raw: string, target: ImportTarget, folder: string, deps: LandingDeps): Promise<void> {
  const [, landingDate, jobId] = /dt=([0-9-]+)\/([0-9a-f]+)\.parquet$/.exec(raw) ?? [];
  if (landingDate === undefined || jobId === undefined) return;
  const job = { landingDate, jobId };
  const datasets = deps.normalized.filter((dataset) => isDerivedFrom(dataset, target.logType.id));
  const isMissing = ({ name, where }: NormalizedDataset): boolean =>
    where === undefined && !existsSync(join(deps.root, landingKey(name, job)));
  if (datasets.some(isMissing)) await normalize(job, raw, target, folder, deps);
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

interface Product {
  readonly records: readonly Buffer[];
  readonly rows: number;
  readonly target: ImportTarget;
}

async function put(job: ContentJob, file: string, { records, rows, target }: Product, deps: LandingDeps): Promise<LandedChunk> {
  const key = landingKey(target.logType.dataset, job);
  const outcome = await deps.lake.putOnce(key, file, markToMetadata(job, { rows, fates: '', isSplit: false }));
  await normalize(job, file, target, dirname(file), deps);
  if (outcome === 'taken') return { landed: 0, alreadyThere: records.length };
  return { landed: rows, alreadyThere: records.length - rows, key };
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
