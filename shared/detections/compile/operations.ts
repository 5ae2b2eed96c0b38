import type { BoundTree } from './bound.ts';
import { uncasedText } from './predicate.ts';

/** Operations, in lower case, without one of which a row cannot match; undefined where that is not so. Rules are looked up by it. */
export function operationsOf(tree: BoundTree): ReadonlySet<string> | undefined {
  if (tree.kind === 'not') return undefined;
  if (tree.kind === 'leaf') {
    const [place] = tree.places;
    const text = uncasedText(tree.test);
    const isOperation = tree.places.length === 1 && place?.kind === 'column' && place.column === 'operation';
    return isOperation && text !== undefined ? new Set([text]) : undefined;
  }
  const each = tree.of.map(operationsOf);
  const known = each.filter((one) => one !== undefined);
  if (tree.kind === 'and') return known.sort((a, b) => a.size - b.size)[0];
  return known.length === each.length ? new Set(known.flatMap((one) => [...one])) : undefined;
}
