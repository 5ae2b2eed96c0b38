/** `lake query`: runs an SQL statement, or a query of the library, over a lake. */

import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Option, type Command } from 'commander';
import { queryLibrary, queryNamed, queryQuestion, type LibraryQuery } from '../../queries/library.ts';
import { overViews } from '../../queries/over-views.ts';
import { timestampSql } from '../../queries/window-sql.ts';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { iso } from '../../shared/domain/window.ts';
import { newestVersionViews } from '../../shared/log-types/raw-dataset.ts';
import { systemClock } from '../../local/clock.ts';
import { lakeTables } from '../../local/lake-views.ts';
import { AskingCanceled, type Question } from '../../shared/ports/asking.ts';
import { awsOption, type AwsChoice } from '../aws/deployment.ts';
import { costLine } from '../asking/cost.ts';
import { openAsking } from '../asking/open-asking.ts';
import { whileNotInterrupted } from '../asking/interrupt.ts';
import { personAt, type Person } from '../tenants/person.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';
import { asUsage, BadAnswer, UsageError } from '../../local/exit.ts';
import { lakeOption, wholeNumber, type LakeChoice } from './options.ts';
import { toStderr, writeData } from './output.ts';
import { printCsv, printJson, printTable } from './query/print.ts';
import { readInstant } from './query/query-window.ts';

interface QueryOptions extends LakeChoice, AwsChoice {
  readonly json?: true;
  readonly csv?: true;
  readonly limit?: number;
  readonly since?: string;
  readonly until?: string;
  readonly set?: readonly string[];
  readonly file?: string;
}

const help = `
Every dataset and view is a table. The view beside a _raw dataset has its name without _raw: duplicates are removed, and of records that
change it has the newest version (${newestVersionViews.join(', ')}).
'lake datasets' lists the tables, 'lake describe' their columns.

SQL is DuckDB's. A query can read the lake and nothing else, and cannot write.

With --aws the deployment's workgroup in Athena answers: SQL is Athena's then, @NAME is the same in both. What was scanned is written to stderr
with what it costs. Ctrl-C cancels the query in Athena as well.

A condition on event_time is all that a query needs to open few files: only compacted files of the days that it asks for are opened, and what
has landed since the last compaction ('lake start' compacts every hour, 'lake compact' a lake at rest).

@NAME runs a query of the library ('lake queries' lists them) over the events between --since and --until. What it needs to know, such
as a user, is asked for if --set does not say it.

Examples:
  lake query @password-spray --since 24h
  lake query @user-timeline --since 2026-11-18 --until 2026-11-20T12:00 --set user=ada@contoso.example
  lake query "SELECT operation, count(*) AS events FROM msft_o365_exchange_online GROUP BY ALL ORDER BY events DESC"
  lake query "SELECT actor_upn, source_ip, count(*) AS failed FROM msft_azure_ad WHERE outcome = 'failure'
              AND event_time >= now() - INTERVAL 1 DAY GROUP BY ALL ORDER BY failed DESC"
  lake query --csv "FROM msft_azure_ad_audit SELECT event_time, operation, target_name" > audits.csv
  lake query --file my-query.sql > rows.tsv
  lake query --aws @password-spray --since 24h
  lake query --json "SELECT raw->>'$.Id' AS id FROM msft_o365_dlp_raw" | jq length

Output:
  a table on a terminal; elsewhere lines with tabs, of which nothing is cut
  --json  an array of objects: times in ISO 8601 and UTC; integers as numbers, or as strings beyond 2^53; lists, structs and maps as JSON
  --csv   RFC 4180; text that a spreadsheet would run as a formula is prefixed with '

The exit code is 1 if the query fails.`;

/** Adds the command. */
export function queryCommand(program: Command): void {
  program
    .command('query')
    .summary('run an SQL query')
    .description('Runs one SQL statement over a lake folder, or a deployment, and prints its rows. A collector may be running.')
    .argument('[sql]', 'an SQL statement, @NAME for a query of the library, or - to read one from standard input')
    .option('--file <file>', 'read the SQL statement from a file')
    .addOption(lakeOption())
    .addOption(awsOption().conflicts('lake'))
    .addOption(new Option('--json', 'print an array of objects').conflicts('csv'))
    .option('--csv', 'print comma-separated values')
    .option('--since <when>', 'with @NAME: events since this time, such as 24h, 7d, 2026-11-20 or 2026-11-20T12:00 (default: 7d)')
    .option('--until <when>', 'with @NAME: events before this time (default: now)')
    .option(
      '--set <name=value>',
      'with @NAME: set a parameter of the query; can be repeated',
      (one: string, others?: readonly string[]) => [...(others ?? []), one],
    )
    .option('--limit <rows>', 'print at most this many rows; 0 for all (default: 50 on a terminal)', wholeNumber(0))
    .addHelpText('after', help)
    .action(query);
}

