/** A world of given records: a folder of JSON-lines files, one a log type, served as if they had just happened. */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { hours, iso, minutes, type Instant } from '../shared/domain/window.ts';
import { unknownWord } from '../shared/domain/nearest.ts';
import { contentIdOf } from './content-id.ts';
import { withField } from './json-field.ts';
import { simulatedLogTypes } from './log-types/index.ts';
import type { ContentLogType, GraphLogType } from './log-types/log-type.ts';
import { simulatedTenant } from './tenants.ts';
import { contentLifetimeMs, type Blob, type SimulatedTenant, type Version, type World } from './world.ts';

/** Which records are served, and as of when. */
export interface RecordsWorldOptions {
  /** `audit-exchange.jsonl`, `sign-ins-interactive.jsonl.gz`, …: every file is served to the first tenant. */
  readonly folder: string;
  readonly startAt: Instant;
  readonly tenants?: readonly SimulatedTenant[];
  readonly recordsPerBlob?: number;
}

/** A world of given records, and what of the folder is in it. */
export interface RecordsWorld extends World {
  /** Records served, by log type. */
  readonly served: ReadonlyMap<string, number>;
  /** Lines that are no JSON object, and files that look like records and are not named as such; they are not served. */
  readonly skipped: readonly Skipped[];
}

/** A line or a file that is not served. */
export interface Skipped {
  readonly file: string;
  /** Counted from 1; undefined for a whole file. */
  readonly line?: number;
  readonly why: string;
}

/**
 * Management API records are served as they stand in the file, to the byte. Graph records keep everything but the time that
 * windows are filtered on, which moves to an instant of its own between six hours and half an hour before the world's start.
 *
 * @throws When a file is named for no log type, or there is no file at all.
 */
export async function recordsWorld(options: RecordsWorldOptions): Promise<RecordsWorld> {
  const { startAt, tenants = [simulatedTenant({ name: 'contoso' })], recordsPerBlob = 50 } = options;
  const { files, others } = await recordFiles(options.folder);
  const read = await Promise.all(files.map((file) => readRecords(options.folder, file)));
  const tenantId = tenants[0]?.tenantId;

  const blobs = new Map<string, readonly Blob[]>();
  const versions = new Map<string, readonly Version[]>();
  for (const { logType, lines } of read) {
    if (logType.kind === 'content') blobs.set(logType.id, blobsOf(logType, lines, startAt, recordsPerBlob));
    else versions.set(logType.id, versionsOf(logType, lines, startAt));
  }
  const all = [...blobs.values()].flat();
  const within = <T>(time: (one: T) => Instant, ones: readonly T[] | undefined, start: Instant, end: Instant) =>
    (ones ?? []).filter((one) => time(one) >= start && time(one) < end);

  return {
    startAt,
    tenants,
    records: 'given',
    blobs: (tenant, logTypeId, { start, end }) =>
      tenant === tenantId ? within((blob) => blob.created, blobs.get(logTypeId), start, end) : [],
    blob: (tenant, contentId) => (tenant === tenantId ? all.find((blob) => blob.contentId === contentId) : undefined),
    versions: (tenant, logTypeId, { start, end }) =>
      tenant === tenantId ? within((one) => one.time, versions.get(logTypeId), start, end) : [],
    served: new Map(read.map(({ logType, lines }) => [logType.id, lines.length])),
    skipped: [...others, ...read.flatMap((one) => one.skipped)],
  };
}

interface RecordFile {
  readonly name: string;
  readonly logType: ContentLogType | GraphLogType;
}

async function recordFiles(folder: string): Promise<{ readonly files: readonly RecordFile[]; readonly others: readonly Skipped[] }> {
  const names = (await readdir(folder)).sort();
  const files = names.filter((name) => jsonLines.test(name)).map((name) => ({ name, logType: logTypeOf(path.join(folder, name)) }));
  if (files.length === 0)
    throw new Error(`there is no .jsonl file in '${folder}'; name them for log types, for example audit-exchange.jsonl`);
  const twice = files.find(({ logType }, index) => files.findIndex((other) => other.logType === logType) < index);
  if (twice) throw new Error(`${path.join(folder, twice.name)}: there is a file for ${twice.logType.id} already; join the two`);
  const others = names.filter((name) => !jsonLines.test(name) && looksLikeRecords.test(name));
  return {
    files,
    others: others.map((file) => ({ file, why: 'not read; JSON lines are in files like audit-exchange.jsonl or .jsonl.gz' })),
  };
}

