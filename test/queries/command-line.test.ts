import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readInstant } from '../../cli/commands/query/query-window.ts';
import { queryLibrary } from '../../queries/library.ts';
import { landRecords } from '../helpers/land-records.ts';
import { at, signIn } from './records.ts';

const root = join(import.meta.dirname, '../..');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'query-commands-'));
  const records = ['ada', 'ben', 'cleo'].map((name) => signIn(at('18 08:00'), name, { errorCode: 50126, ipAddress: '203.0.113.66' }));
  await landRecords(folder, [{ logType: 'sign-ins-interactive', records, at: Date.UTC(2026, 10, 18, 9) }]);
}, 30_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs `lake`; what it printed, or how it ended. */
async function lake(...parameters: string[]): Promise<{ out: string; err: string; code: number }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(root, 'cli/main.ts'), ...parameters]);
    return { out: stdout, err: stderr, code: 0 };
  } catch (error) {
    const { stdout = '', stderr = '', code = 1 } = error as { stdout?: string; stderr?: string; code?: number };
    return { out: stdout, err: stderr, code };
  }
}

describe('lake query @name', () => {
  const query = (...more: string[]) => lake('query', '@password-spray', '--lake', folder, '--json', ...more);

  test('runs a query of the library over a window, with the parameters that were set', async () => {
    const { out } = await query('--since', '2026-11-18', '--until', '2026-11-19', '--set', 'accounts=3');
    expect(JSON.parse(out)).toMatchObject([{ tenant_name: 'contoso', source_ip: '203.0.113.66', accounts: 3, failures: 3 }]);
    const { out: before } = await query('--since', '2026-11-17', '--until', '2026-11-18', '--set', 'accounts=3');
    expect(JSON.parse(before)).toEqual([]);
  }, 60_000);

  test.each([
    { parameters: ['query', '@pasword-spray'], complaint: "did you mean 'password-spray'?" },
    { parameters: ['query', 'SELECT 1', '--since', '7d'], complaint: 'are for queries of the library' },
    { parameters: ['query', '@password-spray', '--set', 'accounts'], complaint: 'write --set name=value' },
    {
      parameters: ['query', '@password-spray', '--since', '2026-11-19', '--until', '2026-11-18'],
      complaint: '--since is not before --until',
    },
  ])(
    '$parameters is refused',
    async ({ parameters, complaint }) => {
      const { err, code } = await lake(...parameters, '--lake', folder);
      expect({ code, isNamed: err.includes(complaint) }).toEqual({ code: 2, isNamed: true });
    },
    60_000,
  );
});

describe('lake queries', () => {
  test('lists every query with its question, and prints all of one', async () => {
    const { out } = await lake('queries', '--json');
    expect((JSON.parse(out) as { name: string }[]).map(({ name }) => name)).toEqual(queryLibrary().map(({ name }) => name));
    const { out: one } = await lake('queries', 'impossible-travel');
    expect(one).toContain('km_per_hour = 900: faster than this');
    expect(one).toContain('FROM msft_azure_ad_raw');
  }, 60_000);
});

describe('a window', () => {
  const now = Date.UTC(2026, 10, 21, 12);

  test.each([
    { text: '30m', is: Date.UTC(2026, 10, 21, 11, 30) },
    { text: '24h', is: Date.UTC(2026, 10, 20, 12) },
    { text: '7d', is: Date.UTC(2026, 10, 14, 12) },
    { text: '2026-11-20', is: Date.UTC(2026, 10, 20) },
    { text: '2026-11-20T08:00', is: Date.UTC(2026, 10, 20, 8) },
    { text: '2026-11-20 08:00:30', is: Date.UTC(2026, 10, 20, 8, 0, 30) },
    { text: '2026-11-20T08:00+02:00', is: Date.UTC(2026, 10, 20, 6) },
  ])('$text is an instant', ({ text, is }) => {
    expect(readInstant('--since', text, now)).toBe(is);
  });

  test.each(['yesterday', '7', '2026-13-01', '2026-11-20T25:00', ''])("'%s' is refused", (text) => {
    expect(() => readInstant('--since', text, now)).toThrow(`--since is '${text}': give a span`);
  });
});