async function query(given: string | undefined, options: QueryOptions): Promise<void> {
  const statement = await statementOf(given, options.file);
  const question = statement.startsWith('@') ? await libraryQuestion(statement.slice(1), options) : ownQuestion(statement, options);
  const asking = await openAsking(options);
  try {
    const answered = await whileNotInterrupted(async (signal) => {
      const answer = await asking.ask(question, signal);
      if (options.json) await printJson(answer, writeData);
      else if (options.csv) await printCsv(answer, writeData);
      else await printTable(answer, options.limit, terminalStyle(), writeData);
      return answer;
    });
    if (asking.engine === 'athena') toStderr(costLine(answered.cost()));
  } catch (error) {
    if (error instanceof AskingCanceled) throw new BadAnswer(error.message);
    throw error instanceof UsageError ? error : new BadAnswer(complaint(error), { cause: error });
  } finally {
    await asking.close();
  }
}

/** The text of the statement: as it was given, or read from where that says. */
async function statementOf(given: string | undefined, file: string | undefined): Promise<string> {
  if (file !== undefined && given !== undefined) throw new UsageError('give the SQL statement or --file, not both');
  if (file !== undefined) {
    const read = await readFile(file, 'utf8').catch((error: unknown) => {
      throw new UsageError(
        `'${file}' cannot be read (${String((error as NodeJS.ErrnoException).code)}): name a file with one SQL statement`,
      );
    });
    return withoutMark(read);
  }
  if (given === '-') return withoutMark(await text(process.stdin));
  if (given !== undefined) return given;
  throw new UsageError('there is no query: give an SQL statement, @NAME of a query of the library, - for standard input, or --file');
}

/** Editors on Windows put a byte order mark in front. */
const withoutMark = (sql: string): string => sql.replace(/^\ufeff/, '');

function ownQuestion(statement: string, { since, until, set = [] }: QueryOptions): Question {
  if (since === undefined && until === undefined && set.length === 0) return { sql: statement };
  throw new UsageError('--since, --until and --set are for queries of the library (@NAME): write what you mean into the statement');
}

async function libraryQuestion(name: string, { since, until, set = [], aws }: QueryOptions): Promise<Question> {
  const now = systemClock.now();
  const from = readInstant('--since', since ?? '7d', now);
  const to = until === undefined ? now : readInstant('--until', until, now);
  if (from >= to) throw new UsageError(`--since is not before --until: ${iso(from)} and ${iso(to)}`);
  const query = await asUsage(() => queryNamed(name, queryLibrary()));
  const values = await asUsage(() => Object.fromEntries(set.map(assignment)));
  const asked = await askForParameters(query, values, personAt({ input: process.stdin, output: process.stderr }));
  const over = aws ? overViews(query) : query;
  return asUsage(() => queryQuestion(over, { since: timestampSql(from), until: timestampSql(to), values: { ...values, ...asked } }));
}

/**
 * What the query has to be given: its texts, such as a user. A number has a default that means something; a text's is an example.
 *
 * @throws UsageError naming what is not set, where nobody can be asked.
 */
export async function askForParameters(
  { name, parameters }: Pick<LibraryQuery, 'name' | 'parameters'>,
  values: Readonly<Record<string, string>>,
  person: Pick<Person, 'ask'> | undefined,
): Promise<Record<string, string>> {
  const unset = parameters.filter((one) => typeof one.default === 'string' && values[one.name] === undefined);
  if (unset.length > 0 && !person) {
    const options = unset.map((one) => `--set ${one.name}=${String(one.default)} (${one.meaning})`);
    throw new UsageError(`@${name} needs something to look for: give ${options.join(' and ')}`);
  }
  const asked: Record<string, string> = {};
  for (const one of unset) asked[one.name] = (await person?.ask(`${one.name}, ${one.meaning} (such as ${String(one.default)})`)) ?? '';
  return asked;
}

function assignment(text: string): [string, string] {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UsageError(`--set is '${text}': write --set name=value`);
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
