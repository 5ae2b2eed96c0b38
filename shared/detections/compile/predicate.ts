/** A bound tree as a function of a row. */

import { exactText, fold } from '../sigma/pattern.ts';
import type { BoundTest, BoundTree } from './bound.ts';
import { readerOf, type ReadPlace } from './read-place.ts';
import type { Row } from './row.ts';
import { textTest } from './text-test.ts';

/** Whether a row matches. */
export type Predicate = (row: Row) => boolean;

type BoundLeaf = Extract<BoundTree, { kind: 'leaf' }>;

/** @throws RuleRefused for regular expressions that are none. */
export function predicateOf(tree: BoundTree): Predicate {
  if (tree.kind === 'leaf') return leafPredicate(tree);
  if (tree.kind === 'not') {
    const matches = predicateOf(tree.of);
    return (row) => !matches(row);
  }
  if (tree.kind === 'or') return anyPredicate(tree.of);
  const all = tree.of.map(predicateOf);
  return (row) => all.every((matches) => matches(row));
}

/** Many values of one field are looked up at once. */
function anyPredicate(of: readonly BoundTree[]): Predicate {
  const listed = new Map<string, { readonly leaf: BoundLeaf; readonly texts: Set<string> }>();
  const others: Predicate[] = [];
  for (const tree of of) {
    const text = tree.kind === 'leaf' ? uncasedText(tree.test) : undefined;
    if (tree.kind !== 'leaf' || text === undefined) {
      others.push(predicateOf(tree));
      continue;
    }
    const key = JSON.stringify(tree.places);
    const entry = listed.get(key) ?? { leaf: tree, texts: new Set<string>() };
    listed.set(key, entry);
    entry.texts.add(text);
  }
  const sets = [...listed.values()].map(({ leaf, texts }) => onAny(leaf.places.map(readerOf), (text) => texts.has(fold(text))));
  const any = [...sets, ...others];
  return (row) => any.some((matches) => matches(row));
}

/** The text of a test for equality that ignores case. */
export function uncasedText(test: BoundTest): string | undefined {
  if (test.op !== 'text' || test.isCased) return undefined;
  const text = exactText(test.parts);
  return text === undefined ? undefined : fold(text);
}

const onAny =
  (places: readonly ReadPlace[], test: (text: string) => boolean): Predicate =>
  (row) =>
    places.some((read) => read(row, test));

function leafPredicate({ places, test }: BoundLeaf): Predicate {
  const readers = places.map(readerOf);
  if (test.op === 'exists') return onAny(readers, () => true);
  if (test.op === 'null') return (row) => !readers.some((read) => read(row, () => true));
  if (test.op === 'field') return otherFieldPredicate(readers, test);
  return onAny(readers, textTest(test));
}

function otherFieldPredicate(readers: readonly ReadPlace[], { others, how, isCased }: Extract<BoundTest, { op: 'field' }>): Predicate {
  const asked = others.map(readerOf);
  const same = (text: string): string => (isCased ? text : fold(text));
  const compare = {
    equals: (value: string, other: string) => value === other,
    contains: (value: string, other: string) => value.includes(other),
    startswith: (value: string, other: string) => value.startsWith(other),
    endswith: (value: string, other: string) => value.endsWith(other),
  }[how];
  return (row) => asked.some((read) => read(row, (other) => onAny(readers, (value) => compare(same(value), same(other)))(row)));
}
