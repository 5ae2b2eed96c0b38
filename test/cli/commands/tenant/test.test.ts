/** `lake tenant test`: what it says to everything that can be wrong, as docs/connection-test.md shows it. */

import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { temporaryFolders } from '../../../helpers/temporary-folder.ts';
import { assertion, pem, rows, type Row } from './connection-rows.ts';
import { canaries, now, run, testTenant, withTenant, type Ended, type Flaw } from './connection-stage.ts';

const makeFolder = temporaryFolders();
let folder = '';
beforeAll(async () => {
  folder = await makeFolder();
  // The time of day alone stands still: what is printed is the same each time.
  jest.useFakeTimers({ now, doNotFake: [...timers] });
});
afterAll(() => {
  jest.useRealTimers();
});
const timers = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

const page = fileURLToPath(new URL('../../../../docs/connection-test.md', import.meta.url));
const runs = new Map<string, Ended>();

describe('what is wrong', () => {
  test.each(rows.map((row) => [row.what, row] as const))('%s: is reported in one line, with its cure', async (what, { flaw }: Row) => {
    const ended = await testTenant(flaw, folder);
    runs.set(what, ended);
    const { failed, cures } = read(ended);
    expect(cures).toHaveLength(failed.length);
    expect(cures.every((cure) => cure.length > 20)).toBe(true);
    expect(ended.code).toBe(failed.length > 0 ? 1 : 0);
    expect(/^Nothing|optional|still serves/.test(what)).toBe(failed.length === 0);
    expect(ended.err === '').toBe(failed.length === 0);
  });

  test('has words of its own each', () => {
    const first = [...runs.values()].flatMap((ended) => read(ended).failed[0]?.replace(/^\S+ \(\S+\): /, '') ?? []);
    expect(first.length).toBeGreaterThan(30);
    expect(new Set(first).size).toBe(first.length);
  });

  test('stands in docs/connection-test.md as it is printed; UPDATE_PAGE=1 writes it', async () => {
    const text = await readFile(page, 'utf8');
    const table = [headings, ...[...runs].map(([what, ended]) => rowOf(what, ended))].join('\n');
    if (process.env.UPDATE_PAGE === '1' && runs.size === rows.length) await writeFile(page, text.replace(between, `$1\n${table}\n$2`));
    expect(between.exec(await readFile(page, 'utf8'))?.[0]).toBe(`<!-- rows -->\n${table}\n<!-- /rows -->`);
  });
});

const between = /(<!-- rows -->)[^]*(<!-- \/rows -->)/;
const headings = '| What is wrong | What is reported | Cure |\n| --- | --- | --- |';

/** The parts of what was printed, without numbers of traces, thumbprints and the folder, which differ each time. */
function read({ out }: Ended): { readonly ok: string[]; readonly failed: string[]; readonly cures: string[]; readonly warnings: string[] } {
  const lines = out
    .replace(/ \(trace [\w-]+\)/g, '')
    .replace(/\b[0-9A-F]{64}\b/g, '…')
    .replaceAll(`${folder}/`, '')
    .split('\n');
  const after = (start: string) => lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length).trim());
  return { ok: after('ok '), failed: after('FAILED '), cures: after('        cure: '), warnings: after('        warning: ') };
}

