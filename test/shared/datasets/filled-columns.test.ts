import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { knownDatasets } from '../../../shared/datasets/index.ts';
import { sqlOf } from '../../../shared/datasets/normalized-dataset.ts';
import { literal } from '../../../shared/domain/literal.ts';
import { openLanding } from '../../../shared/landing/landing.ts';
import { logTypeById, logTypes, type LogTypeId } from '../../../shared/log-types/index.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';
import { plants } from '../../queries/plants/index.ts';
import { openLandingFixture, type LandingFixture } from '../landing-fixture.ts';
import { exampleRecord, fullRecord } from '../log-types/example-record.ts';
import { variants } from './full-record-variants.ts';

const makeFolder = temporaryFolders();
const rawFiles = new Map<LogTypeId, string>();
let folder = '';
let fixture: LandingFixture;
let landing: Awaited<ReturnType<typeof openLanding>>;
beforeAll(async () => {
  folder = await makeFolder();
  fixture = await openLandingFixture(folder);
  landing = await openLanding({ memoryMb: 300, spillFolder: join(folder, 'spill') });
  for (const logType of logTypes) {
    const examples = Object.values(logType.columns).map((column) => exampleRecord(column) ?? {});
    const planted = Object.values(plants).flatMap(({ records }) => records[logType.id] ?? []);
    const full = (variants[logType.id] ?? [{}]).map((variant) => ({ ...fullRecord(logType.columns), ...variant }));
    const records = JSON.stringify([...examples, ...planted, ...full]);
    rawFiles.set(logType.id, (await fixture.landFiles(await fixture.serve([records]), { logType: logType.id })).into);
  }
});
afterAll(() => {
  landing.close();
  fixture.close();
});

/** Its SQL is NULL, or a column that the raw rows of the log type declare to be absent. */
function isDeclaredNull(sql: string, logType: LogTypeId): boolean {
  return /^(CAST\()?NULL\b/.test(sql) || logTypeById(logType).columns[sql]?.from.op === 'absent';
}

const pairs = knownDatasets.flatMap((dataset) => dataset.logTypes.map((logType) => ({ name: dataset.name, logType, dataset })));

describe('a column of a normalized dataset', () => {
  test.each(pairs)(
    'of $name is filled by some record of $logType, unless it is declared to be NULL there',
    async ({ dataset, logType }) => {
      const raw = rawFiles.get(logType) ?? '';
      const into = join(folder, `${dataset.name}-${logType}.parquet`);
      await landing.derive({ dataset, logType: logTypeById(logType), raw, object: 'raw/x', into, metadata: { job: 'x' } });
      const columns = Object.entries(dataset.columns).filter(([, { sql }]) => !isDeclaredNull(sqlOf(sql, logType), logType));
      const counts = columns.map(([name]) => `count("${name}") AS "${name}"`).join(', ');
      const [row = {}] = await fixture.query(`SELECT ${counts} FROM read_parquet(${literal(into)})`);
      expect(columns.map(([name]) => name).filter((name) => Number(row[name]) === 0)).toEqual([]);
    },
  );
});
