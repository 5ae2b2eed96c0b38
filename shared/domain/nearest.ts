import { closest, distance } from 'fastest-levenshtein';

/** Of more known words than this, only the nearest are named. */
const listedAtMost = 20;
const namedOfMany = 3;

/**
 * The sentence for a word nobody knows: what it is, what it was, and what was probably meant.
 *
 * @example unknownWord('log type', 'audit-exchagne', ids) // unknown log type 'audit-exchagne'; did you mean 'audit-exchange'? Known are ...
 */
export function unknownWord(what: string, got: string, known: readonly string[]): string {
  const nearest = nearestWord(got, known);
  if (known.length > listedAtMost) return `unknown ${what} '${got}'; ${ofMany(got, nearest, known)}`;
  const hint = nearest ? `did you mean '${nearest}'? Known are ` : 'known are ';
  return `unknown ${what} '${got}'; ${hint}${known.join(', ')}`;
}

function ofMany(got: string, nearest: string | undefined, known: readonly string[]): string {
  const words = nearestWords(got, known);
  if (nearest === undefined) return `the nearest are ${words.join(', ')}`;
  const others = words.filter((word) => word !== nearest).slice(0, namedOfMany - 1);
  return `did you mean '${nearest}'? Also near are ${others.join(', ')}`;
}

/** The three that differ least, the nearest first. What contains the word is nearer than what does not. */
function nearestWords(got: string, known: readonly string[]): string[] {
  const word = got.toLowerCase();
  const away = (one: string): number => distance(word, one) - (word !== '' && one.includes(word) ? one.length : 0);
  return [...known].sort((a, b) => away(a) - away(b)).slice(0, namedOfMany);
}

/** The known word that differs least, when at most a third of it (and at least two letters) differs. */
function nearestWord(got: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const word = closest(got.toLowerCase(), known);
  return distance(got.toLowerCase(), word) <= Math.max(2, word.length / 3) ? word : undefined;
}
