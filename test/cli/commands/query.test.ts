import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { askForParameters } from '../../../cli/commands/query.ts';
import { openLakeFolder } from '../../../local/lake-folder.ts';
import { queryLibrary, queryNamed } from '../../../queries/library.ts';
import { runLake } from '../../helpers/run-lake.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
let folder: string;
let lake: string;
beforeAll(async () => {
  folder = await makeFolder();
  lake = join(folder, 'lake');
  (await openLakeFolder(lake, { exclusive: true })).close();
});

const query = (...parameters: string[]) => runLake('query', '--lake', lake, ...parameters);

/** In a process of its own, with this as its standard input. */
function queryWithInput(input: string, ...parameters: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [main, 'query', '--lake', lake, ...parameters]);
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, out, err });
    });
  });
}

describe('lake query', () => {
  test('reads its statement from standard input', async () => {
    expect(await queryWithInput('SELECT 1 AS one,\n  NULL AS nothing', '-')).toEqual({ code: 0, out: 'one\tnothing\n1\t\n', err: '' });
  }, 30_000);

  test('reads its statement from a file, with a byte order mark too', async () => {
    const file = join(folder, 'query.sql');
    await writeFile(file, '\ufeffSELECT 2 AS two');
    expect(await query('--file', file)).toEqual({ code: 0, out: 'two\n2\n', err: '' });
  });

  test('works on a lake whose path has the characters of a pattern', async () => {
    const odd = join(folder, 'a[1] b*c?d');
    await mkdir(odd);
    (await openLakeFolder(join(odd, 'lake'), { exclusive: true })).close();
    const record = {
      Id: 'a',
      CreationTime: '2026-11-20T08:00:00',
      Operation: 'New-InboxRule',
      RecordType: 1,
      UserId: 'ann@contoso.example',
    };
    await writeFile(join(odd, 'audit-exchange.jsonl'), `${JSON.stringify(record)}\n`);
    const imported = await runLake(
      ...['import', '--lake', join(odd, 'lake'), '--log-type', 'audit-exchange', '--tenant', 'contoso'],
      join(odd, 'audit-exchange.jsonl'),
    );
    expect(imported).toMatchObject({ code: 0 });
    expect(await runLake('query', '--lake', join(odd, 'lake'), 'SELECT operation FROM msft_o365_exchange_online')).toMatchObject({
      out: 'operation\nNew-InboxRule\n',
    });
  }, 30_000);

  test.each([
    { what: 'nothing', parameters: [], says: 'there is no query' },
    { what: 'a statement and a file', parameters: ['SELECT 1', '--file', 'x.sql'], says: 'not both' },
    { what: 'a file that is not there', parameters: ['--file', '/nowhere/x.sql'], says: "'/nowhere/x.sql' cannot be read (ENOENT)" },
    { what: 'an unknown query', parameters: ['@password-spry'], says: "did you mean 'password-spray'? Also near are" },
    { what: 'an unknown dataset', parameters: ['FROM msft_azure_adit'], says: "did you mean 'msft_azure_ad'? Also near are" },
    {
      what: 'a query that is not given what to look for',
      parameters: ['@user-timeline'],
      says: '--set user=ada@contoso.example (whose timeline)',
    },
  ])('refuses $what', async ({ parameters, says }) => {
    const { code, out, err } = await query(...parameters);
    expect({ out, err }).toEqual({ out: '', err: expect.stringContaining(says) });
    expect(code).toBe(says.includes('msft') ? 1 : 2);
  });
});

describe('the parameters of a library query', () => {
  const timeline = queryNamed('user-timeline', queryLibrary());
  const person = (answer: string) => {
    const questions: string[] = [];
    return {
      questions,
      ask: (question: string) => {
        questions.push(question);
        return Promise.resolve(answer);
      },
    };
  };

  test('are asked for where somebody is there, and are not set', async () => {
    const there = person('ann@contoso.example');
    expect(await askForParameters(timeline, {}, there)).toEqual({ user: 'ann@contoso.example' });
    expect(there.questions).toEqual(['user, whose timeline (such as ada@contoso.example)']);
  });

  test('are not asked for when they are set, or have a number that is usual', async () => {
    const there = person('');
    expect(await askForParameters(timeline, { user: 'ann@contoso.example' }, there)).toEqual({});
    expect(await askForParameters(queryNamed('password-spray', queryLibrary()), {}, there)).toEqual({});
    expect(there.questions).toEqual([]);
  });
});
