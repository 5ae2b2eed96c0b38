/** A tenant by the command line: added, looked at, tested, enabled, changed, removed; and its secret, which is never seen. */

import { execFileSync, spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../../local/clock.ts';
import { openLakeFolder } from '../../../../local/lake-folder.ts';
import { openLedger } from '../../../../local/ledger.ts';
import { benchWorld } from '../../../../simulator/bench-world.ts';
import { startSimulator, type Simulator } from '../../../../simulator/simulator.ts';
import { simulatedTenant } from '../../../../simulator/tenants.ts';
import { contoso, exchange, nothing } from '../../../contracts/samples.ts';
import { runLake, type LakeRun } from '../../../helpers/run-lake.ts';
import { temporaryFolders } from '../../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const canary = 'kA7~9Q~canary.of.the.value-0123456789abcd';
const tenant = simulatedTenant({ name: 'contoso', tenantId: contoso, secret: canary, subscribed: ['Audit.Exchange', 'DLP.All'] });
const clientId = tenant.apps[0]?.clientId ?? '';
tenant.apps[0]?.roles.delete('ActivityFeed.ReadDlp');
tenant.dlpNeedsReadDlp = true;

let simulator: Simulator;
let lake = '';
let everything: LakeRun[] = [];
beforeAll(async () => {
  const world = benchWorld({ startAt: systemClock.now(), records: 10, blobs: 2, tenant });
  simulator = await startSimulator({ world, clock: systemClock, throttle: 'off' });
});
afterAll(() => simulator.close());
beforeEach(async () => {
  lake = join(await makeFolder(), 'lake');
  everything = [];
  process.env.MY_SECRET = canary;
});
afterAll(() => {
  Reflect.deleteProperty(process.env, 'MY_SECRET');
});

async function run(...parameters: readonly string[]): Promise<LakeRun> {
  const ended = await runLake(...parameters, '--lake', lake);
  everything.push(ended);
  process.exitCode = undefined;
  return ended;
}

const words = ['--domain', 'contoso.onmicrosoft.com', '--client-id', clientId];
const credential = ['--credential-env', 'MY_SECRET'];
const add = (logTypes = 'audit-exchange', ...more: readonly string[]) =>
  run('tenant', 'add', 'contoso', ...words, '--log-types', logTypes, ...credential, ...more);
const config = async (): Promise<Record<string, unknown>> =>
  (JSON.parse(await readFile(join(lake, 'tenants.json'), 'utf8')) as Record<string, Record<string, unknown>>).contoso ?? {};

describe('a tenant', () => {
  test('is added switched off, with what comes next', async () => {
    const { code, out, err } = await add('audit-exchange,directory-audits');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`lake tenant permissions contoso --lake ${lake}`);
    expect(await config()).toMatchObject({ enabled: false, tenantDomain: 'contoso.onmicrosoft.com', clientId });
    expect((await run('tenant', 'list')).out).toMatch(/^contoso\tdisabled\tcontoso\.onmicrosoft\.com\tenterprise, global\tsecret/m);
    expect((await run('status')).out).toMatch(/^contoso\taudit-exchange\tdisabled/m);
  });

  test('is enabled as far as its test passes; what fails waits, until it passes', async () => {
    await add('audit-exchange,dlp-all');
    const enabled = await run('tenant', 'enable', 'contoso', '--simulator', simulator.baseUrl);
    expect(enabled.code).toBe(1);
    expect(enabled.out).toMatch(/FAILED {2}dlp-all .*ActivityFeed\.ReadDlp[\s\S]*tenant 'contoso' is enabled: audit-exchange\n/);
    expect(enabled.err).toContain('waiting for their test to pass: dlp-all');
    expect(await config()).toMatchObject({ enabled: true, managementActivity: { logTypes: ['audit-exchange'], waiting: ['dlp-all'] } });
    expect((await run('status')).out).toMatch(/dlp-all\twaiting: its test has not passed/);

    tenant.dlpNeedsReadDlp = false;
    tenant.apps[0]?.roles.add('ActivityFeed.ReadDlp');
    const again = await run('tenant', 'enable', 'contoso', '--simulator', simulator.baseUrl);
    tenant.dlpNeedsReadDlp = true;
    tenant.apps[0]?.roles.delete('ActivityFeed.ReadDlp');
    expect({ code: again.code, err: again.err }).toEqual({ code: 0, err: '' });
    expect((await config()).managementActivity).toEqual({ cloud: 'enterprise', logTypes: ['audit-exchange', 'dlp-all'] });
  });

  test('of which nothing passes stays as it was, unless somebody insists', async () => {
    await add('dlp-all');
    const refused = await run('tenant', 'enable', 'contoso', '--simulator', simulator.baseUrl);
    expect(refused.err).toContain("no log type passed, so tenant 'contoso' was not changed");
    expect((await config()).enabled).toBe(false);
    expect((await run('tenant', 'enable', 'contoso', '--anyway', '--simulator', simulator.baseUrl)).code).toBe(0);
    expect(await config()).toMatchObject({ enabled: true, managementActivity: { logTypes: ['dlp-all'] } });
    expect((await run('tenant', 'disable', 'contoso')).out).toContain('its subscriptions stay as they are');
    expect((await config()).enabled).toBe(false);
    expect([...simulator.requestLog.requests.keys()].filter((route) => route.includes('stop'))).toEqual([]);
  });

  test('moves from the retired alerts to those that replace them', async () => {
    const added = await add('alerts-legacy');
    expect(added.err).toMatch(/^warning: alerts-legacy: Microsoft retired this API on 2026-10-15/);
    expect((await run('status')).code).toBe(0);
    const edited = await run('tenant', 'edit', 'contoso', '--replace', 'alerts-legacy=alerts');
    expect({ code: edited.code, err: edited.err }).toEqual({ code: 0, err: '' });
    expect((await config()).graph).toEqual({ cloud: 'global', logTypes: ['alerts'] });
    expect((await run('tenant', 'edit', 'contoso', '--replace', 'alerts-legacy=alerts')).err).toContain('not among what is collected');
  });

  test('gets another credential, and nothing else changes', async () => {
    await add();
    const before = await config();
    process.env.MY_SECRET = `${canary}-2`;
    expect((await run('tenant', 'edit', 'contoso', ...credential)).code).toBe(0);
    expect(await config()).toEqual(before);
    expect(await readFile(join(lake, 'credentials', 'contoso.secret'), 'utf8')).toBe(`${canary}-2\n`);
    expect((await run('tenant', 'edit', 'contoso')).err).toContain('nothing to change');
    expect((await run('tenant', 'edit', 'contoso', '--credential', 'certificate')).err).toContain('a certificate is needed now');
  });

  test('is removed with its state only when that is asked for', async () => {
    await add();
    const folder = await openLakeFolder(lake, { exclusive: true });
    const ledger = openLedger(folder.ledgerFile);
    await ledger.noteTenantId('contoso', contoso);
    const gap = { stream: exchange, from: 0, to: 1, reason: 'not listed' };
    await ledger.commitCursor(exchange, 0, { watermarks: [1] }, { ...nothing, gaps: [gap] });
    expect((await run('tenant', 'remove', 'contoso')).err).toContain('add --yes');
    expect((await run('tenant', 'remove', 'contoso', '--yes')).code).toBe(0);
    expect(await ledger.readCursor(exchange)).toMatchObject({ version: 1 });

    await add();
    expect((await run('tenant', 'remove', 'contoso', '--purge', '--yes')).err).toContain('used by another run');
    await add();
    folder.close();
    expect((await run('tenant', 'remove', 'contoso', '--purge', '--yes')).out).toContain('forgot 1 entries');
    expect(await ledger.readCursor(exchange)).toBeUndefined();
    expect(await ledger.gaps(exchange)).toEqual([gap]);

    await add();
    await ledger.noteTenantId('contoso', contoso);
    expect((await run('tenant', 'remove', 'contoso', '--purge-losses', '--yes')).err).toContain('goes with --purge only');
    expect((await run('tenant', 'remove', 'contoso', '--purge', '--purge-losses', '--yes')).out).toContain('forgot 1 entries');
    expect(await ledger.gaps(exchange)).toEqual([]);
    ledger.close();
  });
});

