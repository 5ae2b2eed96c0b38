import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from '@jest/globals';
import { LocalLake } from '../../local/lake.ts';
import { landingKey, quarantineKey, type ObjectMetadata } from '../../shared/domain/landing-key.ts';
import { lakeContract } from '../contracts/lake-contract.ts';
import { blobs } from '../contracts/samples.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();

/** A Parquet file of so many rows that says the metadata of itself, as the landing step's do. */
async function writeParquet(file: string, rows: number, metadata: ObjectMetadata): Promise<void> {
  const pairs = Object.entries(metadata).map(([name, value]) => `'${name}': '${value}'`);
  await duckdb.run(`COPY (SELECT range AS n FROM range(${String(rows)})) TO '${file}' (FORMAT parquet, KV_METADATA {${pairs.join(', ')}})`);
}

describe('the lake on one machine', () => {
  lakeContract(async () => {
    const root = await makeFolder();
    const temp = join(root, 'temp');
    await mkdir(temp);
    let staged = 0;
    const next = (): string => join(temp, `staged-${String((staged += 1))}`);
    return {
      lake: new LocalLake({ root, temp }),
      folder: temp,
      stage: async (rows, metadata) => {
        const file = next();
        await writeParquet(file, rows, metadata);
        return file;
      },
      stageBytes: async (bytes) => {
        const file = next();
        await writeFile(file, bytes);
        return file;
      },
      bytesOf: (file) => readFile(file),
    };
  });
});

async function makeLake(): Promise<{ readonly root: string; readonly temp: string; readonly lake: LocalLake }> {
  const root = await makeFolder();
  const temp = join(root, 'temp');
  await mkdir(temp);
  return { root, temp, lake: new LocalLake({ root, temp }) };
}

describe('files of the lake', () => {
  const key = landingKey('msft_o365_exchange_online_raw', blobs('a'));

  test('get answers the object itself, no copy', async () => {
    const { root, temp, lake } = await makeLake();
    await writeParquet(join(temp, 'file'), 1, { job: 'x' });
    await lake.putOnce(key, join(temp, 'file'));
    expect(await lake.get(key)).toBe(join(root, key));
  });

  test('a later change of the file that was put does not reach the object', async () => {
    const { root, temp, lake } = await makeLake();
    await writeFile(join(temp, 'file'), 'first');
    await lake.putOnce(key, join(temp, 'file'));
    await writeFile(join(temp, 'file'), 'other');
    expect(await readFile(join(root, key), 'utf8')).toBe('first');
  });

  test('nothing is left in the temp folder, whoever wins', async () => {
    const { temp, lake } = await makeLake();
    const folder = await makeFolder();
    await writeFile(join(folder, 'file'), 'first');
    await Promise.all([1, 2, 3].map(() => lake.putOnce(key, join(folder, 'file'))));
    expect(await readdir(temp)).toEqual([]);
  });

  test('a file that is not there is an error, and the key stays free', async () => {
    const { temp, lake } = await makeLake();
    await expect(lake.putOnce(key, join(temp, 'nowhere'))).rejects.toThrow('ENOENT');
    expect(await lake.get(key)).toBeUndefined();
  });

  test('rows are counted by the file, whatever its metadata says', async () => {
    const { temp, lake } = await makeLake();
    await writeParquet(join(temp, 'file'), 3, { job: 'x', rows: '99' });
    await lake.putOnce(key, join(temp, 'file'));
    expect(await lake.head(key)).toEqual({ job: 'x', rows: '3' });
  });

  test('a raw object that is no Parquet file is an error, not a free key', async () => {
    const { temp, lake } = await makeLake();
    await writeFile(join(temp, 'file'), 'not Parquet at all');
    await lake.putOnce(key, join(temp, 'file'));
    await expect(lake.head(key)).rejects.toThrow(/parquet/i);
  });

  test('keys are listed by prefix, in order, and nothing but keys', async () => {
    const { root, temp, lake } = await makeLake();
    expect(await lake.list('')).toEqual([]);
    const keys = ['a', 'b', 'c'].map((name) => landingKey('msft_o365_exchange_online_raw', blobs(name))).sort();
    const quarantined = quarantineKey('msft_o365_exchange_online_raw', blobs('a'), 0);
    await writeFile(join(temp, 'file'), 'x');
    for (const one of [...keys, quarantined]) await lake.putOnce(one, join(temp, 'file'));
    await writeFile(join(root, 'lake.json'), '{}');
    expect(await lake.list('raw/msft_o365_exchange_online_raw/')).toEqual(keys);
    expect(await lake.list('')).toEqual([quarantined, ...keys]);
  });
});
