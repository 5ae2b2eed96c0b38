/** The page docs/query-sources.md. */

import { queryLibrary } from '../../queries/library.ts';
import { wordSources } from '../../queries/sources.ts';
import { wordsByFile } from '../../queries/words.ts';

/** The whole page: of every query the attack it is for, and where each value that it compares with comes from. */
export function querySourcesPage(): string {
  const attacks = new Map(queryLibrary().map(({ name, attack }) => [name, attack]));
  const rows = [...wordsByFile()].map(([name, words]) => [
    attacks.has(name) ? `\`@${name}\`` : `\`${name}\` of both APIs`,
    (attacks.get(name) ?? []).map((technique) => technique.split(' ', 1).join('')).join(', '),
    words.map((word) => `\`${word}\`${marks(word)}`).join(', '),
  ]);
  return `# Where the words of the query library come from

<!-- Written by \`npm run docs\` from queries/*.sql and queries/sources.ts. Edit those instead. -->

Every value that a query compares with stands on a page of Microsoft's, or has no number: reported from records, with no page named yet. A test fails for one
that has no source. What each query is for, and its columns: [queries.md](queries.md).

${wordSources.flatMap(({ page }) => (page === undefined ? [] : [`${numberOf(page)}. <${page}>`])).join('\n')}

| query | ATT&CK | values |
| --- | --- | --- |
${rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')}
`;
}

const pages = wordSources.flatMap(({ page }) => (page === undefined ? [] : [page]));
const numberOf = (page: string): string => String(pages.indexOf(page) + 1);

function marks(word: string): string {
  const source = wordSources.find(({ words }) => words.includes(word));
  return source?.page === undefined ? '' : ` (${numberOf(source.page)})`;
}
