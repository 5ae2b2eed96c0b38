import type { Command } from 'commander';
import { BadAnswer } from '../../../local/exit.ts';
import { namedRules } from '../../rules/rule-files.ts';
import { runRuleTests, type TestResult } from '../../rules/run-tests.ts';
import { count } from '../../terminal/quantity.ts';
import { prettyJson, toStdout } from '../output.ts';

/** Adds `lake rules test`. */
export function testCommand(rules: Command): void {
  rules
    .command('test')
    .summary('run the tests inside rules')
    .description('Lands the records of the tests that rules have in them as records of Microsoft, and counts the findings.')
    .argument('[paths...]', 'rule files, or folders of them; those of this version if none is named')
    .option('--json', 'print an array of objects')
    .action(async (paths: string[], { json }: { readonly json?: true }) => {
      const { detections, refusals } = await namedRules(paths);
      const results = await runRuleTests(detections);
      await toStdout(json ? `${prettyJson(results)}\n` : page(results, detections.length));
      const bad = results.filter(({ wanted, got }) => wanted !== got).length;
      if (bad > 0) throw new BadAnswer(`${count(bad)} tests fail`);
      if (refusals.length > 0) throw new BadAnswer(`${count(refusals.length)} rules are refused: 'lake rules lint' names them`);
    });
}

function page(results: readonly TestResult[], rules: number): string {
  const failed = results.filter(({ wanted, got }) => wanted !== got);
  const lines = failed.map(({ rule, test, wanted, got }) => `'${rule}': ${test}: ${count(got)} findings, and ${count(wanted)} expected`);
  return `${[...lines, `${count(results.length)} tests of ${count(rules)} rules, ${count(failed.length)} fail`].join('\n')}\n`;
}
