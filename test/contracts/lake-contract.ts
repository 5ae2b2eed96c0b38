import { beforeEach, describe, expect, test } from '@jest/globals';
import { landingKey, markFromMetadata, markToMetadata, quarantineKey, type ObjectMetadata } from '../../shared/domain/landing-key.ts';
import type { Lake, LakeInventory } from '../../shared/ports/lake.ts';
import { blobs, pass } from './samples.ts';

/** A lake under test, and how files for it are made and read back. */
export interface LakeSetup {
  readonly lake: Lake & LakeInventory;
  /** A folder for `get`. */
  readonly folder: string;
  /** Makes a file as the landing step would: so many rows, and the metadata within. */
  stage(rows: number, metadata: ObjectMetadata): Promise<string>;
  /** Makes a file of these bytes. */
  stageBytes(bytes: string): Promise<string>;
  /** The bytes of a file, for comparing two of them. */
  bytesOf(file: string): Promise<unknown>;
}

const dataset = 'msft_o365_exchange_online_raw';
const job = blobs('a', 'b');
const key = landingKey(dataset, job);
const mark = markToMetadata(job, { rows: 3, fates: 'le', isSplit: false });

/** What every lake keeps, whatever it is made of. @param make An empty one. */
export function lakeContract(make: () => Promise<LakeSetup>): void {
  let setup: LakeSetup;
  beforeEach(async () => {
    setup = await make();
  });

  describe('putOnce', () => {
    test('a free key has neither metadata nor content', async () => {
      expect(await setup.lake.head(key)).toBeUndefined();
      expect(await setup.lake.get(key, setup.folder)).toBeUndefined();
    });

    test('what is put is there, with what it says of itself', async () => {
      const file = await setup.stage(3, mark);
      const bytes = await setup.bytesOf(file);
      expect(await setup.lake.putOnce(key, file, mark)).toBe('put');

      const metadata = await setup.lake.head(key);
      expect(metadata).toMatchObject(mark);
      expect(markFromMetadata(job, metadata ?? {})).toEqual({ rows: 3, fates: 'le', isSplit: false });
      expect(await setup.bytesOf((await setup.lake.get(key, setup.folder)) ?? 'nothing')).toEqual(bytes);
    });

    test('the second learns that the key is taken, and the first stays', async () => {
      const other = markToMetadata(job, { rows: 5, fates: 'll', isSplit: false });
      const first = await setup.stage(3, mark);
      const bytes = await setup.bytesOf(first);
      expect(await setup.lake.putOnce(key, first, mark)).toBe('put');
      expect(await setup.lake.putOnce(key, await setup.stage(5, other), other)).toBe('taken');
      expect(await setup.lake.head(key)).toMatchObject(mark);
      expect(await setup.bytesOf((await setup.lake.get(key, setup.folder)) ?? 'nothing')).toEqual(bytes);
    });

    test('of 30 racing writers one wins, and its object is whole', async () => {
      const marks = Array.from({ length: 30 }, (_, index) => markToMetadata(job, { rows: index, fates: 'll', isSplit: false }));
      const files = await Promise.all(marks.map((own, rows) => setup.stage(rows, own)));
      const puts = await Promise.all(marks.map((own, index) => setup.lake.putOnce(key, files[index] ?? 'nothing', own)));

      const winner = puts.indexOf('put');
      expect(puts.filter((outcome) => outcome === 'put')).toHaveLength(1);
      expect(await setup.lake.head(key)).toMatchObject({ rows: String(winner) });
      const stored = await setup.bytesOf((await setup.lake.get(key, setup.folder)) ?? 'nothing');
      expect(stored).toEqual(await setup.bytesOf(files[winner] ?? 'nothing'));
    });

    test('the file that was put still belongs to whoever put it', async () => {
      const file = await setup.stage(3, mark);
      await setup.lake.putOnce(key, file, mark);
      const bytes = await setup.bytesOf(file);
      expect(await setup.bytesOf((await setup.lake.get(key, setup.folder)) ?? 'nothing')).toEqual(bytes);
    });

    test('two keys hold two objects', async () => {
      const other = blobs('c');
      const otherMark = markToMetadata(other, { rows: 1, fates: 'l', isSplit: false });
      await setup.lake.putOnce(key, await setup.stage(3, mark), mark);
      expect(await setup.lake.putOnce(landingKey(dataset, other), await setup.stage(1, otherMark), otherMark)).toBe('put');
      expect(await setup.lake.head(key)).toMatchObject(mark);
    });

    test('a window that was split says so at its key', async () => {
      const split = pass(1, '06:00', '07:00');
      const splitKey = landingKey('msft_azure_ad_raw', split);
      const closed = markToMetadata(split, { rows: 0, isSplit: true });
      await setup.lake.putOnce(splitKey, await setup.stage(0, closed), closed);
      expect(markFromMetadata(split, (await setup.lake.head(splitKey)) ?? {})).toEqual({ rows: 0, isSplit: true });
    });

    test('quarantine keeps bytes of any kind, once', async () => {
      const place = quarantineKey(dataset, job, 1);
      expect(await setup.lake.putOnce(place, await setup.stageBytes('[{"half'), {})).toBe('put');
      expect(await setup.lake.putOnce(place, await setup.stageBytes('other'), {})).toBe('taken');
      expect(await setup.lake.head(place)).toBeDefined();
      const stored = await setup.bytesOf((await setup.lake.get(place, setup.folder)) ?? 'nothing');
      expect(stored).toEqual(await setup.bytesOf(await setup.stageBytes('[{"half')));
    });
  });

  describe('inventory', () => {
    test('lists what begins with the prefix, by key, with its size and time', async () => {
      const [first, second] = ['2026-11-22T09', '2026-11-22T10'].map((landingHour) => landingKey(dataset, { ...job, landingHour }));
      for (const place of [second, first, landingKey('msft_o365_dlp_raw', job)]) {
        await setup.lake.putOnce(String(place), await setup.stage(3, mark), mark);
      }
      const found = await allOf(setup.lake.objects(`raw/${dataset}/`));
      expect(found.map((object) => object.key)).toEqual([first, second]);
      for (const { bytes, putAt } of found) expect({ hasBytes: bytes > 0, putAt }).toEqual({ hasBytes: true, putAt: expect.any(Number) });
      expect(await allOf(setup.lake.objects('raw/msft_azure_ad_raw/'))).toEqual([]);
    });

    test('describes an object with what only its file says', async () => {
      const metadata = { ...mark, members: '["a","b"]', tenant: 'contoso' };
      await setup.lake.putOnce(key, await setup.stage(3, metadata), mark);
      expect(await setup.lake.describe(key)).toMatchObject(metadata);
      expect(await setup.lake.describe(landingKey(dataset, blobs('z')))).toBeUndefined();
    });
  });

  test.each([
    '',
    'raw',
    'raw/',
    'raw/../x',
    '../raw/x',
    '/raw/x',
    'raw//x',
    'other/x',
    'raw/./x',
    'raw/.x',
    'raw/x\n',
    'raw\\x',
    'raw/x y',
  ])('a key that landing keys never look like is refused: %j', async (wrong) => {
    const file = await setup.stageBytes('x');
    await expect(setup.lake.putOnce(wrong, file, {})).rejects.toThrow('no key of the lake');
    await expect(setup.lake.head(wrong)).rejects.toThrow('no key of the lake');
    await expect(setup.lake.get(wrong, setup.folder)).rejects.toThrow('no key of the lake');
  });
}

async function allOf<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
