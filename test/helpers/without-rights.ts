/** A folder that nobody can write to, and a process that its rights bind. */

import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Acts while neither the folder nor its files can be written. Rights do not bind root, who therefore acts as somebody else. */
export function asSomebodyWhoCannotWrite(folder: string, act: () => void): void {
  const isRoot = process.geteuid?.() === 0;
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444);
  for (const one of [folder, join(folder, '..')]) chmodSync(one, 0o555);
  if (isRoot) process.seteuid?.(65_534);
  try {
    act();
  } finally {
    if (isRoot) process.seteuid?.(0);
    for (const one of [folder, join(folder, '..')]) chmodSync(one, 0o755);
  }
}
