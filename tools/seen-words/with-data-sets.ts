/** Data sets by word. */
type SeenWords = Readonly<Record<string, readonly string[]>>;

/**
 * What is known of words, with data sets that were looked through.
 *
 * @param found The words of each data set: these take the place of what was known of it, and data sets that are not among them stay.
 * @param words Every word there is; another is left out.
 * @returns Sorted by word.
 */
export function withDataSets(known: SeenWords, found: ReadonlyMap<string, readonly string[]>, words: readonly string[]): SeenWords {
  const namesOf = (word: string): string[] => {
    const others = (known[word] ?? []).filter((name) => !found.has(name));
    return [...others, ...[...found].filter(([, among]) => among.includes(word)).map(([name]) => name)].sort();
  };
  const entries = words.map((word) => [word, namesOf(word)] as const).filter(([, names]) => names.length > 0);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
