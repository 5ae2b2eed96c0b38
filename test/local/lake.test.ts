import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe } from '@jest/globals';
import { LocalLake } from '../../local/lake.ts';
import type { ObjectMetadata } from '../../shared/domain/landing-key.ts';
import { lakeContract } from '../contracts/lake-contract.ts';
import { temporaryFolders } from './temporary-folder.ts';

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
