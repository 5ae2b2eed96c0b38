import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { systemClock } from '../../../local/clock.ts';
import { openIndicators } from '../../../local/indicator-lists.ts';
import { landRecords } from '../../helpers/land-records.ts';
import { runLake } from '../../helpers/run-lake.ts';

let folder: string;
let lake: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'indicators-'));
  lake = join(folder, 'lake');
});
afterEach(() => rm(folder, { recursive: true }));

async function imported(name: string, content: string | Buffer, ...options: string[]) {
  await writeFile(join(folder, name), content);
  return runLake('indicators', 'import', join(folder, name), '--lake', lake, ...options);
}

function found(value: string) {
  const indicators = openIndicators(lake);
  try {
    return indicators.find('ip', value, undefined)?.source;
  } finally {
    indicators.close();
  }
}

const bundle = {
  type: 'bundle',
  id: 'bundle--1',
  objects: [{ type: 'indicator', id: 'indicator--1', pattern: "[ipv4-addr:value = '203.0.113.7']" }],
};
const misp = { Event: { info: 'Campaign', Attribute: [{ type: 'ip-src', value: '203.0.113.7' }] } };

test.each([
  ['CSV', 'first_seen,ioc_value,ioc_type\n2026-11-01,203.0.113.7,ip\n'],
  ['CSV with quotes and semicolons', '"Value";"Description"\r\n"203.0.113.7";"said ""hello"""\r\n'],
  ['CSV whose headings stand in a comment', '# a feed\n# value,comment\n203.0.113.7,relay\n'],
  ['one value a line', '# a feed\n203.0.113.7\n\n203.0.113.8\n'],
  ['UTF-16, as PowerShell writes it', Buffer.from('\uFEFFvalue\r\n203.0.113.7\r\n', 'utf16le')],
  ['a STIX bundle', JSON.stringify(bundle)],
  ['a STIX bundle with a byte order mark', `\uFEFF${JSON.stringify(bundle)}`],
  ['an event of MISP', JSON.stringify(misp)],
])('%s is imported, and found', async (_, content) => {
  expect(await imported('feed.txt', content)).toMatchObject({ code: 0 });
  expect(found('203.0.113.7')).toBe('feed');
  expect(found('203.0.113.9')).toBeUndefined();
});

test('what is no indicator costs itself alone, and is reported', async () => {
  const { code, out } = await imported('feed.csv', 'value,type\n203.0.113.7,ip\nnowhere,ip\n"broken\n203.0.113.8,ip\n');
  expect(code).toBe(0);
  expect(out).toContain('feed: 2 indicators (2 ip); the lake has 2 now');
  expect(out).toContain('nowhere: is no ip');
  expect(out).toContain('2 not taken');
});

test('a list takes the place of the one of its name, beside the others, and can be removed', async () => {
  await imported('feed.csv', '203.0.113.7\n');
  await imported('other.csv', '203.0.113.9\n', '--name', 'feed-2');
  await imported('feed.csv', '203.0.113.8\n');
  expect(['203.0.113.7', '203.0.113.8', '203.0.113.9'].map(found)).toEqual([undefined, 'feed', 'feed-2']);
  expect(JSON.parse((await runLake('indicators', 'list', '--lake', lake, '--json')).out)).toEqual([
    { list: 'feed', indicators: 1 },
    { list: 'feed-2', indicators: 1 },
  ]);
  expect(await runLake('indicators', 'remove', 'feed', '--lake', lake)).toMatchObject({ code: 0 });
  expect(['203.0.113.8', '203.0.113.9'].map(found)).toEqual([undefined, 'feed-2']);
  expect((await readdir(join(lake, 'indicators'))).sort()).toEqual(['feed-2.ndjson', 'index.bin']);
});

test.each([
  ['a file that is not there', [], 'there is no file'],
  ['a name that is no name', ['--name', '../up'], "a list cannot be called '../up'"],
])('%s is wrong usage', async (what, options, message) => {
  if (what === 'a name that is no name') await writeFile(join(folder, 'none.csv'), '203.0.113.7\n');
  const { code, err } = await runLake('indicators', 'import', join(folder, 'none.csv'), '--lake', lake, ...options);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) });
});

test('JSON of another kind, and a file without an indicator, are refused', async () => {
  expect(await imported('a.json', '{"a": 1}')).toMatchObject({
    code: 2,
    err: expect.stringContaining('neither a STIX 2.1 bundle nor what MISP exports'),
  });
  expect(await imported('b.json', '{"a": ')).toMatchObject({ code: 2, err: expect.stringContaining('begins like JSON and is none') });
  expect(await imported('c.csv', 'hello world\n')).toMatchObject({ code: 2, err: expect.stringContaining('nothing of') });
});

test('a list that is not there is named with the nearest', async () => {
  await imported('feed.csv', '203.0.113.7\n');
  const { code, err } = await runLake('indicators', 'remove', 'fed', '--lake', lake);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("'fed'") });
});

test('a list that is imported while records land counts soon', async () => {
  await imported('feed.csv', '203.0.113.7\n');
  const indicators = openIndicators(lake);
  try {
    await imported('feed.csv', '203.0.113.8\n');
    const answers = Array.from({ length: 300 }, () => indicators.find('ip', '203.0.113.8', undefined)?.source);
    expect([answers[0], answers.at(-1)]).toEqual([undefined, 'feed']);
  } finally {
    indicators.close();
  }
});

test('what landed before the list is looked at once, is found, and nobody is notified', async () => {
  const at = systemClock.now();
  const record = {
    ...{ id: 'a', activityDateTime: new Date(at - 60_000).toISOString(), activityDisplayName: 'Update user' },
    initiatedBy: { user: { id: 'u', userPrincipalName: 'lee@contoso.example', ipAddress: '203.0.113.7' } },
  };
  await landRecords(lake, [{ logType: 'directory-audits', at, records: [record] }]);
  const first = await imported('feed.csv', 'value,type\n203.0.113.7,ip\n', '--json');
  expect(JSON.parse(first.out)).toMatchObject({ taken: 1, lookedBack: { objects: 1, findings: 1 } });
  const shown = JSON.parse((await runLake('findings', '--all', '--lake', lake, '--json')).out) as { quiet: string }[];
  expect(shown.map(({ quiet }) => quiet)).toEqual(['the indicator is newer than the record']);
  const again = await imported('feed.csv', 'value,type\n203.0.113.7,ip\n', '--json');
  expect(JSON.parse(again.out)).toMatchObject({ lookedBack: { objects: 1, findings: 0 } });
});
