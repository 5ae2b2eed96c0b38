/** The page docs/query-sources.md. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { queryLibrary } from '../../queries/library.ts';
import { wordSources, type WordSource } from '../../queries/sources.ts';
import { wordsByFile } from '../../queries/words.ts';

const seenFile = join(import.meta.dirname, '..', '..', 'queries', 'seen-words.json');

/** In which data sets a word was seen, by `npm run seen`. */
export const seenWords = (): Readonly<Record<string, readonly string[] | undefined>> =>
  JSON.parse(readFileSync(seenFile, 'utf8')) as Record<string, string[]>;

/** The whole page: of every query the attack it is for, where each value that it compares with comes from, and where it was seen. */
export function querySourcesPage(): string {
  const attacks = new Map(queryLibrary().map(({ name, attack }) => [name, attack]));
  const seen = seenWords();
  const dataSets = [...new Set(Object.values(seen).flatMap((names) => names ?? []))].sort();
  const letters = new Map(dataSets.map((name, index) => [name, String.fromCharCode('a'.charCodeAt(0) + index)]));
  const marks = (word: string): string => {
    const sets = (seen[word] ?? []).map((name) => letters.get(name) ?? '').join('');
    return [sourceNumber(word), sets].filter((mark) => mark !== '').join(' ');
  };
  const rows = [...wordsByFile()].map(([name, words]) => [
    attacks.has(name) ? `\`@${name}\`` : `\`${name}\` of both APIs`,
    (attacks.get(name) ?? []).map((technique) => technique.split(' ', 1).join('')).join(', '),
    words.map((word) => `\`${word}\` (${marks(word)})`).join(', '),
  ]);
  return `# Where the words of the query library come from

<!-- Written by \`npm run docs\` from queries/*.sql, queries/sources.ts and queries/seen-words.json. Edit those instead. -->

A query that compares with a word nobody writes finds nothing, and no test with planted records shows it. So every value has a number, the page of Microsoft's that
has it, or letters, the data sets of real records in which it was seen. A test fails for a value that has neither. A public project is named beside the records. A number
means something only in its column: it has its own source, and was looked for in the fields that the column is read from. What each query is for, and its columns: [queries.md](queries.md).

${sources.map((source, index) => `${String(index + 1)}. ${described(source)}`).join('\n')}

Data sets (\`npm run seen -- FOLDER --write\`): ${[...letters].map(([name, letter]) => `**${letter}** ${name}`).join(', ')}.

What was looked for in public records in December 2026 and stands in none, so that no query relies on it: a change by privileged identity management as the
Management Activity API writes it (Graph's form is known: which target is the role and which the person is taken from it); \`Cmsi:Cmsi\`, by which projects tell
a sign-in that a device code led to; \`RemoveMailboxRule\`, which would be an inbox rule removed in Outlook (1.1 million rows that a report counted have
\`AddMailboxRule\` and \`ModifyMailboxRule\` alone). Nor is there the same sign-in or change as both APIs write it: that their ids agree follows from Microsoft's description
of them and from their form (the id of a request ends with 00 in both APIs), and a sign-in is taken for the same by account, error and second as well.

| query | ATT&CK | values |
| --- | --- | --- |
${rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')}
`;
}

const hasPlace = ({ page, project }: WordSource): boolean => page !== undefined || project !== undefined;
const sources = wordSources.filter(hasPlace);

function sourceNumber(word: string): string {
  const index = sources.findIndex(({ words }) => words.includes(word));
  return index < 0 ? '' : String(index + 1);
}

function described({ page, project, note }: WordSource): string {
  const place = page ?? project;
  const parts = [place === undefined ? undefined : `<${place}>`, note];
  return parts.filter((part) => part !== undefined).join(' ');
}
