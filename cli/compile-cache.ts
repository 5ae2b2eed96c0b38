/** Where the compiled modules of the command line are kept between runs: loading them is half of what a short command costs. */

import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * A folder of the user's own, for what lies there is run: never below a temporary folder, where another user could lay it first.
 *
 * @param env `XDG_CACHE_HOME` counts when it is absolute, as its specification says.
 */
export function compileCacheFolder(env: Readonly<Record<string, string | undefined>>, home = homedir()): string {
  const { XDG_CACHE_HOME: cache = '' } = env;
  return join(isAbsolute(cache) ? cache : join(home, '.cache'), 'm365-audit-lake', 'compiled');
}

/** Keeps them from now on. Where the folder cannot be written, or nobody's home is there, everything is compiled again. */
export function keepCompiledModules(env: Readonly<Record<string, string | undefined>>): void {
  if (existsSync(homedir())) enableCompileCache(compileCacheFolder(env));
}
