import { spawn } from 'node:child_process';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { runCommandLine } from '../../cli/command-line.ts';
import { exchangeRecord } from '../helpers/sample-records.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function lake(...parameters: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, COLUMNS: '100' },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, out, err });
    });
  });
}

/** The same without a process of its own, for what does not get as far as an answer. */
async function runLake(...parameters: string[]): Promise<Ended> {
  let [out, err] = ['', ''];
  const code = await runCommandLine(parameters, { out: (text) => (out += text), err: (text) => (err += text) });
  return { code, out, err };
}

/** Files and folders of the lake that anybody but their owner may read or write. */
async function openToOthers(lakeFolder: string): Promise<string[]> {
  const names = await readdir(lakeFolder, { recursive: true });
  expect(names.length).toBeGreaterThan(5);
  const modes = await Promise.all(names.map(async (name) => ({ name, mode: (await stat(join(lakeFolder, name))).mode & 0o077 })));
  return modes.filter(({ mode }) => mode !== 0).map(({ name }) => name);
}

let folder = '';
let records = '';
beforeAll(async () => {
  folder = join(await makeFolder(), '.lake');
  records = join(await makeFolder(), 'records.jsonl');
  await writeFile(records, ['one', 'two'].map((id) => JSON.stringify(exchangeRecord(id))).join('\n'));
});

/** Each a process: a second or so of a machine that has nothing else to do. */
const timeoutMs = 60_000;

describe('the command line', () => {
  test(
    'imports, then lists what is there, and answers queries',
    async () => {
      const imported = await lake('import', '--lake', folder, '--log-type', 'audit-exchange', '--tenant', 'contoso', '--json', records);
      expect(imported).toMatchObject({ code: 0, err: '' });
      expect(JSON.parse(imported.out)).toMatchObject({
        read: 2,
        landed: 2,
        alreadyThere: 0,
        quarantined: 0,
        tenantId: exchangeRecord('').OrganizationId,
      });

      // Whatever the umask of whoever started it, what it made is the owner's alone.
      expect(await openToOthers(folder)).toEqual([]);

      const datasets = await lake('datasets', '--lake', folder);
      expect(datasets.out).toMatch(/^msft_o365_exchange_online +view +2 +2026-11-21 08:00:00 +audit-exchange$/m);

      const sql = 'SELECT record_id, event_time FROM msft_o365_exchange_online ORDER BY ALL';
      const query = await lake('query', '--lake', folder, '--json', sql);
      expect(query).toMatchObject({ code: 0, err: '' });
      expect(JSON.parse(query.out)).toEqual(['one', 'two'].map((id) => ({ record_id: id, event_time: '2026-11-21T08:00:00.000Z' })));
    },
    timeoutMs,
  );

  test.each([
    { name: 'a command that is misspelled', parameters: ['quer', 'SELECT 1'], code: 2, says: 'Did you mean query?' },
    { name: 'an option that is misspelled', parameters: ['query', '--jsn', 'SELECT 1'], code: 2, says: 'Did you mean --json?' },
    { name: 'two forms at once', parameters: ['query', '--json', '--csv', 'SELECT 1'], code: 2, says: 'cannot be used with' },
    { name: 'a number that is no number', parameters: ['query', '--limit', 'x', 'SELECT 1'], code: 2, says: 'whole number' },
    { name: 'a folder without a lake', parameters: ['query', '--lake', '/nowhere', 'SELECT 1'], code: 2, says: "no lake in '/nowhere'" },
    {
      name: 'a log type that is misspelled',
      parameters: ['import', '--log-type', 'audit-exchagne', '--tenant', 'contoso', 'file'],
      code: 2,
      says: "did you mean 'audit-exchange'?",
    },
    {
      name: 'a file that is not there',
      parameters: ['import', '--log-type', 'alerts', '--tenant', 'contoso', '/nowhere'],
      code: 2,
      says: "'/nowhere' cannot be read (ENOENT)",
    },
    { name: 'a dataset that is misspelled', parameters: ['describe', 'msft_azure_da'], code: 2, says: "did you mean 'msft_azure_ad'?" },
    {
      name: 'a normalized dataset that is misspelled',
      parameters: ['normalize', '--dataset', 'saas_audit_log'],
      code: 2,
      says: "did you mean 'saas_audit_logs'?",
    },
    {
      name: 'a landing date that is no date',
      parameters: ['normalize', '--dataset', 'saas_audit_logs', '--from', 'yesterday'],
      code: 2,
      says: 'Give a date such as 2026-11-20.',
    },
    {
      name: 'a deployment in no region',
      parameters: ['normalize', '--dataset', 'saas_audit_logs', '--aws', '--replace'],
      code: 2,
      says: 'no region is set; name the one of the deployment with AWS_REGION',
    },
  ])('ends with $code for $name, in words without a stack', async ({ parameters, code, says }) => {
    const ended = await runLake(...parameters);
    expect({ code: ended.code, out: ended.out }).toEqual({ code, out: '' });
    expect(ended.err).toContain(says);
    expect(ended.err).not.toContain('    at ');
  });

  test('ends with 1 for a query that fails, with what DuckDB says', async () => {
    const ended = await runLake('query', '--lake', folder, 'SELECT nope FROM msft_o365_exchange_online');
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toContain('Referenced column "nope" not found');
  });

  test('teaches: every command has help with examples', async () => {
    const help = await runLake('--help');
    expect(help.code).toBe(0);
    for (const command of ['start', 'query', 'datasets', 'describe', 'import', 'normalize', 'simulate'])
      expect(help.out).toContain(`  ${command} `);
    const ended = await Promise.all(
      ['query', 'datasets', 'describe', 'import', 'normalize', 'simulate'].map((command) => runLake(command, '--help')),
    );
    for (const { code, out } of ended) {
      expect(code).toBe(0);
      expect(out).toContain('Examples:\n  lake ');
      expect(out).toContain('Exit codes: 0 success');
    }
  });
});
