/** Our own rules, as `rules.json` beside the functions' code. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleFiles } from '../shared/detections/rule-set.ts';

/** What the bundle calls the file. */
const bundledRulesFile = 'rules.json';

/** @throws When the bundle has none: it was made by something else than infra/bundle/bundle.ts. */
export function bundledRules(folder: string = import.meta.dirname): RuleFiles {
  return JSON.parse(readFileSync(join(folder, bundledRulesFile), 'utf8')) as RuleFiles;
}
