import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What an import came to, and what its process took; the start of Node is part of it. */
export interface MeasuredImport {
  readonly landed: number;
  readonly quarantined: number;
  readonly cpuSeconds: number;
  readonly peakRssMib: number;
}

/** The process's own account as its last line on stderr: the kernel's peak, which begins anew with the program. */
const account = `import { readFileSync } from 'node:fs';
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const peak = Number(/VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  process.stderr.write('\\n' + JSON.stringify({ cpuSeconds: (user + system) / 1e6, peakRssMib: peak / 1024 }));
});`;

/** Runs `lake import` on one file, into a lake of its own. Linux alone. @throws When it prints no counts. */
export async function measuredImport(file: string, lake: string): Promise<MeasuredImport> {
  const main = join(import.meta.dirname, '..', 'cli', 'main.ts');
  const flags = ['--disable-warning=ExperimentalWarning', '--import', `data:text/javascript,${encodeURIComponent(account)}`];
  const child = spawn(process.execPath, [...flags, main, 'import', '--tenant', 'contoso', '--lake', lake, '--json', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  await once(child, 'close');
  const took = err.slice(err.lastIndexOf('\n') + 1);
  if (!out.startsWith('{') || !took.startsWith('{')) throw new Error(`the import of ${file} ended without counts: ${err.slice(0, 500)}`);
  const { landed, quarantined } = JSON.parse(out) as MeasuredImport;
  return { landed, quarantined, ...(JSON.parse(took) as Pick<MeasuredImport, 'cpuSeconds' | 'peakRssMib'>) };
}
