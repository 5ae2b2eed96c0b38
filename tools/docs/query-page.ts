/** The page docs/queries.md. */

import { queryLibrary, topics, type LibraryQuery } from '../../queries/library.ts';

/** The whole page. It is generated: its source is the headers of queries/*.sql. */
export function queryPage(): string {
  const queries = queryLibrary();
  const parts = topics.map((topic) =>
    topicSection(
      topic,
      queries.filter((query) => query.topic === topic),
    ),
  );
  return `${heading(queries.length)}\n${parts.join('\n')}`;
}

const heading = (count: number): string => `# Query library

<!-- Written by \`npm run docs\` from the headers of queries/*.sql. Edit those instead. -->

${String(count)} queries that analysts of these logs run, as files of [queries/](../queries). \`lake queries\` lists them, \`lake query @name --since 7d\` runs
one, \`--set name=value\` gives it a parameter; on AWS they are named queries of the Athena workgroup, over the last seven days.

They are written in the SQL that DuckDB and Athena's engine share, and both give the same rows ([trino.md](trino.md)). Each has a condition
on \`event_time\`, and that alone makes it read only the days of its window. Where a query counts events, what Microsoft repeats counts once, unless its
columns state otherwise. Names of operations are compared in any case. Sign-ins and changes of the directory come from Graph, and from the Management
Activity API what Graph does not have: a sign-in is the same where both have its request, or account, error and second under one correlation id; of changes
as many are the same as Graph has of an operation under one correlation id. So a tenant may collect either, or both, and nothing is shown twice. For each one a test plants its answer among what looks like it, and the query must find exactly that. \`npm run
bench:queries -- --rows 10000000\` lands that many rows into a temporary lake and says how long each takes ([query-speed.md](query-speed.md)).
Where each value comes from that a query compares with: [query-sources.md](query-sources.md).
`;

function topicSection(topic: string, queries: readonly LibraryQuery[]): string {
  const title = topic.charAt(0).toUpperCase() + topic.slice(1);
  return `## ${title}\n\n${queries.map(querySection).join('\n')}`;
}

function querySection({ name, title, question, graphOnly, withoutGraph, attack, rules, parameters, columns }: LibraryQuery): string {
  const lines = [
    `### ${title}`,
    '',
    `\`@${name}\` — ${question}`,
    '',
    ...(graphOnly === undefined ? [] : [`From Graph alone: ${graphOnly}.`, '']),
    ...(withoutGraph === undefined ? [] : [`Without Graph: ${withoutGraph}.`, '']),
    ...(attack.length === 0 ? [] : [`ATT&CK: ${attack.map(technique).join('; ')}.`, '']),
    ...(rules.length === 0 ? [] : [`Found by itself by: ${rules.map((rule) => `[\`${rule}\`](rules.md#${rule})`).join(', ')}.`, '']),
    ...(parameters.length === 0
      ? []
      : [`Parameters: ${parameters.map((one) => `\`${one.name}\` (${String(one.default)}): ${one.meaning}`).join('; ')}.`, '']),
    `Columns: ${columns.map((column) => `\`${column.name}\` ${column.meaning}`).join('; ')}.`,
    '',
  ];
  return lines.join('\n');
}

/** A link to a technique such as `T1110.003 Brute Force: Password Spraying`. @see https://attack.mitre.org */
function technique(text: string): string {
  const [number = '', ...name] = text.split(' ');
  return `[${number}](https://attack.mitre.org/techniques/${number.replace('.', '/')}/) ${name.join(' ')}`;
}
