/**
 * `{{sign-ins}}` and `{{directory changes}}` in a query: what Graph has, and what the Management Activity API has beyond it. So a query
 * answers whichever of the two a tenant collects, misses nothing where Graph has a part, and counts nothing twice. The rule is for each
 * record: a sign-in of the Management Activity API is left out where Graph has the same request (its id is Graph's id of a sign-in), or the
 * same account with the same error in the same second of the same correlation. Of changes, as many are left out as Graph has of the same
 * operation under the same correlation id, the earliest first: one consent is several changes, and Graph may have landed the first of them.
 *
 * In them, `{{all of LIST: FIELD}}` is one text of a list of changed properties, as `name: value; name: value`.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Both engines index lists alike, and have no other function of a list in common that makes a text of all its elements. */
const mostProperties = 8;

const relations = new Map(
  [
    ['{{sign-ins}}', 'sign-ins.sql'],
    ['{{directory changes}}', 'directory-changes.sql'],
  ].map(([name = '', file = '']) => [name, withAll(readFileSync(join(import.meta.dirname, 'either-api', file), 'utf8').trim())]),
);

function withAll(sql: string): string {
  return sql.replaceAll(/\{\{all of (\w+): (\w+)\}\}/g, (_, list: string, field: string) => {
    const texts = Array.from({ length: mostProperties }, (_, index) => {
      const element = `${list}[${String(index + 1)}]`;
      return `TRY(${element}.name || ': ' || ${element}.${field})`;
    });
    return `nullif(concat_ws('; ', ${texts.join(', ')}), '')`;
  });
}

/** The query with the relations in their places. @example eitherApi('SELECT * FROM {{sign-ins}}') */
export function eitherApi(template: string): string {
  return [...relations].reduce((sql, [name, relation]) => sql.replaceAll(name, () => relation), template);
}
