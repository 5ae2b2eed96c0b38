/**
 * `npm run try-package`: packs, installs the package into an empty folder from the registry, and runs it there, on the Node of this
 * machine and on the oldest that package.json allows. Needs the network.
 */

import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = await mkdtemp(join(tmpdir(), 'm365-audit-lake-package-'));
const run = (cwd: string, command: string, ...parameters: string[]): string => execFileSync(command, parameters, { cwd, encoding: 'utf8' });

try {
  const packed = JSON.parse(run(root, 'npm', 'pack', '--silent', '--json', '--pack-destination', folder)) as [{ filename: string }];
  // As `npm install-scripts approve node` writes it: the package `node` fetches the pinned Node by its install script.
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }));
  run(folder, 'npm', 'install', '--no-audit', '--no-fund', join(folder, packed[0].filename));
  await landAndAsk('here', (...parameters) => run(folder, 'npx', 'lake', ...parameters));
  const node = await oldestNode();
  const lake = join(folder, 'node_modules', 'm365-audit-lake', 'bin', 'lake.js');
  await landAndAsk('oldest', (...parameters) => run(folder, node.path, lake, ...parameters));
  process.stdout.write(
    `${packed[0].filename}: installs into an empty folder; on Node ${process.versions.node} and Node ${node.version} it lands a record and answers a query\n`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** @param name Of a lake in the folder. @throws When the record that lands is not what the query answers. */
async function landAndAsk(name: string, lake: (...parameters: string[]) => string): Promise<void> {
  lake('--help');
  const record = { Id: 'a', CreationTime: '2026-11-20T08:00:00', Operation: 'New-InboxRule', RecordType: 1, UserId: 'ann@contoso.example' };
  await writeFile(join(folder, 'audit-exchange.jsonl'), `${JSON.stringify(record)}\n`);
  lake('import', '--lake', name, '--log-type', 'audit-exchange', '--tenant', 'contoso', 'audit-exchange.jsonl');
  const answer = lake('query', '--lake', name, '--csv', 'SELECT operation FROM msft_o365_exchange_online');
  if (answer !== 'operation\r\nNew-InboxRule\r\n') throw new Error(`the installed package answers '${answer}'`);
}

/** The Node of "engines" in package.json, from the registry, in a folder of its own: the package brings another one. */
async function oldestNode(): Promise<{ readonly path: string; readonly version: string }> {
  const { engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { engines: { node: string } };
  const [, oldest] = /^>=(\d+\.\d+)$/.exec(engines.node) ?? [];
  if (oldest === undefined) throw new Error(`"engines" in package.json names no oldest Node: '${engines.node}'; write '>=20.19'`);
  const apart = join(folder, 'oldest-node');
  await mkdir(apart);
  await writeFile(join(apart, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }));
  run(apart, 'npm', 'install', '--no-audit', '--no-fund', `node@${oldest}.0`);
  const path = join(apart, 'node_modules', 'node', 'bin', 'node');
  const version = run(apart, path, '--version').trim().slice(1);
  if (!version.startsWith(`${oldest}.`)) throw new Error(`Node ${oldest} was asked for, and the registry gave ${version}`);
  return { path, version };
}
