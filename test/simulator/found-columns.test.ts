/** A path that is spelt wrong reads nothing: every column has to find its value in a record that was not made from its declaration. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sourceOf } from '../../cli/commands/describe/source-of.ts';
import { literal } from '../../shared/domain/literal.ts';
import { days } from '../../shared/domain/window.ts';
import { isLogTypeId, logTypes, logTypesOfDataset, type CatalogLogType } from '../../shared/log-types/index.ts';
import { seededWorld } from '../../simulator/seeded-world.ts';
import { simulatedTenant } from '../../simulator/tenants.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';
import { openLandingFixture, type LandingFixture } from '../shared/landing-fixture.ts';
import { specimenGroups } from '../shared/log-types/columns/index.ts';

const makeFolder = temporaryFolders();
let fixture: LandingFixture;
beforeAll(async () => {
  fixture = await openLandingFixture(await makeFolder());
});
afterAll(() => {
  fixture.close();
});

const tenant = simulatedTenant({ name: 'contoso' });
const until = Date.UTC(2026, 10, 21);
const day = { start: until - days(1), end: until };
const world = seededWorld({ seed: 'columns', startAt: day.start, tenants: [tenant] });
const specimens = specimenGroups.flatMap((group) => group.specimens);

/** Columns that no record fills: why, and what each reads, so that a path that is spelt wrong is found there too. */
interface NotFound {
  readonly logTypes: readonly string[];
  readonly why: string;
  readonly reads: Readonly<Record<string, string>>;
}
const notFound = JSON.parse(await readFile(join(import.meta.dirname, 'not-found.json'), 'utf8')) as readonly NotFound[];

/** The job fills it, not the record. */
const given = 'content_id';

test.each(logTypes.map((logType) => ({ id: logType.id, logType })))(
  'every column of $id finds its value in a record of the simulator or a specimen, but for those of not-found.json',
  async ({ id, logType }) => {
    const columns = Object.entries(logType.columns).filter(([name, { from }]) => from.op !== 'absent' && name !== given);
    const texts = logTypesOfDataset(logType.dataset).flatMap(recordsOf);
    const { into } = await fixture.landFiles(await fixture.serve([`[${texts.join(',')}]`]), { logType: id });
    const counts = columns.map(([name]) => `count("${name}") AS "${name}"`).join(', ');
    const [row = {}] = await fixture.query(`SELECT ${counts} FROM read_parquet(${literal(into)})`);
    const empty = columns.filter(([name]) => Number(row[name]) === 0).map(([name, { from }]) => [name, sourceOf(from)]);
    const listed = notFound.filter((one) => one.logTypes.includes(id)).flatMap(({ reads }) => Object.entries(reads));
    expect(Object.fromEntries(empty)).toEqual(Object.fromEntries(listed));
  },
  60_000,
);

test('not-found.json has a reason for each, and log types of the catalog alone', () => {
  expect(notFound.filter(({ why, logTypes: ids }) => why.length < 20 || !ids.every(isLogTypeId))).toEqual([]);
});

/** Log types of one dataset share their columns, so that a record of one may show what another has. */
function recordsOf({ id, source }: CatalogLogType): string[] {
  const simulated =
    source.kind === 'content'
      ? world.blobs(tenant.tenantId, id, day).flatMap((blob) => [...blob.records()])
      : world.versions(tenant.tenantId, id, day).map(({ text }) => text);
  return [...simulated, ...specimens.filter(({ logType }) => logType === id).map(({ record }) => JSON.stringify(record))];
}
