/** `lake query`: SQL over the lake, one's own or the library's. */

import { Option, type Command } from 'commander';
import { queryLibrary, queryNamed, querySql } from '../../queries/library.ts';
import { timestampSql } from '../../queries/window-sql.ts';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { iso } from '../../shared/domain/window.ts';
import { systemClock } from '../../local/clock.ts';
import { lakeTables } from '../../local/lake-views.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { paperOf } from '../terminal/paper.ts';
import { asUsage, BadAnswer, UsageError } from '../../local/exit.ts';
import { lakeOption, wholeNumber, type LakeChoice } from './options.ts';
import { toStdout } from './output.ts';
import { printCsv, printJson, printTable } from './query/print.ts';
import { readInstant } from './query/query-window.ts';

interface QueryOptions extends LakeChoice {
  readonly json?: true;
  readonly csv?: true;
  readonly limit: number;
  readonly since?: string;
  readonly until?: string;
  readonly set?: readonly string[];
}

const help = `
Every dataset is a table by its name, and so is the view beside each _raw dataset, named without _raw: it has what Microsoft repeats
once, and of what changes (sign-ins, directory audits, alerts) the newest version. 'lake datasets' lists them, 'lake describe' their
columns. The dialect is DuckDB's; nothing but the lake's objects can be read, and nothing can be written.

dt is the landing date and never before event_time's date: a condition on both reads few files and misses nothing.

@name runs a query of the library ('lake queries' lists them) over the events from --since to --until; --set gives it a parameter.

Examples:
  lake query @password-spray --since 24h
  lake query @user-timeline --since 2026-11-18 --until 2026-11-20T12:00 --set user=ada@contoso.example
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
    .argument('<sql>', 'the statement, in quotes; or @name of a query of the library')
    .addOption(lakeOption())
    .addOption(new Option('--json', 'print an array of objects').conflicts('csv'))
    .option('--csv', 'print comma-separated values')
    .option('--since <when>', 'with @name: events from then on: 24h or 7d ago, a date, or a time in UTC (default: 7d)')
    .option('--until <when>', 'with @name: events before then (default: now)')
    .option('--set <name=value>', 'with @name: a parameter of the query; as often as needed', (one: string, others?: readonly string[]) => [
      ...(others ?? []),
      one,
    ])
    .option('--limit <rows>', 'show at most so many rows of a table; 0 for all', wholeNumber(0), 50)
    .addHelpText('after', help)
    .action(query);
}

async function query(statement: string, options: QueryOptions): Promise<void> {
  const sql = await asUsage(() => sqlOf(statement, options));
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

/** The statement, or the library's query that it names. */
function sqlOf(statement: string, { since, until, set = [] }: QueryOptions): string {
  if (!statement.startsWith('@')) {
    if (since === undefined && until === undefined && set.length === 0) return statement;
    throw new Error('--since, --until and --set are for queries of the library (@name): write what you mean into the statement');
  }
  const now = systemClock.now();
  const from = readInstant('--since', since ?? '7d', now);
  const to = until === undefined ? now : readInstant('--until', until, now);
  if (from >= to) throw new Error(`--since is not before --until: ${iso(from)} and ${iso(to)}`);
  const query = queryNamed(statement.slice(1), queryLibrary());
  return querySql(query, { since: timestampSql(from), until: timestampSql(to), values: Object.fromEntries(set.map(assignment)) });
}

function assignment(text: string): [string, string] {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new Error(`--set is '${text}': write --set name=value`);
  return [name, value];
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
