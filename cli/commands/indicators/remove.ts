import type { Command } from 'commander';
import { UsageError } from '../../../local/exit.ts';
import { indicatorLists, removeIndicatorList } from '../../../local/indicator-lists.ts';
import { unknownWord } from '../../../shared/domain/nearest.ts';
import { lakeOption, type LakeChoice } from '../options.ts';
import { toStdout } from '../output.ts';

/** Adds `lake indicators remove`. */
export function removeCommand(indicators: Command): void {
  indicators
    .command('remove')
    .summary('remove a list of indicators')
    .description('Removes a list of indicators from a lake folder. What it found stays found.')
    .argument('<list>', 'its name, as lake indicators list prints it')
    .addOption(lakeOption())
    .action(async (list: string, { lake }: LakeChoice) => {
      const names = Object.keys(indicatorLists(lake));
      if (!names.includes(list)) throw new UsageError(unknownWord('list', list, names));
      await removeIndicatorList(lake, list);
      await toStdout(`removed ${list}\n`);
    });
}
