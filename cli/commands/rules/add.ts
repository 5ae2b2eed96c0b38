import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { refusalLines, ruleSetOf } from '../../../shared/detections/rule-set.ts';
import { UsageError } from '../../../local/exit.ts';
import { addedRules, readRuleFiles, rulesOfLake } from '../../rules/rule-files.ts';
import { count } from '../../terminal/quantity.ts';
import { lakeOption, type LakeChoice } from '../options.ts';
import { toStdout } from '../output.ts';

const help = `
Rules count from the next job on; what has landed before is not looked at again. 'lake detect --since 30d --dry-run' shows what they would have found.

Examples:
  lake rules add my-rule.yml
  lake rules add my-rules/ --lake my-lake`;

/** Adds `lake rules add`. */
export function addCommand(rules: Command): void {
  rules
    .command('add')
    .summary('add rules to a lake')
    .description(
      'Copies rules into a lake folder, where they are evaluated with those of this version. A rule that does not compile is not taken.',
    )
    .argument('<path>', 'a rule file (.yml), or a folder of them')
    .addOption(lakeOption())
    .addHelpText('after', help)
    .action(async (path: string, { lake }: LakeChoice) => {
      const files = await readRuleFiles(path);
      const set = ruleSetOf(files);
      if (set.refusals.length > 0) throw new UsageError(`nothing was added:\n${refusalLines(set).join('\n')}`);
      for (const [name, text] of Object.entries(files)) {
        const file = join(addedRules(lake), name);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
      }
      const { detections, hash } = await rulesOfLake(lake);
      const others = set.withoutSource.length === 0 ? '' : `; ${count(set.withoutSource.length)} are about logs that are not collected`;
      await toStdout(
        `added ${count(set.detections.length)} rules${others}. The lake has ${count(detections.length)} rules now (set ${hash}).\n`,
      );
    });
}
