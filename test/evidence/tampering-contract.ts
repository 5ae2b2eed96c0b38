/** Whatever somebody does to a lake, `lake verify` names it; on both grounds. */

import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { digestOfText, manifestKey, manifestText, parseManifest, type Manifest } from '../../shared/domain/evidence/manifest.ts';
import type { TamperFinding } from '../../shared/domain/evidence/judge-objects.ts';
import type { ContentJob } from '../../shared/domain/fetch-job.ts';
import { literal } from '../../shared/domain/literal.ts';
import { digestOfFile } from '../../shared/file-digest.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { connectDuckDb } from '../../shared/landing/landing.ts';
import { verifyLake, type VerifiedDataset, type VerifyRequest } from '../../cli/evidence/verify-lake.ts';
import type { VerifyPlace } from '../../cli/evidence/verify-place.ts';
import { readFooter } from '../../local/parquet-footer.ts';

/** A lake with two landing hours, 09 and 10, of Exchange records, and what an intruder does to it. */
export interface TamperStage {
  /** Two of hour 09, then two of hour 10. Every one has three records, and the ledger knows its digests. */
  readonly jobs: readonly ContentJob[];
  /** An empty folder. */
  readonly folder: string;
  /** Makes the manifests that are due at a time of the day. */
  makeManifests(time: string): Promise<void>;
  /** A copy of an object, or a manifest. */
  read(key: string): Promise<string>;
  /** Puts a file's bytes at a key, whatever is there. */
  overwrite(key: string, file: string): Promise<void>;
  remove(key: string): Promise<void>;
  place(): Promise<VerifyPlace>;
}

const dataset = 'msft_o365_exchange_online_raw';

