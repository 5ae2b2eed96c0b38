/**
 * `{{sign-ins}}` and `{{directory changes}}` in a query: what Graph has of the tenant, and of tenants that have none of it in the window
 * what the Management Activity API has of the same. So a query answers whichever of the two a tenant collects, and counts nothing twice.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const relations = new Map(
  [
    ['{{sign-ins}}', 'sign-ins.sql'],
    ['{{directory changes}}', 'directory-changes.sql'],
  ].map(([name = '', file = '']) => [name, readFileSync(join(import.meta.dirname, 'either-api', file), 'utf8').trim()]),
);

/** The query with the relations in their places. @example eitherApi('SELECT * FROM {{sign-ins}}') */
export function eitherApi(template: string): string {
  return [...relations].reduce((sql, [name, relation]) => sql.replaceAll(name, () => relation), template);
}
