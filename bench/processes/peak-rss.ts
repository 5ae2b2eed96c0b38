import { readFile } from 'node:fs/promises';

/** The most memory this process ever held, in MiB: the kernel's own record where there is one. */
export async function peakRssMb(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const peak = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
  return (peak === undefined ? process.resourceUsage().maxRSS : Number(peak)) / 1_024;
}
