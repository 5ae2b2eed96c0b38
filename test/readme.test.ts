/** Every command of the README and of the pages it leads to works as printed. What takes minutes is run by .ci/run instead. */

import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock } from '../local/clock.ts';
import { seededWorld } from '../simulator/seeded-world.ts';
import { startSimulator, type Simulator } from '../simulator/simulator.ts';
import { simulatedTenant } from '../simulator/tenants.ts';
import { hours, iso } from '../shared/domain/window.ts';

const root = join(import.meta.dirname, '..');
const readme = await readFile(join(root, 'README.md'), 'utf8');
const deployment = await readFile(join(root, 'test', 'aws', 'deployment', 'cdk.ts'), 'utf8');
const ci = await readFile(join(root, '.ci', 'run'), 'utf8');
const pages = await Promise.all(['cost', 'performance', 'testing'].map((name) => readFile(join(root, 'docs', `${name}.md`), 'utf8')));
const commandsOf = (page: string): string[] =>
  [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));
const commands = [...new Set([readme, ...pages].flatMap(commandsOf))];

/** Run by the deployment's test, on the emulator; each with what stands there. */
const runByDeploymentTest = new Map([
  ['npx cdk bootstrap', "['bootstrap', "],
  ['npx cdk deploy', "['deploy', "],
  ['npx cdk destroy', "['destroy', "],
]);

/** Run by .ci/run, whole or as `npm run` with less to do; each with what stands there. */
const runByCi = new Map([
  ['npm ci && npm start', 'npm start'],
  ['lake console', 'npm run test:console'],
  ['npm ci && npm test', 'npm test'],
  ['npm run test:aws', 'npm run test:aws'],
  ['npm run cost', 'npm run cost'],
  ['npm run synth', 'npm run synth'],
  ['npm run bundle', 'npm run bundle'],
  ['npm run nag', 'npm run nag'],
  ['npm run check', 'npm run check'],
  ['npm run bench', 'npm run bench'],
  ['npm run kill-test -- --kills 20 --lakes 4', 'npm run kill-test'],
  ['npm run proof:compaction -- --hours --seeds 10000', 'npm run proof:compaction -- --hours --seeds 10000'],
  ['npm run proof -- --seeds 2000', 'npm run proof'],
  ['npm run fuzz -- --runs 200000', 'npm run fuzz'],
  ['npm run soak -- --minutes 10', 'npm run soak'],
  ['npm run proof:compaction -- --seeds 1000', 'npm run proof:compaction'],
]);

let folder: string;
let simulator: Simulator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'readme-'));
  const tenant = simulatedTenant({ name: 'contoso', clientId: '00000000-0000-4000-8000-000000000000', secret: 'the-secret-of-contoso' });
  const added = simulatedTenant({ name: 'fabrikam', clientId: '00000000-0000-4000-8000-000000000001', secret: 'the-secret-of-fabrikam' });
  const world = seededWorld({ seed: 'readme', startAt: systemClock.now(), tenants: [tenant, added], recordsPerDay: 1_000 });
  simulator = await startSimulator({ world, clock: systemClock });
  const tenantsPage = await readFile(join(root, 'docs', 'tenants.md'), 'utf8');
  const tenants = JSON.parse(/```json\n([\s\S]*?)```/.exec(tenantsPage)?.[1] ?? '') as Record<string, object>;
  // A month of empty windows would take minutes of Microsoft's pace.
  const contoso = { ...tenants.contoso, collectFrom: iso(systemClock.now() - hours(4)) };
  await writeFile(join(folder, 'tenants.json'), JSON.stringify({ contoso }));
  await mkdir(join(folder, 'my-records'));
  await writeFile(join(folder, 'my-records', 'audit-exchange.jsonl'), `${records.map((record) => JSON.stringify(record)).join('\n')}\n`);
  await writeFile(join(folder, 'export.csv'), purviewExport());
  await run(['import', '--log-type', 'audit-exchange', '--tenant', 'contoso', 'my-records/audit-exchange.jsonl']);
}, 60_000);

afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

const records = [1, 2, 3].map((number) => ({
  Id: `00000000-0000-4000-8000-00000000000${String(number)}`,
  CreationTime: `2026-11-20T08:0${String(number)}:00`,
  Operation: 'New-InboxRule',
  RecordType: 1,
  OrganizationId: '11111111-1111-4111-8111-111111111111',
  UserId: 'ann@contoso.example',
  UserKey: 'ann',
  UserType: 2,
  Workload: 'Exchange',
  ClientIP: '203.0.113.7:4711',
  ResultStatus: 'True',
  Parameters: [{ Name: 'ForwardTo', Value: 'someone@fabrikam.example' }],
}));