describe('a command that an output names works as it is printed', () => {
  const places = [
    { where: 'in the lake folder', options: () => ['--lake', lake] },
    { where: 'in a file of its own', options: () => ['--tenants', join(lake, 'tenants.json')] },
    { where: 'in a file beside another lake', options: () => ['--tenants', join(lake, 'tenants.json'), '--lake', join(lake, 'data')] },
    { where: 'in a folder with a space', options: () => ['--tenants', join(lake, "everybody's tenants", 'tenants.json')] },
  ];
  test.each(places)('$where', async ({ options }) => {
    const added = await runLake('tenant', 'add', 'contoso', ...words, '--log-types', 'audit-exchange,dlp-all', ...credential, ...options());
    const [permissions = '', tested = '', enabled = ''] = added.out.match(/(?<=^ {2})lake tenant .*(?= {3})/gm) ?? [];
    const granted = await runLake(...typed(permissions));
    expect({ code: granted.code, err: granted.err }).toEqual({ code: 0, err: '' });
    const [again = ''] = namedIn(granted.out);
    const ofSimulator = ['--simulator', simulator.baseUrl];
    for (const line of [tested, again]) {
      const { code, out } = await runLake(...typed(line), ...ofSimulator);
      expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(/^ok +audit-exchange [^]*^FAILED +dlp-all /m) as unknown });
      expect((await runLake(...typed(namedIn(out)[0] ?? ''))).out).toBe(granted.out);
    }
    const waiting = await runLake(...typed(enabled), ...ofSimulator);
    expect(waiting.out).toContain("tenant 'contoso' is enabled: audit-exchange");
    expect((await runLake(...typed(namedIn(waiting.err)[0] ?? ''), ...ofSimulator)).err).toBe(waiting.err);
    const edited = await runLake('tenant', 'edit', 'contoso', '--drop', 'dlp-all', ...options());
    expect(await runLake(...typed(namedIn(edited.out)[0] ?? ''), ...ofSimulator)).toMatchObject({ code: 0, err: '' });
    const twice = await runLake('tenant', 'add', 'contoso', ...words, '--log-types', 'alerts', ...credential, ...options());
    expect((await runLake(...typed(namedIn(twice.err)[0] ?? ''), '--add', 'alerts')).code).toBe(0);
  });

  test.each(places)('where there is no tenant, $where', async ({ options }) => {
    const { err } = await runLake('tenant', 'show', 'contoso', ...options());
    const added = await runLake(...typed(namedIn(err)[0] ?? ''), ...words, '--log-types', 'alerts', ...credential);
    expect(added).toMatchObject({ code: 0, err: '' });
    expect((await runLake('tenant', 'show', 'contoso', ...options())).code).toBe(0);
  });

  /** Each stands in quotes, and may have some of its own. */
  const namedIn = (text: string): string[] =>
    text.match(/(?<=')lake tenant \w+ contoso(?: --\w+ (?:'(?:[^']|'\\'')*'|[^ ']+))*(?=')/g) ?? [];
  /** The words that a shell makes of a line, without the name of the program. */
  const typed = (line: string): string[] =>
    execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .slice(1);
});

