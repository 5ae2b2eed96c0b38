/** Every page of docs/ that is generated. */

import { datasetPages, type Filled } from './dataset-pages.ts';
import { logTypesPage } from './log-types-page.ts';
import { ocsfPage } from './ocsf-page.ts';
import { queryPage } from './query-page.ts';
import { querySourcesPage } from './query-sources-page.ts';
import { ruleSourcesPage } from './rule-sources-page.ts';
import { rulesPage } from './rules-page.ts';
import { simulatorPage } from './simulator-page.ts';
import { sizingPage } from '../sizing/sizing-page.ts';

/** The text of each page by its path in docs/. @param filled Shares of filled columns, as measured before (tools/docs/filled.json). */
export function generatedPages(filled: Filled): ReadonlyMap<string, string> {
  const datasets = [...datasetPages(filled)].map(([name, text]): [string, string] => [`datasets/${name}`, text]);
  return new Map([
    ...datasets,
    ['log-types.md', logTypesPage()],
    ['queries.md', queryPage()],
    ['query-sources.md', querySourcesPage()],
    ['rules.md', rulesPage()],
    ['rule-sources.md', ruleSourcesPage()],
    ['ocsf.md', ocsfPage()],
    ['simulator.md', simulatorPage()],
    ['sizing.md', sizingPage()],
  ]);
}
