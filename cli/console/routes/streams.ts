/** Every route that streams rows, by its name: the question that is asked. */

import type { StreamName, StreamRequestOf } from '../../../console/api/routes.ts';
import { queryLibrary, queryNamed, queryQuestion } from '../../../queries/library.ts';
import { overViews } from '../../../queries/over-views.ts';
import { timestampSql } from '../../../queries/window-sql.ts';
import type { Question } from '../../../shared/ports/asking.ts';
import type { Backend } from '../backend.ts';
import { searchQuestion } from '../search-sql.ts';

type Ask<Name extends StreamName> = (backend: Backend, request: StreamRequestOf<Name>) => Question;

/** What a person wrote as SQL runs as it is, with the surface that `lake query` has. */
export const streamAnswers: { readonly [Name in StreamName]: Ask<Name> } = {
  search: (_, { limit, ...request }) => searchQuestion(request, limit),
  sql: (_, { sql }) => ({ sql }),
  query: ({ kind }, { name, from, to, values }) => {
    const query = queryNamed(name, queryLibrary());
    return queryQuestion(kind === 'aws' ? overViews(query) : query, { since: timestampSql(from), until: timestampSql(to), values });
  },
};