test('every change and every test leaves a row of who made it, and the values of no field', async () => {
  await add();
  await run('tenant', 'edit', 'contoso', '--collect-from', '2026-11-20T00:00:00Z');
  await run('tenant', 'enable', 'contoso', '--anyway', '--simulator', simulator.baseUrl);
  await run('tenant', 'disable', 'contoso');
  await run('tenant', 'test', 'contoso', '--simulator', simulator.baseUrl);
  await run('tenant', 'remove', 'contoso', '--yes');
  const { out } = await run('tenant', 'history', '--json');
  const rows = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { action: string; changed: string[]; who: string; tenant: string });
  expect(rows.map(({ action }) => action)).toEqual(['add', 'edit', 'enable', 'disable', 'test', 'remove']);
  expect(rows[0]?.changed).toContain('credential');
  expect(rows[1]?.changed).toEqual(['collectFrom']);
  for (const { who, tenant: of } of rows) expect([who.includes('@'), of]).toEqual([true, 'contoso']);
  expect(out).not.toContain(canary);
  expect((await run('tenant', 'history', 'fabrikam')).out).toBe('');
  expect((await run('tenant', 'history')).out).toMatch(/^\S+Z {2}\S+@\S+ {2}add contoso: /);
});

test('a change whose row cannot be written is not made; a test is, and says so', async () => {
  await add();
  await rm(join(lake, 'tenants-audit.jsonl'));
  await mkdir(join(lake, 'tenants-audit.jsonl'));
  const tested = await run('tenant', 'test', 'contoso', '--simulator', simulator.baseUrl);
  expect(tested).toMatchObject({ code: 0, out: expect.stringMatching(/^ok +audit-exchange/m) as unknown });
  expect(tested.err).toMatch(/no row in 'lake tenant history': who does this could not be written to '.*tenants-audit.jsonl' \(EISDIR\)/);
  expect((await run('tenant', 'edit', 'contoso', '--collect-from', '2026-11-20T00:00:00Z')).err).toContain('nothing was changed');
  expect(await config()).not.toHaveProperty('collectFrom');
});

