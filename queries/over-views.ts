/**
 * The library over views, for Athena: there the tables over landed objects open every object of the days that are named, and lose what has
 * expired; the views beside them read compacted tables. On one machine both read the same compacted files, and a query that counts each
 * record once by itself is spared the view's choice.
 */

import type { LibraryQuery } from './library.ts';

/** It asks of landing itself: how often a record landed. */
const aboutLanding = 'repeated-records';

/**
 * A query that reads views. The one about landing reads objects: it names the partition too, which Athena prunes by, and nobody who asks
 * has to.
 */
export function overViews<Query extends Pick<LibraryQuery, 'name' | 'template'>>(query: Query): Query {
  return { ...query, template: query.name === aboutLanding ? withLandingDate(query.template) : ofViews(query.template) };
}

const ofViews = (template: string): string => template.replaceAll(/\b(FROM|JOIN) (msft_\w+?)_raw\b/g, '$1 $2');

const withLandingDate = (template: string): string =>
  template.replaceAll('event_time >= {{since}}', 'dt >= CAST({{since}} AS date) AND event_time >= {{since}}');
