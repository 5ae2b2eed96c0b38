/**
 * The library over views, for Athena: there the tables over landed objects open every object of the days that are named, and lose what has
 * expired; the views beside them read compacted tables. On one machine both read the same compacted files, and a query that counts each
 * record once by itself is spared the view's choice.
 */

import type { LibraryQuery } from './library.ts';

/** It asks of landing itself: how often a record landed. */
const aboutLanding = 'repeated-records';

/** A query's template, which reads views and names no landing date. */
export function overViews({ name, template }: Pick<LibraryQuery, 'name' | 'template'>): string {
  if (name === aboutLanding) return template;
  return template.replaceAll(/\b(FROM|JOIN) (msft_\w+?)_raw\b/g, '$1 $2').replaceAll('dt >= CAST({{since}} AS date) AND ', '');
}
