import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { instantOf } from '../../../shared/microsoft/instant-of.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'shared', 'microsoft');
const module = pathToFileURL(join(folder, 'instant-of.ts')).href;
const at = '2026-11-22T06:10:30.000Z';

const rows = [
  { time: '2026-11-22T06:10:30', is: at },
  { time: '2026-11-22T06:10:30.0000000', is: at },
  { time: ' 2026-11-22T06:10:30Z ', is: at },
  { time: '2026-11-22T01:10:30-05:00', is: at },
  { time: '2026-11-22 06:10:30', is: at },
  { time: 'Sun, 22 Nov 2026 06:10:30 GMT', is: at },
  { time: 'Sun, 22 Nov 2026 06:10:30', is: at },
  { time: 'Sun Nov 22 06:10:30 2026', is: at },
  { time: '2026-11-22', is: '2026-11-22T00:00:00.000Z' },
  { time: '', is: null },
  { time: 'yesterday', is: null },
];

test.each(rows)("'$time' is the same instant wherever these tests run", ({ time, is }) => {
  const instant = instantOf(time);
  expect(instant === undefined ? null : new Date(instant).toISOString()).toBe(is);
});

test.each(['America/New_York', 'Asia/Kolkata', 'UTC'])('a time without a zone is in UTC on a machine in %s', (zone) => {
  const script = `
    const { instantOf } = await import(${JSON.stringify(module)});
    const instants = ${JSON.stringify(rows)}.map(({ time }) => instantOf(time));
    console.log(JSON.stringify(instants.map((instant) => (instant === undefined ? null : new Date(instant)))));`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { env: { TZ: zone }, encoding: 'utf8' });
  expect(JSON.parse(printed)).toEqual(rows.map(({ is }) => is));
});

test('no other file here reads a time, in which a zone could be missing', () => {
  const reading = readdirSync(folder).filter((name) => /Date\.parse|new Date\(/.test(readFileSync(join(folder, name), 'utf8')));
  expect(reading).toEqual(['instant-of.ts']);
});
