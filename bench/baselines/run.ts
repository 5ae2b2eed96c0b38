/** The scripts that are measured beside the product, in a Python of their own. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { simulatedTenant } from '../../simulator/tenants.ts';

const run = promisify(execFile);

/** What a script took. */
export interface BaselineReport {
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
}

/** The interpreter with everything in requirements.txt. @throws When Python or its venv module is missing. */
export async function prepareBaselines(): Promise<string> {
  const folder = join(import.meta.dirname, '..', '..', 'build', 'baselines');
  const list = join(import.meta.dirname, 'requirements.txt');
  const [python, stamp] = [join(folder, 'bin', 'python'), join(folder, 'requirements.txt')];
  const wanted = await readFile(list, 'utf8');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return python;
  await rm(folder, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', folder]).catch((error: unknown) => {
    throw new Error('npm run bench:line needs python3 (3.10 or later) with its venv module', { cause: error });
  });
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', list]);
  await writeFile(stamp, wanted);
  return python;
}

/** @param into The folder that its Parquet files go to. */
export async function runBaseline(python: string, script: string, baseUrl: string, into: string): Promise<BaselineReport> {
  const { tenantId, apps } = simulatedTenant({ name: 'contoso' });
  const [app] = apps;
  const file = (name: string): string => join(import.meta.dirname, name);
  const client = [baseUrl, tenantId, app?.clientId ?? '', app?.secrets[0]?.value ?? '', into];
  const { stdout } = await run(python, [file('measured.py'), file(script), ...client]);
  const [counts = '', report = ''] = stdout.trim().split('\n').slice(-2);
  if (!counts.endsWith('failed 0')) throw new Error(`${script} did not fetch everything: ${counts}`);
  return JSON.parse(report) as BaselineReport;
}
