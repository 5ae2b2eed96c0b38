import { describe, expect, test } from '@jest/globals';
import { days, hours, minutes } from '../../shared/domain/window.ts';
import { render } from '../../simulator/graph-rows.ts';
import { simulatedLogType, simulatedLogTypes } from '../../simulator/log-types/index.ts';
import { seededWorld } from '../../simulator/seeded-world.ts';
import { compareWithLake, expected, type Collected, type LandedRow } from '../../simulator/verdict.ts';
import type { Version } from '../../simulator/world.ts';
import { startAt } from './stage.ts';

const world = seededWorld({ seed: 'verdict', startAt, recordsPerDay: 1_500 });
const tenantId = world.tenants[0]?.tenantId ?? '';
const from = startAt - hours(6);
const until = startAt - hours(1);
const collected: readonly Collected[] = simulatedLogTypes.map(({ id }) => ({ logTypeId: id, tenantId, from, until, at: startAt }));
const what = expected(world, collected);

/** A lake that holds exactly what it must, keys in another order, as a restarted collector would have landed it. */
function perfectLake(): LandedRow[] {
  const content = [...what.blobs.values()].flatMap((blob) =>
    blob.records().map((text) => ({ logTypeId: blob.logTypeId, contentId: blob.contentId, raw: reversed(text) })),
  );
  const graph = what.versions.map(({ logType, version }) => ({ logTypeId: logType.id, contentId: null, raw: reversed(version.text) }));
  return [...content, ...graph];
}

const reversed = (text: string): string =>
  JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).reverse()), null, 1);
const verdict = (rows: readonly LandedRow[]) => compareWithLake(what, rows);
const lake = perfectLake();
const graphRow = lake.findIndex((row) => row.contentId === null);

test('a lake that holds everything once, in any spelling, is right', async () => {
  expect(await verdict(lake)).toEqual({ served: lake.length, landed: lake.length, missing: 0, repeated: 0, examples: [] });
  expect(lake.length).toBeGreaterThan(300);
});

test('it may come as a stream', async () => {
  async function* rows() {
    for (const row of lake) yield await Promise.resolve(row);
  }
  expect(await compareWithLake(what, rows())).toMatchObject({ missing: 0, repeated: 0 });
});

describe('what is wrong with a lake', () => {
  test.each<{ name: string; spoil: (rows: LandedRow[]) => unknown; missing: number; repeated: number }>([
    { name: 'a row of a blob is not there', spoil: (rows) => rows.splice(0, 1), missing: 1, repeated: 0 },
    { name: 'a row of a blob is there twice', spoil: (rows) => rows.push(at(rows, 0)), missing: 0, repeated: 1 },
    {
      name: 'a row of a blob says something else',
      spoil: (rows) => rows.splice(0, 1, { ...at(rows, 0), raw: '{"Id":"x"}' }),
      missing: 1,
      repeated: 1,
    },
    { name: 'a blob that never was', spoil: (rows) => rows.push({ ...at(rows, 0), contentId: 'no$such' }), missing: 0, repeated: 1 },
    { name: 'a version is not there', spoil: (rows) => rows.splice(graphRow, 1), missing: 1, repeated: 0 },
    { name: 'a version is there twice', spoil: (rows) => rows.push(at(rows, graphRow)), missing: 0, repeated: 1 },
    {
      name: 'a version that never was',
      spoil: (rows) => rows.push({ ...at(rows, graphRow), raw: '{"id":"x","createdDateTime":"2026-11-22T07:00:00Z"}' }),
      missing: 0,
      repeated: 1,
    },
  ])('$name', async ({ spoil, missing, repeated }) => {
    const rows = [...lake];
    spoil(rows);
    const judged = await verdict(rows);
    expect([judged.missing, judged.repeated]).toEqual([missing, repeated]);
    expect(judged.examples.length).toBeGreaterThan(0);
  });
});

