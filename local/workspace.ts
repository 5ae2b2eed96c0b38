import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfFile } from '../shared/file-digest.ts';
import type { Workspace } from '../shared/ports/workspace.ts';

/**
 * Gives every attempt a folder of its own below `base`, and removes it afterwards.
 *
 * Everything in `base` is removed first: it was left by a run that was killed. So nobody else may be at work there.
 */
export async function openWorkspace(base: string): Promise<Workspace> {
  await rm(base, { recursive: true, force: true });
  await mkdir(base, { recursive: true, mode: 0o700 });
  return { use: (work) => useFolder(base, work), digest: digestOfFile };
}

async function useFolder<T>(base: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(base, 'attempt-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
