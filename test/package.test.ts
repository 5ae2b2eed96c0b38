/** `npm pack` makes a package that runs by itself, and holds nothing else. .ci/run installs it from the registry as well. */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..');
/** The Node that npm runs on: the machine's own, which may be older than the pinned one that runs this test. */
const machineNode = process.env.npm_node_execpath ?? process.execPath;

let folder: string;
let lake: string;
let files: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'));
  const packed = spawnSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], { cwd: root, encoding: 'utf8' });
  const [{ filename, files: listed }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('['))) as [
    { filename: string; files: { path: string }[] },
  ];
  files = listed.map(({ path }) => path);
  spawnSync('tar', ['xzf', filename], { cwd: folder });
  const modules = join(folder, 'node_modules');
  await mkdir(modules);
  await cp(join(folder, 'package'), join(modules, 'm365-audit-lake'), { recursive: true });
  // What the package says that it needs, and nothing else of the project.
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies)) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(root, 'node_modules', name), join(modules, name));
  }
  lake = join(modules, 'm365-audit-lake', 'bin', 'lake.js');
}, 120_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function run(...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(machineNode, [lake, ...parameters], { cwd: folder, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

describe('the package', () => {
  test('holds the command, its JavaScript, the query library, the rules, and what every package has', () => {
    const kinds = new Set(files.map((file) => file.replace(/^(dist\/[a-z]+)\/.*(\.\w+)$/, '$1/*$2')));
    expect([...kinds].sort()).toEqual(
      [
        ...['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'bin/lake.js', 'dist/package.json'],
        ...['cli', 'lambdas', 'local', 'queries', 'rules', 'shared', 'simulator'].map((name) => `dist/${name}/*.js`),
        ...['css', 'html', 'js'].map((kind) => `dist/console/*.${kind}`),
        'dist/queries/*.sql',
        'dist/rules/*.yml',
        'dist/shared/*.cjs',
      ].sort(),
    );
  });

  test('prints its help on the Node of this machine, without a warning', () => {
    const { code, out, err } = run('--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Usage: lake');
  });

  test('lands records and answers a query about them', async () => {
    const record = {
      Id: 'a',
      CreationTime: '2026-11-20T08:00:00',
      Operation: 'New-InboxRule',
      RecordType: 1,
      UserId: 'ann@contoso.example',
    };
    await writeFile(join(folder, 'audit-exchange.jsonl'), `${JSON.stringify(record)}\n`);
    expect(run('import', '--log-type', 'audit-exchange', '--tenant', 'contoso', 'audit-exchange.jsonl')).toMatchObject({ code: 0 });
    expect(run('query', '--csv', 'SELECT operation FROM msft_o365_exchange_online').out).toBe('operation\r\nNew-InboxRule\r\n');
    expect(run('queries', 'password-spray').out).toContain('T1110.003');
  }, 30_000);

  test('ends as the command ends: 2 for wrong usage', () => {
    expect(run('query', '--lake', 'nowhere', 'SELECT 1')).toMatchObject({ code: 2, out: '' });
  });

  test('passes a signal on, and ends with what the command makes of it', async () => {
    const child = spawn(machineNode, [lake, 'simulate', '--port', '0'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('Ctrl-C')) child.kill('SIGTERM');
    });
    const ended = await new Promise((resolve) => {
      child.once('close', (code, signal) => {
        resolve({ code, signal });
      });
    });
    expect(ended).toEqual({ code: 0, signal: null });
  }, 30_000);
});

test('a Node that is too old, without the pinned one, gets an error with its cure', async () => {
  const place = join(folder, 'alone', 'bin');
  await mkdir(place, { recursive: true });
  const text = await readFile(join(root, 'bin', 'lake.js'), 'utf8');
  // As if this Node were older than any that runs the command.
  await writeFile(join(place, 'lake.mjs'), text.replace('const oldestMajor = 24', 'const oldestMajor = 999'));
  await mkdir(join(folder, 'alone', 'cli'));
  await writeFile(join(folder, 'alone', 'cli', 'main.ts'), '');
  await rm(join(folder, 'node_modules', 'node'));
  expect(existsSync(join(folder, 'node_modules', 'node'))).toBe(false);
  const { status, stderr } = spawnSync(machineNode, [join(place, 'lake.mjs')], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toMatch(/is too old and the pinned one is missing: install Node 999 or newer, or let the package 'node' install one/);
});