function at(rows: readonly LandedRow[], index: number): LandedRow {
  const row = rows[index];
  if (!row) throw new Error('there is no such row');
  return row;
}

describe('what need not be there, and may be', () => {
  test('a blob beyond the cut-off', async () => {
    const [beyond] = world.blobs(tenantId, 'audit-exchange', { start: until, end: startAt });
    const rows = (beyond?.records() ?? []).map((raw) => ({ logTypeId: 'audit-exchange', contentId: beyond?.contentId ?? '', raw }));
    expect(await verdict([...lake, ...rows])).toMatchObject({ missing: 0, repeated: 0 });
    expect(rows.length).toBeGreaterThan(0);
  });

  test('a blob that was listed only after the last look', () => {
    const all = world.blobs(tenantId, 'audit-sharepoint', { start: startAt - days(1), end: startAt });
    const look = (time: number) =>
      expected(world, [{ logTypeId: 'audit-sharepoint', tenantId, from: startAt - days(1), until: startAt, at: time }]).blobs.size;
    expect([look(startAt - days(2)), look(startAt + days(1))]).toEqual([0, all.length]);
  });

  test('a blob the ledger has a loss row for', () => {
    const [lost = ''] = what.blobs.keys();
    expect(expected(world, collected, new Set([lost])).blobs.has(lost)).toBe(false);
  });

  const corrected = (): readonly [Version, Version] => {
    const byId = Map.groupBy(
      world.versions(tenantId, 'sign-ins-interactive', { start: startAt - days(1), end: startAt + days(3) }),
      (version) => version.id,
    );
    const [first, second] = [...byId.values()].find((versions) => versions.length > 1) ?? [];
    if (!first || !second) throw new Error('no sign-in was corrected');
    return [first, second];
  };
  const judge = (part: Partial<Collected>, versions: readonly Version[]) => {
    const [first] = corrected();
    const span = { logTypeId: 'sign-ins-interactive', tenantId, from: first.time, until: first.time + 1, at: first.visibleFrom };
    return compareWithLake(
      expected(world, [{ ...span, ...part }]),
      versions.map((version) => ({ logTypeId: 'sign-ins-interactive', contentId: null, raw: version.text })),
    );
  };

  test('the version that was replaced, beside the one that took its place', async () => {
    const [first, second] = corrected();
    expect(await judge({ at: second.visibleFrom }, [first, second])).toMatchObject({ served: 2, missing: 0, repeated: 0 });
    expect(await judge({ at: second.visibleFrom }, [first])).toMatchObject({ missing: 1 });
    expect(await judge({ at: first.visibleFrom }, [first])).toMatchObject({ served: 1, missing: 0 });
  });

  test('either of two versions, where the window was read some time between them', async () => {
    const [first, second] = corrected();
    const between = { at: first.visibleFrom, through: second.visibleFrom + minutes(1) };
    expect(await judge(between, [first])).toMatchObject({ served: 1, missing: 0, repeated: 0 });
    expect(await judge(between, [second])).toMatchObject({ served: 1, missing: 0, repeated: 0 });
  });

  test('a sign-in as v1.0 has it instead of beta, and without the policies', async () => {
    const [first] = corrected();
    const logType = simulatedLogType('sign-ins-interactive');
    if (logType.kind !== 'graph') throw new Error('sign-ins are of Graph');
    const text = render({ logType, version: first }, { api: 'v1.0', hasPolicyRead: false, knowsNewMembers: true }, 'seeded');
    expect(text.length).toBeLessThan(first.text.length);
    expect(await judge({}, [{ ...first, text }])).toMatchObject({ served: 1, missing: 0, repeated: 0 });
  });
});

test('the verdict does not depend on which process made the world', async () => {
  const restarted = seededWorld({ seed: 'verdict', startAt, recordsPerDay: 1_500 });
  expect(await compareWithLake(expected(restarted, collected), lake)).toMatchObject({ missing: 0, repeated: 0 });
});
