/** `lake query`: SQL over the lake. */

import { Option, type Command } from 'commander';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { lakeTables } from '../lake-views.ts';
import { openLakeReader } from '../lake-reader.ts';
import { paperOf } from '../terminal/paper.ts';
import { BadAnswer, UsageError } from './exit.ts';
import { lakeOption, wholeNumber, type LakeChoice } from './options.ts';
import { toStdout } from './output.ts';
import { printCsv, printJson, printTable } from './query/print.ts';

interface QueryOptions extends LakeChoice {
  readonly json?: true;
  readonly csv?: true;
  readonly limit: number;
}

const help = `
Every dataset is a table by its name, and so is the view beside each _raw dataset, named without _raw: it has what Microsoft repeats
once, and of what changes (sign-ins, directory audits, alerts) the newest version. 'lake datasets' lists them, 'lake describe' their
columns. The dialect is DuckDB's; nothing but the lake's objects can be read, and nothing can be written.

dt is the landing date and never before event_time's date: a condition on both reads few files and misses nothing.

Examples:
  lake query "SELECT operation, count(*) AS events FROM msft_o365_exchange_online GROUP BY ALL ORDER BY events DESC"
  lake query "SELECT actor_upn, source_ip, count(*) AS failed FROM msft_azure_ad WHERE outcome = 'failure'
              AND dt >= current_date - 1 AND event_time >= now() - INTERVAL 1 DAY GROUP BY ALL ORDER BY failed DESC"
  lake query --csv "FROM msft_azure_ad_audit SELECT event_time, operation, target_name" > audits.csv
  lake query --json "SELECT raw->>'$.Id' AS id FROM msft_o365_dlp_raw" | jq length

--json   an array of objects: instants as ISO 8601 in UTC, whole numbers as numbers where JavaScript holds them and else as text,
         lists, structs and maps as JSON.
--csv    RFC 4180. A text beginning with = + - @ gets a ' in front, so that no spreadsheet runs what a stranger wrote into a log.`;

/** Adds the command. */
export function queryCommand(program: Command): void {
  program
    .command('query')
    .summary('run SQL over the lake')
    .description('Runs one SQL statement over the lake folder and prints its rows. A collector may be at work meanwhile.')
    .argument('<sql>', 'the statement, in quotes')
    .addOption(lakeOption())
    .addOption(new Option('--json', 'print an array of objects').conflicts('csv'))
    .option('--csv', 'print comma-separated values')
    .option('--limit <rows>', 'show at most so many rows of a table; 0 for all', wholeNumber(0), 50)
    .addHelpText('after', help)
    .action(query);
}

async function query(sql: string, options: QueryOptions): Promise<void> {
  const reader = await openLakeReader(options.lake, sql);
  try {
    const result = await reader.query(sql);
    if (options.json) await printJson(result, toStdout);
    else if (options.csv) await printCsv(result, toStdout);
    else await printTable(result, options.limit, paperOf(), toStdout);
  } catch (error) {
    throw error instanceof UsageError ? error : new BadAnswer(complaint(error), { cause: error });
  } finally {
    await reader.close();
  }
}

/** DuckDB's message; where it is about a table, with ours that knows all of them. */
function complaint(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).replace(/^Failed to extract statements: /, '');
  const missing = /Table with name (\S+) does not exist/.exec(message)?.[1];
  return missing === undefined
    ? message
    : unknownWord(
        'dataset',
        missing,
        lakeTables().map(({ name }) => name),
      );
}
