/**
 * `npm pack` runs this first: the command line as JavaScript in dist/, laid out as its sources are.
 *
 * Node runs no TypeScript below node_modules, so a package cannot hold the sources alone.
 */

import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

await rm(dist, { recursive: true, force: true });
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '--project', 'tsconfig.package.json'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });

// No TypeScript, so that the compiler leaves it out.
await cp(join(root, 'shared', 'microsoft', 'msal.cjs'), join(dist, 'shared', 'microsoft', 'msal.cjs'));

// What the sources read beside them: the version, the query library and the rules.
await cp(join(root, 'package.json'), join(dist, 'package.json'));
await mkdir(join(dist, 'queries'), { recursive: true });
for (const name of await readdir(join(root, 'queries')))
  if (name.endsWith('.sql') || name === 'either-api')
    await cp(join(root, 'queries', name), join(dist, 'queries', name), { recursive: true });
await cp(join(root, 'rules'), join(dist, 'rules'), { recursive: true, filter: (name) => !name.endsWith('.ts') });

// The console's page, which is built from sources that the package does not have.
execFileSync(process.execPath, [join(root, 'tools', 'build-console.ts'), join(dist, 'console', 'built')], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
