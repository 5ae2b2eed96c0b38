import type { Command } from 'commander';
import { refusalLines, ruleSetOf } from '../../../shared/detections/rule-set.ts';
import { UsageError } from '../../../local/exit.ts';
import { awsOption, type AwsChoice } from '../../aws/deployment.ts';
import { readRuleFiles } from '../../rules/rule-files.ts';
import { addRuleFiles, rulesInForce } from '../../rules/rules-in-force.ts';
import { count } from '../../terminal/quantity.ts';
import { lakeOption, type LakeChoice } from '../options.ts';
import { toStdout } from '../output.ts';

const help = `
Rules count from the next job on (with --aws within ten minutes); what has landed before is not looked at again. 'lake detect --since 30d --dry-run' shows what they would have found.

Examples:
  lake rules add my-rule.yml
  lake rules add my-rules/ --lake my-lake
  lake rules add my-rules/ --aws`;

/** Adds `lake rules add`. */
export function addCommand(rules: Command): void {
  rules
    .command('add')
    .summary('add rules to a lake or a deployment')
    .description(
      'Copies rules into a lake folder or a deployment, where they are evaluated with those of this version. A rule that does not compile is not taken.',
    )
    .argument('<path>', 'a rule file (.yml), or a folder of them')
    .addOption(lakeOption())
    .addOption(awsOption().conflicts('lake'))
    .addHelpText('after', help)
    .action(async (path: string, place: LakeChoice & AwsChoice) => {
      const files = await readRuleFiles(path);
      const set = ruleSetOf(files);
      if (set.refusals.length > 0) throw new UsageError(`nothing was added:\n${refusalLines(set).join('\n')}`);
      await addRuleFiles(place, files);
      const { detections, hash } = await rulesInForce(place);
      const others = set.withoutSource.length === 0 ? '' : `; ${count(set.withoutSource.length)} are about logs that are not collected`;
      await toStdout(
        `added ${count(set.detections.length)} rules${others}. The ${place.aws ? 'deployment' : 'lake'} has ${count(detections.length)} rules now (set ${hash}).\n`,
      );
    });
}
