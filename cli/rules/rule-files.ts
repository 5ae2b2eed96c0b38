/** Rules as files: what somebody names, and what a lake folder has. */

import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { ruleLibrary } from '../../rules/library.ts';
import { ruleSetOf, type RuleFiles, type RuleSet } from '../../shared/detections/rule-set.ts';
import { switchesFile } from '../../shared/detections/switches.ts';
import { UsageError } from '../../local/exit.ts';

/** A file of rules, or every one of a folder, by its name from there. @throws UsageError where there is none. */
export async function readRuleFiles(path: string): Promise<RuleFiles> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new UsageError(`there is no file or folder '${path}': name a rule (.yml), or a folder of them`);
  if (!found.isDirectory()) return { [basename(path)]: await readFile(path, 'utf8') };
  return readFolder(path);
}

async function readFolder(folder: string): Promise<RuleFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const isRules = (name: string): boolean => /\.ya?ml$/.test(name) || /^lists\/[^/]+\.txt$/.test(name) || name === switchesFile;
  const names = files.map((file) => relative(folder, file)).filter(isRules);
  const read = await Promise.all(names.sort().map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const));
  return Object.fromEntries(read);
}

/** Where a lake folder keeps the rules that were added to it. */
export const addedRules = (lake: string): string => join(lake, 'rules');

/** Our own rules, and those that were added to a lake; a file that was added takes the place of ours with its name. */
export async function rulesOfLake(lake: string): Promise<RuleSet> {
  const added = await readFolder(addedRules(lake)).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  });
  return ruleSetOf({ ...ruleLibrary(), ...added });
}

/** What somebody names; our own rules where nothing is named. */
export async function namedRules(paths: readonly string[]): Promise<RuleSet> {
  if (paths.length === 0) return ruleSetOf(ruleLibrary());
  const read = await Promise.all(paths.map(async (path) => ({ path, files: await readRuleFiles(path) })));
  const named = read.flatMap(({ path, files }) =>
    Object.entries(files).map(([name, text]) => [name === basename(path) ? path : join(path, name), text] as const),
  );
  return ruleSetOf(Object.fromEntries(named));
}
