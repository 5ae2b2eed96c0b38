/** The query library as Athena's named queries: over the last days before the moment they are run. */

import { queryLibrary, querySql, type LibraryQuery } from '../queries/library.ts';
import { overViews } from '../queries/over-views.ts';

/** People change the days in the text. */
const since = "interval '7' day";

/** A saved query of Athena's. */
export interface NamedQuery {
  readonly title: string;
  /** At most 1,024 characters, as Athena wants it. */
  readonly description: string;
  readonly sql: string;
}

/** The whole library, in its order. */
export const queries: readonly NamedQuery[] = queryLibrary().map((query) => ({
  title: query.title,
  description: [query.question, query.attack.length === 0 ? '' : `ATT&CK: ${query.attack.join('; ')}`].filter(Boolean).join(' '),
  sql: `${comment(query)}\n${athenaSql(query)}`,
}));

/** Where a landing date is named at all, as Athena prunes partitions by it. */
function athenaSql(query: LibraryQuery): string {
  const over = overViews(query);
  return querySql(
    { ...over, template: over.template.replaceAll('CAST({{since}} AS date)', `current_date - ${since}`) },
    { since: `CAST(current_timestamp - ${since} AS timestamp)`, until: 'CAST(current_timestamp AS timestamp)' },
  );
}

function comment({ name, question, columns }: LibraryQuery): string {
  return [`-- @${name}: ${question}`, ...columns.map((column) => `--   ${column.name}: ${column.meaning}`)].join('\n');
}
