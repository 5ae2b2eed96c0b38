import { beforeAll, describe, expect, test } from '@jest/globals';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../local/clock.ts';
import { compactLake } from '../../local/compaction/compact-lake.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { queryLibrary, querySql, type QueryChoice } from '../../queries/library.ts';
import { timestampSql } from '../../queries/window-sql.ts';
import { views } from '../../shared/datasets/views.ts';
import { days } from '../../shared/domain/window.ts';
import { knownDatasets } from '../../shared/datasets/index.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';
import { plants } from './plants/index.ts';
import { plantLake, since, until } from './planted-lake.ts';

const makeFolder = temporaryFolders();
const queries = queryLibrary();
/** The lake has events of 16 days, and two parts of each at most. */
const partsOfDay = 2;
const oneDay = { since: timestampSql(until - days(3)), until: timestampSql(until - days(2)) };
const week = { since: timestampSql(since), until: timestampSql(until) };

type Answers = Readonly<Record<string, readonly string[]>>;
let lake = '';
let answers: { readonly landed: Answers; readonly half: Answers; readonly compacted: Answers };

async function compactAll(): Promise<void> {
  const folder = await openLakeFolder(lake, { exclusive: true });
  await compactLake(folder, { clock: systemClock });
  folder.close();
}

const sqlOf = (query: (typeof queries)[number], window: Pick<QueryChoice, 'since' | 'until'>): string =>
  querySql(query, { ...window, values: plants[query.name]?.values ?? {} });

/** The rows of every query, in an order of no meaning. */
async function askLibrary(): Promise<Answers> {
  const reader = await openLakeReader(lake);
  const all: Record<string, readonly string[]> = {};
  for (const query of queries) {
    const rows = await (await reader.query(sqlOf(query, week))).getRowsJson();
    all[query.name] = rows.map((row) => JSON.stringify(row)).sort();
  }
  await reader.close();
  return all;
}

/** How many files each scan of the plan opened, as DuckDB counts them. */
async function openedByScans(sql: string): Promise<number[]> {
  const reader = await openLakeReader(lake, sql);
  const plan = JSON.stringify(await (await reader.query(`EXPLAIN (ANALYZE, FORMAT json) ${sql}`)).getRowsJson());
  await reader.close();
  return [...plan.matchAll(/Total Files Read[\\": ]+(\d+)/g)].map(([, count]) => Number(count));
}

beforeAll(async () => {
  lake = join(await makeFolder(), 'lake');
  const names = Object.keys(plants);
  await plantLake(lake, { only: names.filter((_, index) => index % 2 === 0), normalized: knownDatasets });
  await compactAll();
  await plantLake(lake, { normalized: knownDatasets });
  const half = await askLibrary();
  const [manifest, aside] = ['compacted.sqlite', 'aside'].map((name) => join(lake, name)) as [string, string];
  await rename(manifest, aside);
  const landed = await askLibrary();
  await rename(aside, manifest);
  await compactAll();
  answers = { landed, half, compacted: await askLibrary() };
}, 600_000);

describe('a lake of which nothing, half or everything is compacted', () => {
  test.each(queries.map(({ name }) => name))('has the same answer to @%s', (name) => {
    const { landed, half, compacted } = answers;
    expect(landed[name]).not.toHaveLength(0);
    expect(half[name]).toEqual(landed[name]);
    expect(compacted[name]).toEqual(landed[name]);
  });
});

describe('of a compacted lake only files of the day that is asked for are opened', () => {
  test.each(queries.map((query) => ({ ...query })))('by @$name', async (query) => {
    const opened = await openedByScans(sqlOf(query, oneDay));
    expect(Math.max(0, ...opened)).toBeLessThanOrEqual(partsOfDay);
  });

  test.each([...views.map(({ name }) => name), ...knownDatasets.map(({ name }) => name)])(
    'by %s, asked for nothing but event times',
    async (name) => {
      const count = `SELECT count(*), max(event_time) FROM ${name}`;
      const opened = await openedByScans(`${count} WHERE event_time >= ${oneDay.since} AND event_time < ${oneDay.until}`);
      expect(Math.max(0, ...opened)).toBeLessThanOrEqual(partsOfDay);
      const all = await openedByScans(count);
      expect(sum(all)).toBeGreaterThan(sum(opened));
    },
  );

  test('by most queries at least one', async () => {
    const opened = await Promise.all(queries.slice(0, 20).map((query) => openedByScans(sqlOf(query, oneDay))));
    expect(opened.filter((files) => sum(files) > 0).length).toBeGreaterThan(10);
  });
});

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
