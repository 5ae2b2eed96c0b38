import type { Command } from 'commander';
import { complaintsAbout } from '../../../shared/detections/lint.ts';
import { refusalLines, type RuleSet } from '../../../shared/detections/rule-set.ts';
import { BadAnswer } from '../../../local/exit.ts';
import { namedRules } from '../../rules/rule-files.ts';
import { count } from '../../terminal/quantity.ts';
import { prettyJson, toStdout } from '../output.ts';

const help = `
A rule that is refused is not evaluated. One that only lacks something is evaluated; without a test that finds something, nobody is notified.

Examples:
  lake rules lint
  lake rules lint my-rules/ --strict`;

/** Adds `lake rules lint`. */
export function lintCommand(rules: Command): void {
  rules
    .command('lint')
    .summary('check rules, and name what is wrong by line')
    .description('Compiles rules and names what is wrong, by file and line, and what they lack.')
    .argument('[paths...]', 'rule files, or folders of them; those of this version if none is named')
    .option('--strict', 'exit with 1 for what rules lack, too')
    .option('--json', 'print one object')
    .addHelpText('after', help)
    .action(async (paths: string[], { strict, json }: { readonly strict?: true; readonly json?: true }) => {
      const set = await namedRules(paths);
      const lacks = set.detections.flatMap((one) =>
        complaintsAbout(one).map((complaint) => ({ file: one.file, rule: one.title, complaint })),
      );
      await toStdout(
        json
          ? `${prettyJson({ rules: set.detections.length, refusals: set.refusals, lacks, withoutSource: set.withoutSource })}\n`
          : page(set, lacks),
      );
      if (set.refusals.length > 0) throw new BadAnswer(`${count(set.refusals.length)} rules are refused`);
      if (strict && lacks.length > 0) throw new BadAnswer(`${count(lacks.length)} things are missing`);
    });
}

function page(set: RuleSet, lacks: readonly { readonly file: string; readonly rule: string; readonly complaint: string }[]): string {
  const lines = [...refusalLines(set), ...lacks.map(({ file, rule, complaint }) => `${file}: '${rule}' lacks: ${complaint}`)];
  const others = set.withoutSource.length === 0 ? '' : `, ${count(set.withoutSource.length)} about logs that are not collected`;
  return `${[...lines, `${count(set.detections.length)} rules are taken, ${count(set.refusals.length)} refused${others}`].join('\n')}\n`;
}
