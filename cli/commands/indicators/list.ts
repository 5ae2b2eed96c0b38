import type { Command } from 'commander';
import { indicatorLists } from '../../../local/indicator-lists.ts';
import { count } from '../../terminal/quantity.ts';
import { table } from '../../terminal/table.ts';
import { terminalStyle } from '../../terminal/terminal-style.ts';
import { lakeOption, type LakeChoice } from '../options.ts';
import { prettyJson, toStdout } from '../output.ts';

/** Adds `lake indicators list`. */
export function listCommand(indicators: Command): void {
  indicators
    .command('list')
    .summary('list the lists of a lake')
    .description('Lists the lists of indicators of a lake folder, and how many each has.')
    .addOption(lakeOption())
    .option('--json', 'print an array of objects')
    .action(async ({ lake, json }: LakeChoice & { readonly json?: true }) => {
      const lists = Object.entries(indicatorLists(lake)).map(([list, indicatorCount]) => ({ list, indicators: indicatorCount }));
      if (json) return toStdout(`${prettyJson(lists)}\n`);
      if (lists.length === 0) return toStdout('no list of indicators; import one with lake indicators import\n');
      const columns = [{ name: 'list' }, { name: 'indicators', align: 'right' as const }];
      return toStdout(
        `${table(
          columns,
          lists.map((one) => [one.list, count(one.indicators)]),
          terminalStyle(),
        )}\n`,
      );
    });
}
