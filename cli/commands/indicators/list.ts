import type { Command } from 'commander';
import { awsOption, type AwsChoice } from '../../aws/deployment.ts';
import { openIndicatorStore } from '../../indicators/indicator-store.ts';
import { count } from '../../terminal/quantity.ts';
import { table } from '../../terminal/table.ts';
import { terminalStyle } from '../../terminal/terminal-style.ts';
import { lakeOption, type LakeChoice } from '../options.ts';
import { prettyJson, toStdout } from '../output.ts';

/** Adds `lake indicators list`. */
export function listCommand(indicators: Command): void {
  indicators
    .command('list')
    .summary('list the lists of a lake or a deployment')
    .description('Lists the lists of indicators of a lake folder or of a deployment, and how many each has.')
    .addOption(lakeOption())
    .addOption(awsOption().conflicts('lake'))
    .option('--json', 'print an array of objects')
    .action(async ({ json, ...place }: LakeChoice & AwsChoice & { readonly json?: true }) => {
      const known = await (await openIndicatorStore(place)).lists();
      const lists = Object.entries(known).map(([list, indicatorCount]) => ({ list, indicators: indicatorCount }));
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
