/** The pages of docs/datasets, from the declarations of the columns. */

import { normalizedDatasets } from '../../shared/datasets/index.ts';
import { activityView } from '../../shared/datasets/views.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { newestVersionViews } from '../../shared/log-types/raw-dataset.ts';
import type { ColumnDescription } from '../../cli/commands/describe/column-description.ts';
import { describeTable, type TableDescription } from '../../cli/commands/describe/describe-table.ts';
import { lakeTables, type LakeTable } from '../../local/lake-views.ts';
import { filledNotes } from './filled-notes.ts';
import { markdownTable } from './markdown-table.ts';

/** By dataset: in how many percent of the rows that were looked at each column has a value. */
export type Filled = Readonly<Record<string, { readonly rows: number; readonly percent: Readonly<Record<string, number>> }>>;

/** The text of each page by its file name. */
export function datasetPages(filled: Filled): ReadonlyMap<string, string> {
  // The view beside a raw dataset has the same columns, and is on its page.
  const tables = lakeTables().filter(({ kind, name }) => kind !== 'view' || name === activityView);
  return new Map([['README.md', indexPage(tables)], ...tables.map((one): [string, string] => [`${one.name}.md`, page(one, filled)])]);
}

const generated = '<!-- Written by npm run docs. Edit the declaration of the columns instead. -->';

function indexPage(tables: readonly LakeTable[]): string {
  const rows = tables.map((one) => {
    const { name, kind, what, logTypes, columns } = describeTable(one);
    const beside = one.kind === 'raw' ? ` \`${one.raw.view}\`` : '';
    return [`[\`${name}\`](${name}.md)`, kind, beside, logTypes.join(', '), String(columns.length), what];
  });
  return `${generated}

# Datasets

Every dataset is a table by its name, in DuckDB on one machine (\`lake query\`) and in Athena alike. Columns, types, meanings, Glue comments, \`lake describe\` and
these pages come from one declaration each: \`shared/log-types\` for raw, \`shared/datasets\` for normalized datasets and views.

- **raw**: every record as often as Microsoft served it, typed columns first, the record's own JSON last (\`raw\`).
- **view** beside each raw dataset: what Microsoft repeated once; of what changes the newest version (${newestVersionViews.map(code).join(', ')}).
- **normalized**: a select over the landed raw objects and nothing else, landed beside them; \`lake normalize\` makes them again, byte for byte. \`dataset\`, \`object\` and
  \`record_key\` lead back to the raw row. Rows are as many as the raw rows: count each \`record_key\` once where repetitions matter.
- **\`${activityView}\`**: everything in one flat view, one row a record.

A condition on the time of the event, \`WHERE event_time >= TIMESTAMP '2026-11-20 00:00:00'\`, is all that a query needs to read few files: what landed is compacted by event day,
and only files of the days that are asked for are opened, and those of the last hours. That holds on one machine for every table, and in Athena for views and normalized datasets: there the
\`_raw\` tables are the landed objects themselves, every one of which a query opens; ask the views. \`tenant_id\` reaches the files through every view too, \`operation\` through those of audit records.
Each table's last column is the partition that its landed objects lie in. It is internal.

${markdownTable(['Dataset', 'Kind', 'View beside it', 'Log types', 'Columns', 'A row is'], rows)}
`;
}

function page(one: LakeTable, filled: Filled): string {
  const description = describeTable(one);
  const { name, kind, what, columns } = description;
  const share = filled[name];
  const parts = [
    generated,
    `# ${name}`,
    `${capital(what)}.`,
    about(one, description),
    `## Columns`,
    columnTable(columns, share?.percent),
    ...(kind === 'view' ? [] : filledPart(name, share)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function about(one: LakeTable, { logTypes }: TableDescription): string {
  const titles = logTypes.map((id) => `[\`${id}\`](${logTypeById(id).reference})`).join(', ');
  if (one.kind === 'raw') {
    const { vendor, product } = one.raw.logTypes[0] ?? { vendor: '', product: '' };
    return `Vendor \`${vendor}\`, product \`${product}\`. Log types: ${titles}. The view \`${one.raw.view}\` has the same columns.`;
  }
  if (one.kind === 'view') return `Made of ${one.view.reads.map((read) => `\`${read}\``).join(', ')}.`;
  if (one.kind === 'findings')
    return 'What rules found ([writing rules](../writing-rules.md)). The view `findings` has one row a finding, and the same columns.';
  const { vendor, product } = one.normalized;
  const landed = normalizedDatasets.some(({ name }) => name === one.name) ? '' : ' Landed only where the deployment chooses it.';
  return `Vendor \`${vendor}\`, product \`${product}\`. Derived from ${titles}.${landed} The source of a column is SQL over the raw row, then the JSON paths that it reads.`;
}

function columnTable(columns: readonly ColumnDescription[], percent: Readonly<Record<string, number>> | undefined): string {
  const rows = columns.map(({ name, type, meaning, source, example }) => [
    `\`${name}\``,
    type,
    meaning,
    source === '' ? 'not provided' : code(source),
    code(example),
    ...(percent ? [percent[name] === undefined ? '' : `${String(percent[name])} %`] : []),
  ]);
  return markdownTable(['Column', 'Type', 'Meaning', 'Source', 'Example', ...(percent ? ['Filled'] : [])], rows);
}

function filledPart(name: string, share: Filled[string] | undefined): string[] {
  if (!share) return [];
  const notes = new Map(Object.entries(filledNotes)).get(name) ?? [];
  return [
    '## What is filled',
    `Of ${share.rows.toLocaleString('en')} public sample records of all kinds, most of them one of a kind; a tenant's own mix differs.`,
    ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : []),
  ];
}

const code = (text: string): string => `\`${text}\``;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
