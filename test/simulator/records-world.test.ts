import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hours, minutes } from '../../shared/domain/window.ts';
import { withField } from '../../simulator/json-field.ts';
import { recordsWorld, type RecordsWorld } from '../../simulator/records-world.ts';
import { startAt } from './stage.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'records-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const write = (name: string, lines: readonly string[]) => writeFile(path.join(folder, name), lines.join('\n'));
const read = (): Promise<RecordsWorld> => recordsWorld({ folder, startAt });
const all = { start: 0, end: startAt };

test('management records are served as they stand, in blobs that are listed already', async () => {
  const lines = Array.from({ length: 120 }, (_, index) => `{ "Id":"${String(index)}",  "Big": 12345678901234567890, "Float": 1.0 }`);
  await write('audit-exchange.jsonl', lines);
  const world = await read();
  const blobs = world.blobs(world.tenants[0]?.tenantId ?? '', 'audit-exchange', all);
  expect(blobs.map((blob) => blob.records().length)).toEqual([50, 50, 20]);
  expect(blobs.flatMap((blob) => blob.records())).toEqual(lines);
  expect(blobs.every((blob) => blob.visibleAt <= startAt && blob.created >= startAt - hours(5))).toBe(true);
  expect(world.blob(world.tenants[0]?.tenantId ?? '', blobs[1]?.contentId ?? '')?.records()).toEqual(lines.slice(50, 100));
});

test('graph records keep everything but their time, and each gets an instant of its own', async () => {
  await write('sign-ins-interactive.jsonl', [
    '{"id":"a","createdDateTime":"2020-01-01T00:00:00Z","n":12345678901234567890}',
    '{"id":"a"}',
    '{}',
  ]);
  const world = await read();
  const versions = world.versions(world.tenants[0]?.tenantId ?? '', 'sign-ins-interactive', all);
  expect(versions.map((version) => version.text)).toEqual([
    '{"id":"a","createdDateTime":"2026-11-22T06:00:00.000Z","n":12345678901234567890}',
    '{"createdDateTime":"2026-11-22T07:50:00.000Z","id":"a"}',
    '{"createdDateTime":"2026-11-22T09:40:00.000Z"}',
  ]);
  expect(versions.every((version) => version.time < startAt - minutes(30) && version.visibleFrom <= startAt)).toBe(true);
});

test('packed files are read, and files that look like records under another name are named', async () => {
  await writeFile(path.join(folder, 'audit-general.jsonl.gz'), gzipSync('{"Id":"1"}\n{"Id":"2"}\n'));
  await write('directory-audits.json', ['[{"id":"a"}]']);
  await write('README.md', ['no records']);
  const world = await read();
  expect([...world.served]).toEqual([['audit-general', 2]]);
  expect(world.skipped).toEqual([
    { file: 'directory-audits.json', why: 'not read; JSON lines are in files like audit-exchange.jsonl or .jsonl.gz' },
  ]);
});

test('two files for one log type are refused, rather than one of them left out', async () => {
  await write('audit-general.jsonl', ['{"Id":"1"}']);
  await write('audit-general.ndjson', ['{"Id":"2"}']);
  await expect(read()).rejects.toThrow(/audit-general\.ndjson: there is a file for audit-general already; join the two/);
});

test('lines that are no record are named and left out', async () => {
  await write('dlp-all.jsonl', ['\uFEFF{"Id":"1"}\r', '', 'not json', '[1]', 'null', '"text"', '{"Id":"2"}']);
  const world = await read();
  expect(world.skipped).toEqual([
    { file: 'dlp-all.jsonl', line: 3, why: 'no JSON' },
    { file: 'dlp-all.jsonl', line: 4, why: 'no JSON object' },
    { file: 'dlp-all.jsonl', line: 5, why: 'no JSON object' },
    { file: 'dlp-all.jsonl', line: 6, why: 'no JSON object' },
  ]);
  expect([...world.served]).toEqual([['dlp-all', 2]]);
});

describe('a folder', () => {
  test('with a file of no log type is refused, naming the nearest', async () => {
    await write('audit-exchagne.jsonl', ['{}']);
    await expect(read()).rejects.toThrow("unknown log type 'audit-exchagne'; did you mean 'audit-exchange'?");
  });

  test('with other files has them left alone', async () => {
    await write('README.md', ['# records']);
    await write('alerts.jsonl', ['{"id":"1"}']);
    expect([...(await read()).served]).toEqual([['alerts', 1]]);
  });

  test('without any is refused', async () => {
    await expect(read()).rejects.toThrow('there is no .jsonl file');
  });

  test('read again with the same start time is the same', async () => {
    await write('alerts.jsonl', ['{"id":"1"}', '{"id":"2"}']);
    await write('audit-general.jsonl', ['{"Id":"1"}']);
    const [one, two] = [await read(), await read()];
    const id = one.tenants[0]?.tenantId ?? '';
    expect(two.versions(id, 'alerts', all)).toEqual(one.versions(id, 'alerts', all));
    expect(two.blobs(id, 'audit-general', all).map((blob) => blob.contentId)).toEqual(
      one.blobs(id, 'audit-general', all).map((blob) => blob.contentId),
    );
  });
});

describe('setting a field in a text', () => {
  test.each([
    { name: 'one inside another object stays', text: '{"a":{"t":"x"},"t":"y"}', set: '{"a":{"t":"x"},"t":"new"}' },
    { name: 'null is replaced', text: '{"t":null,"a":1.0}', set: '{"t":"new","a":1.0}' },
    { name: 'an object is replaced', text: '{"t":{"a":[1,"}"]},"b":2}', set: '{"t":"new","b":2}' },
    { name: 'a text that looks like it stays', text: '{"a":"\\"t\\":1","t":"y"}', set: '{"a":"\\"t\\":1","t":"new"}' },
    { name: 'a value that is its name stays', text: '{"a":"t","b":"t"}', set: '{"t":"new","a":"t","b":"t"}' },
    { name: 'an empty object gets it', text: '{ }', set: '{"t":"new" }' },
  ])('$name', ({ text, set }) => {
    expect(withField(text, 't', 'new')).toBe(set);
  });

  test('does what parsing and setting does, for every object', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.oneof(fc.constant('t'), fc.string()), fc.jsonValue(), { noNullPrototype: true }),
        fc.string(),
        (record, value) => {
          // `__proto__` as a key is set on the prototype by the reading side of this test, not by what is tested.
          fc.pre(!Object.hasOwn(record, '__proto__'));
          expect(JSON.parse(withField(JSON.stringify(record), 't', value))).toEqual(JSON.parse(JSON.stringify({ ...record, t: value })));
        },
      ),
    );
  });
});

test('a record that nests deeper than any collector reads is skipped by itself, and the ones beside it are served', async () => {
  const nested = (depth: number): string =>
    `{"Id":"${String(depth)}","text":"[[[\\"[","x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  await write('audit-exchange.jsonl', [nested(1_000), nested(1_001), nested(100_000), '{"Id":"b"}']);
  const world = await read();
  expect([...world.served]).toEqual([['audit-exchange', 2]]);
  expect(world.skipped.map(({ line, why }) => [line, why])).toEqual([
    [2, 'it nests deeper than 1,000: no collector could read its blob'],
    [3, 'it nests deeper than 1,000: no collector could read its blob'],
  ]);
});
