/** The rules of this project: every file of this folder. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleFiles } from '../shared/detections/rule-set.ts';

/** The files of our own rules, and the lists beside them. */
export function ruleLibrary(folder: string = import.meta.dirname): RuleFiles {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$|^lists\/[^/]+\.txt$/.test(name));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