describe('what is wrong is refused, and nothing is written', () => {
  test.each([
    {
      what: 'a name that cannot be part of a path',
      of: ['tenant', 'add', '../contoso', ...words],
      says: "name '../contoso' cannot be part of a path",
    },
    { what: 'an unknown log type', of: ['tenant', 'add', 'x', '--log-types', 'audit-exchagne'], says: "did you mean 'audit-exchange'?" },
    { what: 'mail', of: ['tenant', 'add', 'x', '--log-types', 'emails'], says: 'use a dedicated mail collector' },
    {
      what: 'what is missing',
      of: ['tenant', 'add', 'x'],
      says: '--domain (or LAKE_TENANT_DOMAIN), --client-id (or LAKE_CLIENT_ID), --log-types',
    },
    {
      what: 'a domain with a scheme and an id in braces, both at once',
      of: [
        'tenant',
        'add',
        'x',
        '--domain',
        'https://contoso.example/',
        '--client-id',
        `{${contoso}}`,
        '--log-types',
        'alerts',
        ...credential,
      ],
      says: /tenantDomain: 'https:.*\n {2}clientId: '\{/,
    },
    {
      what: 'clouds of two Entras',
      of: [
        'tenant',
        'add',
        'x',
        ...words,
        '--log-types',
        'alerts,audit-exchange',
        '--management-cloud',
        'gcc-high',
        '--graph-cloud',
        'global',
      ],
      says: "graph.cloud: cloud 'global' has no tenant of managementActivity.cloud 'gcc-high'; with that one goes us-gov-l4",
    },
    {
      what: 'federation on one machine',
      of: ['tenant', 'add', 'x', ...words, '--log-types', 'alerts', '--credential', 'federated'],
      says: 'or --aws',
    },
    { what: 'no credential', of: ['tenant', 'add', 'x', ...words, '--log-types', 'alerts'], says: 'the credential is missing' },
    { what: 'a secret as an option', of: ['tenant', 'add', 'x', ...words, `--secret=${canary}`], says: 'make a new secret in Entra' },
    { what: 'a secret as another option', of: ['tenant', 'add', 'x', '--client-secret', canary], says: 'make a new secret in Entra' },
    { what: 'a tenant that is not there', of: ['tenant', 'show', 'contosso'], says: "there is no tenant in '" },
  ])('$what', async ({ of, says }) => {
    const { code, out, err } = await run(...of);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    if (typeof says === 'string') expect(err).toContain(says);
    else expect(err).toMatch(says);
    expect(err).not.toContain(canary);
    expect((await run('tenant', 'list')).out).toContain('no tenant in');
  });

  test('a configuration that was edited into nonsense, each fault with its path', async () => {
    await add();
    const nonsense = {
      ...(await config()),
      tenantDomian: 'x',
      managementActivity: { cloud: 'global', logTypes: ['audit-exchange', 'audit-exchange'] },
    };
    await writeFile(join(lake, 'tenants.json'), JSON.stringify({ contoso: nonsense }));
    const { out } = await run('tenant', 'show', 'contoso');
    expect(out).toContain('contoso (in');
    expect(out).toMatch(/wrong: managementActivity\.cloud: cloud 'global' belongs to graph/);
    expect(out).toMatch(/wrong: unknown key 'tenantDomian'; did you mean 'tenantDomain'\?/);
    for (const command of ['permissions', 'enable']) expect((await run('tenant', command, 'contoso')).code).toBe(2);
    const status = await run('status');
    expect(status.code).toBe(1);
    expect(status.out).toContain("contoso: unknown key 'tenantDomian'");
  });
});

describe('a warning is printed when', () => {
  test.each([
    { logTypes: 'audit-azure-active-directory,sign-ins-interactive', says: /holds sign-ins as well/ },
    { logTypes: 'sign-ins-interactive,sign-ins-non-interactive', says: /sign-ins-interactive: read from Microsoft's beta API/ },
    { logTypes: 'sign-ins-service-principal', says: /beta/ },
    { logTypes: 'sign-ins-managed-identity', says: /beta/ },
    { logTypes: 'alerts-legacy', says: /retired/ },
  ])('$logTypes is chosen', async ({ logTypes, says }) => {
    const { code, err } = await add(logTypes);
    expect(code).toBe(0);
    expect(err).toMatch(/^warning: /);
    expect(err).toMatch(says);
  });
});

describe('a credential is never seen', () => {
  test('in no output of any command, well or not', async () => {
    await add('audit-exchange,dlp-all');
    for (const command of ['show', 'permissions', 'test', 'enable', 'list', 'disable']) {
      await run(
        'tenant',
        command,
        ...(command === 'list' ? [] : ['contoso']),
        ...(/test|enable/.test(command) ? ['--simulator', simulator.baseUrl] : []),
      );
    }
    for (const parameters of [
      ['tenant', 'show', 'contoso', '--json'],
      ['status', '--json'],
      ['tenant', 'add', 'contoso', `--secret=${canary}`],
    ])
      await run(...parameters);
    await writeFile(
      join(lake, 'tenants.json'),
      `{ "contoso": { "clientSecret": "${canary}", "credential": { "kind": "secret", "secretEnv": "${canary}" } } }`,
    );
    for (const parameters of [
      ['tenant', 'show', 'contoso'],
      ['tenant', 'list'],
      ['status'],
      ['tenant', 'enable', 'contoso'],
      ['tenant', 'edit', 'contoso', '--add', 'alerts'],
    ])
      await run(...parameters);
    await writeFile(join(lake, 'tenants.json'), `{ "contoso": ${canary}`);
    for (const parameters of [['tenant', 'show', 'contoso'], ['tenant', 'list'], ['status']])
      expect((await run(...parameters)).code).toBeGreaterThan(0);
    expect(everything.length).toBeGreaterThan(15);
    for (const { out, err } of everything) expect(out + err).not.toMatch(/canary/);
  });

  test('in the list of processes, while it is given by standard input', async () => {
    const main = fileURLToPath(new URL('../../../../cli/main.ts', import.meta.url));
    const parameters = ['tenant', 'add', 'contoso', ...words, '--log-types', 'alerts', '--credential-stdin', '--lake', lake];
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...parameters], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.stdin.write(canary);
    const seen = process.platform === 'linux' ? await readFile(`/proc/${String(child.pid)}/cmdline`, 'utf8') : child.spawnargs.join(' ');
    child.stdin.end();
    expect(seen).not.toContain('canary');
    expect(await ended).toBe(0);
    expect(await readFile(join(lake, 'credentials', 'contoso.secret'), 'utf8')).toBe(`${canary}\n`);
  }, 30_000);
});
