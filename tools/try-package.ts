/** `npm run try-package`: packs, installs the package into an empty folder from the registry, and runs it there. Needs the network. */

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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
  run(folder, 'npx', 'lake', '--help');
  const record = { Id: 'a', CreationTime: '2026-11-20T08:00:00', Operation: 'New-InboxRule', RecordType: 1, UserId: 'ann@contoso.example' };
  await writeFile(join(folder, 'audit-exchange.jsonl'), `${JSON.stringify(record)}\n`);
  run(folder, 'npx', 'lake', 'import', '--log-type', 'audit-exchange', '--tenant', 'contoso', 'audit-exchange.jsonl');
  const answer = run(folder, 'npx', 'lake', 'query', '--csv', 'SELECT operation FROM msft_o365_exchange_online');
  if (answer !== 'operation\r\nNew-InboxRule\r\n') throw new Error(`the installed package answers '${answer}'`);
  process.stdout.write(`${packed[0].filename}: installs into an empty folder, lands a record and answers a query\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