function rowOf(what: string, ended: Ended): string {
  const { ok, failed, cures, warnings } = read(ended);
  const printed = failed.length > 0 ? failed : [...ok, ...warnings.map((warning) => `warning: ${warning}`)];
  return `| ${[what, printed.join('<br>'), cures.join('<br>')].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

describe('the command', () => {
  const well: Flaw = { logTypes: ['audit-exchange', 'directory-audits'] };

  test('tests the log types that are named alone', async () => {
    expect(read(await testTenant(well, folder, '--log-type', 'directory-audits')).ok).toEqual([
      expect.stringMatching(/^directory-audits /) as unknown,
    ]);
  });

  test('answers machines with the same as JSON', async () => {
    const change: Flaw['change'] = (_, app) => app.roles.delete('SecurityAlert.Read.All');
    const ended = await testTenant({ change, logTypes: ['audit-exchange', 'sign-ins-interactive', 'alerts'] }, folder, '--json');
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.out)).toMatchObject({
      name: 'contoso',
      checkedAt: '2026-11-22T12:00:00.000Z',
      logTypes: [
        {
          logType: 'audit-exchange',
          passed: true,
          subscription: 'enabled',
          isAuditing: true,
          newest: expect.stringMatching(/Z$/) as unknown,
        },
        { logType: 'sign-ins-interactive', passed: true, isLicensed: true },
        { logType: 'alerts', passed: false, isReached: true, isAllowed: false, problem: { code: 'missing-role', needs: 'person' } },
      ],
    });
  });

  test('says the same through the deployed function, which has the tenant’s parameters', async () => {
    const flaw: Flaw = { ...well, onAws: {} };
    const onAws = await testTenant(flaw, folder);
    // Not a word of a row that could not be written.
    expect(onAws.err).toBe('');
    expect(onAws.out).toBe((await testTenant(well, folder)).out);
  });

  test.each<{ name: string; flaw: Flaw; more?: string[]; says: RegExp }>([
    { name: 'no log type', flaw: { logTypes: [] }, says: /nobody was asked:\n {2}no log type is chosen; choose at least one/ },
    { name: 'a log type that is not chosen', flaw: well, more: ['--log-type', 'audit-exchagne'], says: /did you mean 'audit-exchange'\?/ },
    {
      name: 'a domain with a scheme',
      flaw: { ...well, config: { tenantDomain: 'https://x.example' } },
      says: /tenantDomain: 'https:\/\/x/,
    },
    { name: 'no secret', flaw: { ...well, stored: '' }, says: /credential\.secretFile: '.*credential' is empty/ },
    {
      name: 'sign-ins in a FedRAMP deployment',
      flaw: { logTypes: ['sign-ins-interactive'], onAws: { isFedramp: true } },
      says: /'sign-ins-interactive' is not offered in a FedRAMP deployment/,
    },
  ])('of a tenant with $name asks nobody and says why', async ({ flaw, more = [], says }) => {
    const ended = await testTenant(flaw, folder, ...more);
    expect(ended).toMatchObject({ code: 2, out: '', err: expect.stringMatching(says) as unknown });
  });

  test.each([
    {
      name: 'a tenant that is not there',
      parameters: ['contosso', '--tenants', 'FILE'],
      says: /there is no tenant 'contosso' in '.*tenants.json'/,
    },
    {
      name: 'a file that is not there',
      parameters: ['contoso', '--tenants', '/nowhere'],
      says: /the tenants file '\/nowhere' cannot be read/,
    },
    { name: 'a file and AWS', parameters: ['contoso', '--tenants', 'FILE', '--aws'], says: /cannot be used with option '--aws'/ },
    {
      name: 'a simulator elsewhere',
      parameters: ['contoso', '--simulator', 'http://192.0.2.1:80'],
      says: /it must be http on this machine/,
    },
  ])('refuses $name', async ({ parameters, says }) => {
    await testTenant(well, folder);
    const ended = await run('tenant', 'test', ...parameters.map((one) => (one === 'FILE' ? `${folder}/tenants.json` : one)));
    expect(ended).toMatchObject({ code: 2, out: '', err: expect.stringMatching(says) as unknown });
  });
});

describe('credentials', () => {
  /** What would reveal one: values, the key's own lines, the proof's signature, and the beginning of any token. */
  const never = [
    ...Object.values(canaries),
    ...pem.split('\n').filter((line) => line.length > 40),
    ...assertion.split('.').slice(1),
    'eyJ',
  ];
  const found = (text: string) => never.filter((canary) => text.includes(canary));

  test('are in no output, in no error and in no log of the function', async () => {
    process.env.LAKE_DEBUG = '1';
    const more: Ended[] = [];
    for (const onAws of [undefined, {}]) {
      const faults = { script: [{ route: 'subscriptions-list', request: 1, answer: 'AF429' }] };
      const flaw: Flaw = { faults, logTypes: ['audit-exchange'], ...(onAws && { onAws }) };
      more.push(await testTenant(flaw, folder), await testTenant({ ...flaw, stored: canaries.wrongSecret }, folder, '--json'));
    }
    delete process.env.LAKE_DEBUG;
    const everything = [...runs.values(), ...more].flatMap(({ out, err }) => [out, err]).join('\n');
    expect(everything).toContain('Microsoft did not give what was asked for');
    expect(found(everything)).toEqual([]);
  });

  test('are in no process list while the command runs', async () => {
    const late = { script: [1, 2, 3].map((request) => ({ route: '*', request, answer: 'late' })), lateMs: 700 };
    const main = fileURLToPath(new URL('../../../../cli/main.ts', import.meta.url));
    const seen = await withTenant({ logTypes: ['audit-exchange'], faults: late }, folder, async (parameters, asked) => {
      const child = spawn(process.execPath, [main, ...parameters], { stdio: 'ignore' });
      const ended = new Promise((resolve) => child.once('close', resolve));
      await asked;
      const listed = await processArguments(child.pid ?? 0);
      child.kill('SIGKILL');
      await ended;
      return listed;
    });
    expect(seen).toContain('contoso');
    expect(found(seen)).toEqual([]);
  });
});

function processArguments(pid: number): Promise<string> {
  const child = spawn('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      resolve(text);
    });
  });
}
