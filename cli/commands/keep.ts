/** `lake keep`: how long a lake keeps its data. */

import { Option, type Command } from 'commander';
import { systemClock } from '../../local/clock.ts';
import { asUsage } from '../../local/exit.ts';
import { readKeeping, writeKeeping } from '../../local/keeping.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { keepingFields, type Keeping } from '../../shared/domain/keeping.ts';
import { days, utcDate } from '../../shared/domain/window.ts';
import { daysChoice, type DaysChoice } from './days-choice.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { prettyJson, toStdout } from './output.ts';

interface KeepOptions extends LakeChoice {
  readonly rawDays?: DaysChoice;
  readonly compactedDays?: DaysChoice;
  readonly json?: true;
}

const help = `
Without options, prints what is set. Nothing is deleted by this command: 'lake start' deletes what is older once a day, and 'lake expire'
does it at once, or shows what it would delete (--dry-run).

  raw        the landed files, one for each job: kept for so many days after they landed (default: forever)
  compacted  the rows that queries read: kept for so many days after the event (default: forever)

A landed file is never deleted before its rows have been compacted. Queries give the same rows without it. A tenant may have settings of its
own, which take precedence: 'lake tenant edit NAME --raw-days 90'. Both are at least 36 days. docs/retention.md has the details.

Examples:
  lake keep --raw-days 60 --compacted-days 400
  lake keep --raw-days forever --lake my-lake`;

/** Adds the command. */
export function keepCommand(program: Command): void {
  program
    .command('keep')
    .summary('show or set how long data is kept')
    .description('Shows or sets how long a lake keeps landed files and compacted rows.')
    .addOption(new Option('--raw-days <days>', "days to keep landed files, or 'forever'").argParser(daysChoice))
    .addOption(new Option('--compacted-days <days>', "days to keep compacted rows, or 'forever'").argParser(daysChoice))
    .addOption(lakeOption())
    .addOption(new Option('--json', 'print an object'))
    .addHelpText('after', help)
    .action(keep);
}

async function keep({ lake, json, ...choice }: KeepOptions): Promise<void> {
  const folder = await asUsage(() => openLakeFolder(lake, { exclusive: false }));
  const before = await readKeeping(folder.path);
  const keeping = keepingFields.reduce((kept, field) => changed(kept, field, choice[field]), before);
  if (keepingFields.some((field) => choice[field] !== undefined)) await writeKeeping(folder.path, keeping);
  await toStdout(json ? `${prettyJson(asJson(keeping))}\n` : page(keeping));
}

function changed(keeping: Keeping, field: keyof Keeping, to: DaysChoice | undefined): Keeping {
  if (to === undefined) return keeping;
  const { [field]: _before, ...others } = keeping;
  return to === 'forever' ? others : { ...others, [field]: to };
}

const asJson = ({ rawDays = null, compactedDays = null }: { [Field in keyof Keeping]?: number | null }): unknown => ({
  rawDays,
  compactedDays,
});

function page({ rawDays, compactedDays }: Keeping): string {
  const line = (what: string, count: number | undefined, since: string): string =>
    count === undefined
      ? `${what} are kept forever\n`
      : `${what} are kept for ${String(count)} days: ${since} ${utcDate(systemClock.now() - days(count))} is the oldest\n`;
  return `${line('landed files', rawDays, 'the landing date')}${line('compacted rows', compactedDays, 'the event date')}`;
}