const jsonLines = /\.(jsonl|ndjson)(\.gz)?$/i;
const looksLikeRecords = /\.(json|csv|gz|zip)$/i;

function logTypeOf(file: string): ContentLogType | GraphLogType {
  const id = path.basename(file).replace(jsonLines, '');
  const logType = simulatedLogTypes.find((one) => one.id === id);
  if (!logType) throw new Error(`${file}: ${unknownWord('log type', id, known)}`);
  return logType;
}

const known = simulatedLogTypes.map((logType) => logType.id);

interface ReadRecords {
  readonly logType: ContentLogType | GraphLogType;
  readonly lines: readonly string[];
  readonly skipped: readonly Skipped[];
}

async function readRecords(folder: string, { name, logType }: RecordFile): Promise<ReadRecords> {
  const bytes = await readFile(path.join(folder, name));
  const text = (name.toLowerCase().endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const lines: string[] = [];
  const skipped: Skipped[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = raw.trim();
    const why = line === '' ? undefined : whyNoRecord(line);
    if (why !== undefined) skipped.push({ file: name, line: index + 1, why });
    else if (line !== '') lines.push(line);
  }
  return { logType, lines, skipped };
}

function whyNoRecord(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'no JSON object';
    return nestingOf(line) > deepest
      ? `it nests deeper than ${deepest.toLocaleString('en-US')}: no collector could read its blob`
      : undefined;
  } catch {
    return 'no JSON';
  }
}

/** Microsoft's records nest some ten deep. A blob with a deeper one would stay malformed, for as long as it is served, with all its neighbours. */
const deepest = 1_000;

/** How many objects and lists are open at most, of JSON that has been parsed before. */
function nestingOf(line: string): number {
  let [depth, most, isInString] = [0, 0, false];
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at];
    if (isInString && char === '\\') at += 1;
    else if (char === '"') isInString = !isInString;
    else if (!isInString && (char === '{' || char === '[')) most = Math.max(most, (depth += 1));
    else if (!isInString && (char === '}' || char === ']')) depth -= 1;
  }
  return most;
}

/** Blobs spread over the hours before the world's start, all of them listed by then. */
function blobsOf({ id, contentType }: ContentLogType, lines: readonly string[], startAt: Instant, recordsPerBlob: number): readonly Blob[] {
  const count = Math.ceil(lines.length / recordsPerBlob);
  const step = Math.floor((hours(5) - minutes(10)) / Math.max(1, count));
  return Array.from({ length: count }, (_, index) => {
    const created = startAt - hours(5) + index * step;
    const records = lines.slice(index * recordsPerBlob, (index + 1) * recordsPerBlob);
    return {
      contentId: contentIdOf(created, index + 1, contentType),
      logTypeId: id,
      created,
      visibleAt: created,
      expires: created + contentLifetimeMs,
      records: () => records,
    };
  });
}

function versionsOf({ collection: { timeField } }: GraphLogType, lines: readonly string[], startAt: Instant): readonly Version[] {
  const step = Math.floor((hours(6) - minutes(30)) / Math.max(1, lines.length));
  return lines.map((line, index) => {
    const time = startAt - hours(6) + index * step;
    const record = JSON.parse(line) as Record<string, unknown>;
    // Ids are not unique in given records, and some have none.
    const id = `${typeof record.id === 'string' ? record.id : ''} #${String(index + 1).padStart(7, '0')}`;
    return {
      id,
      time,
      visibleFrom: time,
      visibleUntil: Number.POSITIVE_INFINITY,
      text: withField(line, timeField, iso(time)),
    };
  });
}
