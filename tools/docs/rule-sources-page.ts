/** The page docs/rule-sources.md. */

import { comparedByQueries } from '../../queries/sources.ts';
import { ruleWordSources } from '../../rules/sources.ts';
import { wordsByRule } from '../../rules/words.ts';
import { markdownTable } from './markdown-table.ts';

/** The whole page: of every rule, where each value that it compares with comes from. */
export function ruleSourcesPage(): string {
  const rows = [...wordsByRule()]
    .filter(([, words]) => words.length > 0)
    .map(([name, words]) => [`\`${name}\``, words.map(marked).join(', ')]);
  return `# Where the words of the rules come from

<!-- Written by \`npm run docs\` from rules/*.yml and rules/sources.ts. Edit those instead. -->

A rule that compares with a word nobody writes finds nothing, and its own tests do not show it. Every value and every parameter has a number: the page of
Microsoft's that has it, or the public project that reports it. Those with **q** are words of queries as well: [query-sources.md](query-sources.md). A test
fails for a word that has neither. \`%\` stands for any text.

${ruleWordSources.map(({ page, project, note }, index) => `${String(index + 1)}. <${page ?? project ?? ''}>${note === undefined ? '' : ` ${note}`}`).join('\n')}

${markdownTable(['rule', 'values'], rows)}
`;
}

function marked(word: string): string {
  const index = ruleWordSources.findIndex(({ words }) => words.some((one) => one.toLowerCase() === word.toLowerCase()));
  return `\`${word}\` (${index < 0 && comparedByQueries.has(word.toLowerCase()) ? 'q' : String(index + 1)})`;
}
