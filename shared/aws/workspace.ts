import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfFile } from '../file-digest.ts';
import type { Workspace } from '../ports/workspace.ts';

/**
 * Gives every attempt a folder of its own below `base`, and removes it afterwards.
 *
 * A sandbox outlives a process that ran out of time or memory: what dead processes left is removed first. Where several processes
 * share the disk, each has a folder named by its id.
 */
export async function openWorkspace(base: string, pid: number = process.pid): Promise<Workspace & { readonly spillFolder: string }> {
  await mkdir(base, { recursive: true, mode: 0o700 });
  const left = (await readdir(base)).filter((name) => name === String(pid) || !isAlive(Number(name)));
  for (const name of left) await rm(join(base, name), { recursive: true, force: true });
  const own = join(base, String(pid));
  const spillFolder = join(own, 'spill');
  await mkdir(spillFolder, { recursive: true });
  return { use: (work) => useFolder(own, work), digest: digestOfFile, spillFolder };
}

/** Signal 0 is only asked whether it could be sent. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function useFolder<T>(own: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(own, 'attempt-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
