/**
 * Landing without DuckDB: the same port, rules and answers over values in memory, a thousand times as fast. That SQL and these rules
 * agree is not shown here but by the tests of shared/landing/landing.ts.
 */

import type { DeriveRequest } from '../../shared/datasets/derive-statement.ts';
import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import type { ObjectMetadata } from '../../shared/domain/landing-key.ts';
import type { Instant } from '../../shared/domain/window.ts';
import type { Derived, Landed, LandingRequest } from '../../shared/ports/landing.ts';
import type { FakeFiles } from '../fakes/fake-files.ts';
import { InjectedError } from './faults.ts';

/** A record as Microsoft serves it. */
export interface ServedRow {
  /** Of a content blob's record its id, of a Graph row its id and version: what `record_key` distinguishes. */
  readonly key: string;
  readonly time: Instant;
}

/** What a file holds that came from Microsoft. */
export type ServedFile =
  | { readonly kind: 'records'; readonly rows: readonly ServedRow[]; readonly isPoison: boolean; readonly isThrowing?: boolean }
  | { readonly kind: 'garbage'; readonly bytes: string };

/** A row as it lies in a stand-in for a Parquet file. */
export interface LandedRow {
  readonly key: string;
  readonly time: Instant;
  readonly contentId?: string;
}

/** What stands for a Parquet file. */
export interface ParquetFile {
  readonly rows: readonly LandedRow[];
  readonly metadata: ObjectMetadata;
}

/** @returns `poison` when the records take the process with them. */
export function toParquet(files: FakeFiles, request: LandingRequest): Landed | 'poison' {
  const inputs = request.from.map(({ file, content, contentId }) => ({ file, content, contentId, served: served(files, file, content) }));
  if (inputs.some(({ served }) => served.kind === 'records' && served.isPoison)) return 'poison';
  if (inputs.some(({ served }) => served.kind === 'records' && served.isThrowing)) throw InjectedError.because('landing throws over this');
  const unreadable = inputs.filter(({ served }) => served.kind === 'garbage');
  for (const { file, content, served } of unreadable) if (content) files.write(file, served);
  if (unreadable.length > 0) return { kind: 'unreadable', files: unreadable.map(({ file }) => file) };

  const all = inputs.flatMap(({ served, contentId }) =>
    served.kind === 'records' ? served.rows.map((row) => ({ ...row, contentId })) : [],
  );
  const rows = (request.window ? newOnes(files, all, request) : all).map(({ key, time, contentId }) => ({
    ...{ key, time },
    ...(contentId === undefined ? {} : { contentId }),
  }));
  files.write(request.into, { rows, metadata: { ...request.metadata, rows: String(rows.length) } } satisfies ParquetFile);
  return { kind: 'written', rows: rows.length, bytes: 100 + 40 * rows.length };
}

/** What a blob holds that stays in memory. */
export const inMemory = (served: ServedFile): Buffer => Buffer.from(JSON.stringify(served));

function served(files: FakeFiles, file: string, content: Buffer | undefined): ServedFile {
  return (content ? JSON.parse(content.toString()) : files.read(file)) as ServedFile;
}

/** Within the window, each key once, without what earlier objects have. */
function newOnes<Row extends ServedRow>(files: FakeFiles, rows: readonly Row[], { window, without }: LandingRequest): Row[] {
  const seen = new Set(without.flatMap((file) => (files.read(file) as ParquetFile).rows.map(({ key }) => key)));
  return rows.filter(({ key, time }) => {
    if (!window || time < window.start || time >= window.end || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Writes the normalized object of one raw object, by {@link normalizedOf}. */
export function derive(files: FakeFiles, { dataset, raw, object, into, metadata }: DeriveRequest): Derived {
  const derived = normalizedOf(dataset, object, files.read(raw) as ParquetFile);
  files.write(into, { rows: derived, metadata } satisfies ParquetFile);
  return { rows: derived.length, bytes: 100 + 20 * derived.length };
}

/** What a normalized object has to hold, given the raw one. */
export function normalizedOf({ name, where }: NormalizedDataset, object: string, raw: ParquetFile): LandedRow[] {
  const rows = where === undefined ? raw.rows : raw.rows.filter(({ key }) => isSelected(key));
  return rows.map(({ key, time }) => ({ key: `${name} of ${key} in ${object}`, time }));
}

/** Stands for the condition of a dataset that has one: about half of the rows, and of small objects often none. */
const isSelected = (key: string): boolean => key.charCodeAt(key.length - 1) % 2 === 0;

/**
 * Small, and of both kinds of sources: enough to see whether raw and normalized agree. Two from each raw object, so that one may be
 * there without the other; the second has rows of some raw rows only.
 */
export const storyDatasets: readonly NormalizedDataset[] = ['story', 'tale'].map((name) => ({
  name,
  vendor: 'test',
  product: 'Stories',
  meaning: 'What raw rows have',
  logTypes: ['audit-general', 'sign-ins-interactive'],
  columns: {},
  ...(name === 'tale' ? { where: 'selected' } : {}),
}));