function purviewExport(): string {
  const rows = records.map((record) => `${record.Id},${record.CreationTime},"${JSON.stringify(record).replaceAll('"', '""')}"`);
  return `RecordId,CreationDate,AuditData\n${rows.join('\n')}\n`;
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** The Node that npm runs on: the machine's own, which may be older than the pinned one that runs this test. */
const machineNode = process.env.npm_node_execpath ?? process.execPath;

/** Runs `lake` in the folder; with `until`, asks it to stop (as Ctrl-C does) once its output matches that. */
function run(parameters: readonly string[], until?: RegExp): Promise<Ended> {
  const env = { ...process.env, CONTOSO_SECRET: 'the-secret-of-contoso', FABRIKAM_SECRET: 'the-secret-of-fabrikam', COLUMNS: '200' };
  const child = spawn(machineNode, [join(root, 'bin', 'lake.js'), ...parameters], {
    cwd: folder,
    env,
    timeout: 90_000,
    killSignal: 'SIGKILL',
  });
  let [output, isAsked] = ['', false];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (isAsked || !until?.test(output)) return;
      isAsked = true;
      child.kill('SIGINT');
    });
  }
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code, output });
    });
  });
}

/** Splits a command line of the README into words; quotes hold words together. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

describe('the README', () => {
  test.each(commands.filter((line) => runByCi.has(line)))('%s: .ci/run runs it', (line) => {
    expect(ci).toContain(runByCi.get(line));
  });

  test.each(commands.filter((line) => runByDeploymentTest.has(line)))('%s: the test of the deployment runs it', (line) => {
    expect(deployment).toContain(runByDeploymentTest.get(line));
  });

  const here = commands.filter((line) => !runByCi.has(line));
  const isOfCollected = (line: string): boolean => / (reconcile|lateness|backfill) /.test(line);
  test.each(here.filter((line) => line.startsWith('lake ') && !line.startsWith('lake start ') && !isOfCollected(line)))(
    '%s',
    async (line) => {
      const asksMicrosoft = / tenant (test|enable) /.test(line);
      const { code, output } = await run([...words(line).slice(1), ...(asksMicrosoft ? ['--simulator', simulator.baseUrl] : [])]);
      expect({ code, output }).toEqual({ code: 0, output });
      expect(output).not.toBe('');
      expect(output).not.toContain('the-secret-of');
    },
    60_000,
  );

  test('npm link puts lake on the PATH', async () => {
    const prefix = join(folder, 'prefix');
    await mkdir(join(prefix, 'lib'), { recursive: true });
    spawnSync('npm', ['link', '--silent', '--no-audit', '--no-fund'], { cwd: root, env: { ...process.env, npm_config_prefix: prefix } });
    const { stdout } = spawnSync(join(prefix, 'bin', 'lake'), ['--version'], { encoding: 'utf8' });
    expect(stdout.trim()).toBe((JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }).version);
  }, 60_000);

  test.each(here.filter((line) => line.includes('--records')))(
    '%s lands every record',
    async (line) => {
      const { code, output } = await run(['start', ...words(line).slice(2)]);
      expect({ code, output }).toEqual({ code: 0, output });
      expect(output).toContain('served 3, landed 3, missing 0, repeated 0');
    },
    120_000,
  );

  test.each(here.filter((line) => line.startsWith('lake start --tenants')))(
    '%s collects, from a simulator',
    async (line) => {
      const parameters = ['start', ...words(line).slice(2), '--simulator', simulator.baseUrl];
      const isOnce = line.includes('--once');
      const { code, output } = await run(parameters, isOnce ? undefined : /[1-9]\d* jobs landed/);
      expect({ code, output }).toEqual({ code: 0, output });
      expect(output).not.toContain('the-secret-of-contoso');
    },
    120_000,
  );

  test.each(here.filter(isOfCollected))(
    '%s, of what was collected',
    async (line) => {
      const asksMicrosoft = line.includes(' reconcile ');
      const { code, output } = await run([...words(line).slice(1), ...(asksMicrosoft ? ['--simulator', simulator.baseUrl] : [])]);
      // The simulator goes on: what Microsoft lists late since then is reported, and the answer is bad until the next list.
      expect({ code: asksMicrosoft && output.includes('claimed by no job') ? 0 : code, output }).toEqual({ code: 0, output });
      expect(output).toContain('audit-exchange');
      expect(output).not.toContain('the-secret-of');
    },
    120_000,
  );

  test('has no command that nothing runs', () => {
    const known = (line: string): boolean =>
      runByCi.has(line) || runByDeploymentTest.has(line) || line === 'npm link' || line.startsWith('lake ');
    expect(commands.filter((line) => !known(line))).toEqual([]);
    expect(commands.length).toBeGreaterThan(10);
  });

  test('is short', () => {
    expect(readme.split('\n').length).toBeLessThan(160);
  });
});
