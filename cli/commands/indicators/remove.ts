import type { Command } from 'commander';
import { UsageError } from '../../../local/exit.ts';
import { unknownWord } from '../../../shared/domain/nearest.ts';
import { awsOption, type AwsChoice } from '../../aws/deployment.ts';
import { openIndicatorStore } from '../../indicators/indicator-store.ts';
import { lakeOption, type LakeChoice } from '../options.ts';
import { toStdout } from '../output.ts';

/** Adds `lake indicators remove`. */
export function removeCommand(indicators: Command): void {
  indicators
    .command('remove')
    .summary('remove a list of indicators')
    .description('Removes a list of indicators from a lake folder or a deployment. What it found stays found.')
    .argument('<list>', 'its name, as lake indicators list prints it')
    .addOption(lakeOption())
    .addOption(awsOption().conflicts('lake'))
    .action(async (list: string, place: LakeChoice & AwsChoice) => {
      const store = await openIndicatorStore(place);
      const names = Object.keys(await store.lists());
      if (!names.includes(list)) throw new UsageError(unknownWord('list', list, names));
      await store.remove(list);
      await toStdout(`removed ${list}\n`);
    });
}