/** @param make A new lake. */
export function tamperingContract(make: () => Promise<TamperStage>): void {
  let stage: TamperStage;
  let keys: readonly string[] = [];
  beforeEach(async () => {
    stage = await make();
    keys = stage.jobs.map((job) => landingKey(dataset, job));
    await stage.makeManifests('10:30');
    await stage.makeManifests('11:30');
  });

  const key = (index: number): string => keys[index] ?? '';
  const keyOf = ({ jobs }: { readonly jobs: readonly ContentJob[] }, index: number): string => {
    const job = jobs[index];
    if (!job) throw new Error(`the stage has no job ${String(index)}`);
    return landingKey(dataset, job);
  };

  async function verified(request: VerifyRequest = {}): Promise<VerifiedDataset> {
    const place = await stage.place();
    try {
      const [found] = await verifyLake(place, { datasets: [dataset], ...request });
      if (!found) throw new Error('nothing was verified');
      return found;
    } finally {
      place.close();
    }
  }
  const findings = async (request?: VerifyRequest): Promise<readonly TamperFinding[]> => (await verified(request)).findings;

  test('of a lake that nobody touched there is nothing to say, and every object is intact', async () => {
    expect(await verified()).toMatchObject({ findings: [], objects: 4, intact: 4, manifests: 2, rows: 12, otherKeys: 0, waiting: 0 });
  });

  test('a cell that was changed in place: the file, the column, the rows', async () => {
    await stage.overwrite(key(1), await rewritten(await stage.read(key(1)), "* REPLACE ('somebody.else@contoso.example' AS actor_upn)"));
    const [found, ...others] = await findings();
    expect(others).toEqual([]);
    expect(found).toMatchObject({ kind: 'changed', key: key(1) });
    expect(found?.what).toMatch(/actor_upn says something else than the record in 3 rows/);
    expect(await findings({ isQuick: true })).toMatchObject([{ kind: 'changed', key: key(1) }]);
  });

  test('a cell of the identity: the record key does not follow from the record', async () => {
    await stage.overwrite(key(1), await rewritten(await stage.read(key(1)), '* REPLACE (md5(record_key) AS record_key)'));
    expect((await findings())[0]?.what).toMatch(/the record key of 3 rows does not follow from the record/);
  });

  test('a row that was removed', async () => {
    await stage.overwrite(key(2), await rewritten(await stage.read(key(2)), '*', 'LIMIT 2'));
    expect(await findings()).toMatchObject([{ kind: 'changed', key: key(2), what: expect.stringMatching(/2 rows in place of 3/) }]);
  });

  test('an object that was removed, also before its hour had a manifest', async () => {
    await stage.remove(key(0));
    expect(await findings()).toMatchObject([{ kind: 'vanished', key: key(0), what: expect.stringMatching(/3 rows/) }]);
    const early = await make();
    stage = early;
    const gone = keyOf(early, 3);
    await early.makeManifests('10:30');
    await early.remove(gone);
    await early.makeManifests('11:30');
    expect(await findings()).toMatchObject([{ kind: 'vanished', key: gone }]);
  });

  test('an object that was changed before its hour had a manifest', async () => {
    stage = await make();
    await stage.makeManifests('10:30');
    const changed = keyOf(stage, 3);
    await stage.overwrite(changed, await rewritten(await stage.read(changed), "* REPLACE ('x' AS operation)"));
    expect(await findings()).toMatchObject([{ kind: 'changed', key: changed }]);
    await stage.makeManifests('11:30');
    expect(await findings()).toMatchObject([{ kind: 'changed', key: changed }]);
  });

  test('an object that was added', async () => {
    const added = key(0).replace(/[0-9a-f]{32}\.parquet$/, `${'5'.repeat(32)}.parquet`);
    await stage.overwrite(added, await stage.read(key(0)));
    expect(await findings()).toMatchObject([{ kind: 'added', key: added }]);
  });

  test('an object that was added in an hour that is yet to come, where no manifest would ever look', async () => {
    const added = key(0).replace(/dt=[^/]+/, 'dt=2099-01-01');
    await stage.overwrite(added, await stage.read(key(0)));
    expect(await findings()).toMatchObject([{ kind: 'added', key: added }]);
  });

  test('a pair of objects that was swapped', async () => {
    const [first, second] = [await stage.read(key(0)), await stage.read(key(3))];
    await stage.overwrite(key(0), second);
    await stage.overwrite(key(3), first);
    expect(await findings()).toMatchObject([
      { kind: 'swapped', key: key(0), what: expect.stringContaining(key(3)) },
      { kind: 'swapped', key: key(3), what: expect.stringContaining(key(0)) },
    ]);
  });

  describe('the chain', () => {
    const manifest = async (sequence: number): Promise<Manifest> => {
      const found = parseManifest(await readFile(await stage.read(manifestKey(dataset, sequence)), 'utf8'));
      if (!found) throw new Error(`no manifest ${String(sequence)}`);
      return found;
    };
    const forge = async (sequence: number, changed: Manifest): Promise<void> => {
      const file = join(stage.folder, 'forged.json');
      await writeFile(file, manifestText(changed));
      await stage.overwrite(manifestKey(dataset, sequence), file);
    };
    const chainWords = async (): Promise<string> =>
      (await findings()).flatMap(({ kind, what }) => (kind === 'chain' ? [what] : [])).join('; ');

    test('does not believe a manifest beyond the head that excuses what was taken away or changed', async () => {
      const [second, file] = [await manifest(2), await rewritten(await stage.read(key(1)), "* REPLACE ('x' AS operation)")];
      await stage.overwrite(key(1), file);
      await stage.remove(key(0));
      const because = 'erase';
      await forge(3, {
        ...second,
        ...{ sequence: 3, previous: digestOfText(manifestText(second)), hours: [], notes: ['2026-11-22T11:00:00.000Z#x'] },
        entries: [
          { kind: 'removed', key: key(0), because },
          { kind: 'rewritten', key: key(1), sha256: await digestOfFile(file), bytes: 1, because },
        ],
      });
      expect(await chainWords()).toMatch(/manifest 3 was not made by us: it says of raw.*, raw.* what no note of the ledger says/);
      expect(await findings()).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ kind: 'vanished', key: key(0) }),
          expect.objectContaining({ kind: 'changed', key: key(1) }),
        ]),
      );
    });

    test('lists each object once, under the digest before', async () => {
      const [first, second] = [await manifest(1), await manifest(2)];
      expect([...first.entries, ...second.entries].map((entry) => entry.key).sort()).toEqual([...keys].sort());
      expect([first.previous, first.hours, second.hours]).toEqual([null, ['2026-11-22T09'], ['2026-11-22T10']]);
      expect(second.previous).toBe(digestOfText(manifestText(first)));
    });

    test('whose newest manifest was removed is cut off', async () => {
      await stage.remove(manifestKey(dataset, 2));
      expect(await chainWords()).toMatch(/the chain is cut off: manifest 2 is missing/);
    });

    test('all of whose manifests were removed is cut off', async () => {
      await stage.remove(manifestKey(dataset, 1));
      await stage.remove(manifestKey(dataset, 2));
      expect(await chainWords()).toMatch(/cut off: manifests 1 to 2 are missing/);
    });

    test('that lacks one in the middle', async () => {
      await stage.remove(manifestKey(dataset, 1));
      expect(await chainWords()).toMatch(/manifest 1 is missing/);
    });

    test('with a manifest that was changed to fit a changed object', async () => {
      const file = await rewritten(await stage.read(key(0)), "* REPLACE ('x' AS operation)");
      await stage.overwrite(key(0), file);
      const { entries, ...first } = await manifest(1);
      const digest = (await import('../../shared/file-digest.ts')).digestOfFile;
      const sha256 = await digest(file);
      await forge(1, { ...first, entries: entries.map((entry) => (entry.key === key(0) ? { ...entry, sha256 } : entry)) });
      expect(await chainWords()).toMatch(/manifest 1 is not the one that manifest 2 follows/);
      expect(await chainWords()).toMatch(/is listed with another digest than the ledger has/);
    });

    test('that was made anew from a changed manifest on ends in another head', async () => {
      const first = await manifest(1);
      const forged = { ...first, entries: first.entries.slice(1) };
      await forge(1, forged);
      await forge(2, { ...(await manifest(2)), previous: digestOfText(manifestText(forged)) });
      expect(await chainWords()).toBe('manifest 2 is not the one that the ledger knows: it was changed, or replaced');
    });
  });

  test('objects that a person adopts are listed as they stand, and watched from then on', async () => {
    const added = key(0).replace(/[0-9a-f]{32}\.parquet$/, `${'5'.repeat(32)}.parquet`);
    await stage.overwrite(added, await stage.read(key(0)));
    expect(await verified({ adoptAt: Date.parse('2026-11-22T11:40:00Z') })).toMatchObject({ adopted: 1, findings: [] });
    await stage.makeManifests('11:45');
    expect(await verified()).toMatchObject({ findings: [], intact: 5, manifests: 3 });
    await stage.remove(added);
    expect(await findings()).toMatchObject([{ kind: 'vanished', key: added }]);
  });

  /** As the attack of the issue does it: with DuckDB, keeping what the file says of itself. */
  async function rewritten(file: string, columns: string, more = ''): Promise<string> {
    const { metadata } = await readFooter(file);
    const pairs = Object.entries(metadata).map(([name, value]) => `"${name}": ${literal(value)}`);
    const connection = await connectDuckDb({ memoryMb: 100, spillFolder: join(stage.folder, 'spill') });
    const into = join(stage.folder, 'rewritten.parquet');
    await connection.run(
      `COPY (SELECT ${columns} FROM read_parquet(${literal(file)}) ${more}) TO ${literal(`${into}.new`)} (FORMAT parquet, KV_METADATA {${pairs.join(', ')}})`,
    );
    connection.closeSync();
    await rename(`${into}.new`, into);
    return into;
  }
}
