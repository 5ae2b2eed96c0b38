import { beforeEach, describe, expect, test } from '@jest/globals';
import { landingKey, markFromMetadata, markToMetadata, quarantineKey, type ObjectMetadata } from '../../shared/domain/landing-key.ts';
import type { Lake, LakeInventory } from '../../shared/ports/lake.ts';
import { blobs, pass } from './samples.ts';

export interface LakeGround {
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
export function lakeContract(make: () => Promise<LakeGround>): void {
  let ground: LakeGround;
  beforeEach(async () => {
    ground = await make();
  });

  describe('putOnce', () => {
    test('a free key has neither metadata nor content', async () => {
      expect(await ground.lake.head(key)).toBeUndefined();
      expect(await ground.lake.get(key, ground.folder)).toBeUndefined();
    });

    test('what is put is there, with what it says of itself', async () => {
      const file = await ground.stage(3, mark);
      const bytes = await ground.bytesOf(file);
      expect(await ground.lake.putOnce(key, file, mark)).toBe('put');

      const metadata = await ground.lake.head(key);
      expect(metadata).toMatchObject(mark);
      expect(markFromMetadata(job, metadata ?? {})).toEqual({ rows: 3, fates: 'le', isSplit: false });
      expect(await ground.bytesOf((await ground.lake.get(key, ground.folder)) ?? 'nothing')).toEqual(bytes);
    });

    test('the second is told that the key is taken, and the first stays', async () => {
      const other = markToMetadata(job, { rows: 5, fates: 'll', isSplit: false });
      const first = await ground.stage(3, mark);
      const bytes = await ground.bytesOf(first);
      expect(await ground.lake.putOnce(key, first, mark)).toBe('put');
      expect(await ground.lake.putOnce(key, await ground.stage(5, other), other)).toBe('taken');
      expect(await ground.lake.head(key)).toMatchObject(mark);
      expect(await ground.bytesOf((await ground.lake.get(key, ground.folder)) ?? 'nothing')).toEqual(bytes);
    });

    test('of 30 racing writers one wins, and its object is whole', async () => {
      const marks = Array.from({ length: 30 }, (_, index) => markToMetadata(job, { rows: index, fates: 'll', isSplit: false }));
      const files = await Promise.all(marks.map((own, rows) => ground.stage(rows, own)));
      const puts = await Promise.all(marks.map((own, index) => ground.lake.putOnce(key, files[index] ?? 'nothing', own)));

      const winner = puts.indexOf('put');
      expect(puts.filter((outcome) => outcome === 'put')).toHaveLength(1);
      expect(await ground.lake.head(key)).toMatchObject({ rows: String(winner) });
      const stored = await ground.bytesOf((await ground.lake.get(key, ground.folder)) ?? 'nothing');
      expect(stored).toEqual(await ground.bytesOf(files[winner] ?? 'nothing'));
    });

    test('the file that was put still belongs to whoever put it', async () => {
      const file = await ground.stage(3, mark);
      await ground.lake.putOnce(key, file, mark);
      const bytes = await ground.bytesOf(file);
      expect(await ground.bytesOf((await ground.lake.get(key, ground.folder)) ?? 'nothing')).toEqual(bytes);
    });

    test('two keys hold two objects', async () => {
      const other = blobs('c');
      const otherMark = markToMetadata(other, { rows: 1, fates: 'l', isSplit: false });
      await ground.lake.putOnce(key, await ground.stage(3, mark), mark);
      expect(await ground.lake.putOnce(landingKey(dataset, other), await ground.stage(1, otherMark), otherMark)).toBe('put');
      expect(await ground.lake.head(key)).toMatchObject(mark);
    });

    test('a window that was split says so at its key', async () => {
      const split = pass(1, '06:00', '07:00');
      const splitKey = landingKey('msft_azure_ad_raw', split);
      const closed = markToMetadata(split, { rows: 0, isSplit: true });
      await ground.lake.putOnce(splitKey, await ground.stage(0, closed), closed);
      expect(markFromMetadata(split, (await ground.lake.head(splitKey)) ?? {})).toEqual({ rows: 0, isSplit: true });
    });

    test('quarantine keeps bytes of any kind, once', async () => {
      const place = quarantineKey(dataset, job, 1);
      expect(await ground.lake.putOnce(place, await ground.stageBytes('[{"half'), {})).toBe('put');
      expect(await ground.lake.putOnce(place, await ground.stageBytes('other'), {})).toBe('taken');
      expect(await ground.lake.head(place)).toBeDefined();
      const stored = await ground.bytesOf((await ground.lake.get(place, ground.folder)) ?? 'nothing');
      expect(stored).toEqual(await ground.bytesOf(await ground.stageBytes('[{"half')));
    });
  });

  describe('inventory', () => {
    test('lists what begins with the prefix, by key, with its size and time', async () => {
      const [first, second] = ['2026-11-21', '2026-11-22'].map((landingDate) => landingKey(dataset, { ...job, landingDate }));
      for (const place of [second, first, landingKey('msft_o365_dlp_raw', job)]) {
        await ground.lake.putOnce(String(place), await ground.stage(3, mark), mark);
      }
      const found = await allOf(ground.lake.objects(`raw/${dataset}/`));
      expect(found.map((object) => object.key)).toEqual([first, second]);
      for (const { bytes, putAt } of found) expect({ hasBytes: bytes > 0, putAt }).toEqual({ hasBytes: true, putAt: expect.any(Number) });
      expect(await allOf(ground.lake.objects('raw/msft_azure_ad_raw/'))).toEqual([]);
    });

    test('describes an object with what only its file says', async () => {
      const said = { ...mark, members: '["a","b"]', tenant: 'contoso' };
      await ground.lake.putOnce(key, await ground.stage(3, said), mark);
      expect(await ground.lake.describe(key)).toMatchObject(said);
      expect(await ground.lake.describe(landingKey(dataset, blobs('z')))).toBeUndefined();
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
    const file = await ground.stageBytes('x');
    await expect(ground.lake.putOnce(wrong, file, {})).rejects.toThrow('no key of the lake');
    await expect(ground.lake.head(wrong)).rejects.toThrow('no key of the lake');
    await expect(ground.lake.get(wrong, ground.folder)).rejects.toThrow('no key of the lake');
  });
}

async function allOf<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
