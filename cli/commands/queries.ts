/** `lake queries`: the query library. */

import type { Command } from 'commander';
import { queryLibrary, queryNamed, topics, type LibraryQuery } from '../../queries/library.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';
import { table } from '../terminal/table.ts';
import { asUsage } from '../../local/exit.ts';
import { prettyJson, toStdout } from './output.ts';

const help = `
Every query runs in DuckDB and in Athena, and reads only the days it is asked about.

Examples:
  lake queries
  lake queries --topic mail
  lake queries password-spray
  lake query @password-spray --since 7d`;

interface QueriesOptions {
  readonly topic?: string;
  readonly json?: true;
}

/** Adds the command. */
export function queriesCommand(program: Command): void {
  program
    .command('queries')
    .summary('list the queries of the library, or show one')
    .description('Lists the queries of the library by topic, or shows the columns, parameters and SQL of one.')
    .argument('[query]', 'show one query')
    .option('--topic <topic>', `only queries of this topic: ${topics.join(', ')}`)
    .option('--json', 'print an array of objects')
    .addHelpText('after', help)
    .action(async (name: string | undefined, options: QueriesOptions) => {
      const queries = await asUsage(() => chosen(name, options));
      if (options.json) await toStdout(`${prettyJson(queries)}\n`);
      else if (name === undefined) await toStdout(listing(queries));
      else await toStdout(queries.map(explained).join('\n'));
    });
}

function chosen(name: string | undefined, { topic }: QueriesOptions): readonly LibraryQuery[] {
  const queries = queryLibrary();
  if (name !== undefined) return [queryNamed(name.replace(/^@/, ''), queries)];
  if (topic === undefined) return queries;
  if (topics.some((known) => known === topic)) return queries.filter((query) => query.topic === topic);
  throw new Error(`--topic is '${topic}': known are ${topics.join(', ')}`);
}

function listing(queries: readonly LibraryQuery[]): string {
  const style = terminalStyle();
  const columns = [{ name: 'query' }, { name: 'question' }, { name: 'ATT&CK' }, { name: 'rules' }];
  const parts = topics.flatMap((topic) => {
    const rows = queries
      .filter((query) => query.topic === topic)
      .map(({ name, question, attack, rules }) => [`@${name}`, question, numbersOf(attack), rules.join(', ')]);
    return rows.length === 0 ? [] : [`${style.bold(topic)}\n${table(columns, rows, style)}\n`];
  });
  return `${parts.join('\n')}\n${style.dim(`${String(queries.length)} queries; lake query @name --since 7d runs one`)}\n`;
}

/** `T1110.003`, without the names. */
const numbersOf = (attack: readonly string[]): string => attack.map((technique) => technique.split(' ')[0] ?? '').join(', ');

function explained(query: LibraryQuery): string {
  const style = terminalStyle();
  const lines = (title: string, entries: readonly string[]): string[] =>
    entries.length === 0 ? [] : [style.bold(title), ...entries.map((entry) => `  ${entry}`), ''];
  return [
    `${style.bold(query.title)}: ${query.question}`,
    '',
    ...lines('ATT&CK', query.attack),
    ...lines('found by itself by the rules', query.rules),
    ...lines(
      'parameters (--set name=value)',
      query.parameters.map((one) => `${one.name} = ${String(one.default)}: ${one.meaning}`),
    ),
    ...lines(
      'columns',
      query.columns.map(({ name, meaning }) => `${name}: ${meaning}`),
    ),
    query.template,
    '',
  ].join('\n');
}
