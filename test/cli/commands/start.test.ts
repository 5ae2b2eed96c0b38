import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { runLake } from '../../helpers/run-lake.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});

describe('lake start --records', () => {
  test.each([
    { what: 'of a folder that is not there', files: undefined, says: 'no such file or directory' },
    { what: 'of a folder without records', files: { 'notes.txt': 'x' }, says: 'there is no .jsonl file' },
    { what: 'of a file for no log type', files: { 'audit-exchagne.jsonl': '{}' }, says: 'audit-exchange' },
    { what: 'of a file that is no JSON', files: { 'audit-exchange.jsonl': 'no json\nat all\n' }, says: 'audit-exchange.jsonl:1' },
    { what: 'of an empty file', files: { 'audit-exchange.jsonl': '' }, says: 'there is no record' },
  ])('$what is refused, and makes no lake', async ({ what, files, says }) => {
    const records = join(folder, what);
    const lake = join(folder, `${what} lake`);
    if (files) await mkdir(records);
    for (const [name, text] of Object.entries(files ?? {})) await writeFile(join(records, name), text);
    const { code, out, err } = await runLake('start', '--records', records, '--lake', lake);
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringContaining(says) });
    expect(existsSync(lake)).toBe(false);
  });
});

describe('lake start', () => {
  test('ends on Ctrl-C, and goes on from there', async () => {
    const [lake, records] = [join(folder, 'stopped'), join(folder, 'some records')];
    await mkdir(records);
    const lines = ['a', 'b', 'c'].map((Id) => JSON.stringify({ Id, CreationTime: '2026-11-20T10:00:00', RecordType: 50 }));
    await writeFile(join(records, 'audit-exchange.jsonl'), lines.join('\n'));
    const run = (...flags: string[]) =>
      spawnSync(process.execPath, [...flags, main, 'start', '--records', records, '--lake', lake], { encoding: 'utf8' });

    const stopped = run('--import', fileURLToPath(new URL('./interrupt-itself.ts', import.meta.url)));
    expect({ code: stopped.status, out: stopped.stdout }).toEqual({ code: 130, out: '' });
    expect(stopped.stderr).toContain('the same command goes on from here');

    const again = run();
    expect({ code: again.status, err: again.stderr }).toEqual({ code: 0, err: again.stderr });
    expect(again.stdout).toMatch(/served 3, landed 3, missing 0, repeated 0/);
    // Nothing is planted in records of a folder.
    expect(again.stdout).toMatch(/What \d+ rules found/);
    expect(again.stdout).not.toContain('planted');
    // Nothing was chosen to land as OCSF.
    expect(again.stdout).not.toContain('ocsf_');

    const status = spawnSync(process.execPath, [main, 'status', '--lake', lake], { encoding: 'utf8' });
    expect({ code: status.status, out: status.stdout }).toEqual({ code: 0, out: expect.stringContaining('nothing needs you') });

    for (const name of await readdir(lake, { recursive: true })) {
      const { mode } = await stat(join(lake, name));
      expect({ name, others: mode & 0o077 }).toEqual({ name, others: 0 });
    }
    // Three processes of some seconds each; the limit is there for one that hangs.
  }, 600_000);

  test('ends within seconds of Ctrl-C while Microsoft does not answer, and says so at once', async () => {
    const tenants = join(folder, 'tenants.json');
    const credential = { kind: 'secret', secretEnv: 'CONTOSO_SECRET' };
    const managementActivity = { cloud: 'enterprise', logTypes: ['audit-exchange'] };
    const clientId = '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84';
    const contoso = { enabled: true, tenantDomain: 'contoso.onmicrosoft.com', clientId, credential, managementActivity };
    await writeFile(tenants, JSON.stringify({ contoso }));
    const silent = createServer(() => {
      interruptedAt = performance.now();
      child.kill('SIGINT');
    });
    let [interruptedAt, err] = [0, ''];
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    const words = ['start', '--tenants', tenants, '--lake', join(folder, 'silent'), '--simulator', `http://127.0.0.1:${String(port)}`];
    const child = spawn(process.execPath, [main, ...words], { env: { ...process.env, CONTOSO_SECRET: 'secret' } });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const [code] = (await once(child, 'close')) as [number | null];
    const tookMs = performance.now() - interruptedAt;
    silent.closeAllConnections();
    silent.close();
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/stopping: .*\n(?:.*\n)*stopped; .* goes on from here/) });
    // Five by its own clock; without that the request for a token alone is waited for three times as long.
    expect(tookMs).toBeLessThan(15_000);
  }, 120_000);
});

describe('lake --aws', () => {
  const alone = { PATH: process.env.PATH, HOME: '/nowhere', AWS_EC2_METADATA_DISABLED: 'true' };
  test.each([
    { what: 'without a region', env: {}, says: 'no region is set; name the one of the deployment with AWS_REGION' },
    { what: 'without credentials', env: { AWS_REGION: 'us-east-1' }, says: 'there are no AWS credentials; sign in with' },
  ])(
    '$what names the cure',
    ({ env, says }) => {
      const { status, stderr } = spawnSync(process.execPath, [main, 'status', '--aws'], { encoding: 'utf8', env: { ...alone, ...env } });
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(says) });
    },
    30_000,
  );
});
