/**
 * `npm run sbom`: what a release consists of, as CycloneDX in `build/sbom.cdx.json`, from package-lock.json alone; and whether the registry's signatures of the
 * installed packages are right, where the registry has any and answers within two minutes. Exits with 1 for a wrong signature.
 */

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '..');
const file = resolve(root, 'build', 'sbom.cdx.json');
const patienceMs = 120_000;

const Sbom = z.object({ bomFormat: z.literal('CycloneDX'), components: z.array(z.object({ name: z.string() })) });
const Signatures = z.object({ invalid: z.array(z.object({ name: z.string(), version: z.string() })), missing: z.array(z.unknown()) });

const sbom = await npm('sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--omit', 'dev');
const { components } = Sbom.parse(JSON.parse(sbom));
await mkdir(resolve(root, 'build'), { recursive: true });
await writeFile(file, sbom);
process.stdout.write(`${String(components.length)} packages in ${file}\n`);

const signatures = Signatures.safeParse(parsed(await npm('audit', 'signatures', '--json')));
if (!signatures.success) process.stdout.write('the registry offers no signatures, or did not answer: they were not checked\n');
else {
  const { invalid, missing } = signatures.data;
  for (const { name, version } of invalid) process.stdout.write(`WRONG SIGNATURE ${name}@${version}\n`);
  process.stdout.write(`signatures: ${String(invalid.length)} wrong, ${String(missing.length)} missing\n`);
  if (invalid.length > 0) process.exitCode = 1;
}

/** What npm writes, whatever its exit code. */
function npm(...parameters: string[]): Promise<string> {
  return new Promise((done) => {
    execFile('npm', parameters, { cwd: root, timeout: patienceMs, maxBuffer: 64 * 2 ** 20 }, (_error, stdout) => {
      done(stdout);
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
