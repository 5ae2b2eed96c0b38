/** A tree whose fields are places of one dataset. */

import type { Place } from '../fields/place.ts';
import { RuleRefused } from '../sigma/refused.ts';
import type { Leaf, Test, Tree } from '../sigma/tree.ts';

/** A condition over the rows of one dataset. */
export type BoundTree =
  | { readonly kind: 'and' | 'or'; readonly of: readonly BoundTree[] }
  | { readonly kind: 'not'; readonly of: BoundTree }
  | { readonly kind: 'leaf'; readonly places: readonly Place[]; readonly test: BoundTest };

/** A test that needs nothing but the row; another field is places as well. */
export type BoundTest =
  Exclude<Test, { op: 'field' }> | (Omit<Extract<Test, { op: 'field' }>, 'field'> & { readonly others: readonly Place[] });

/**
 * @param placesOf The places of a field; none where the dataset does not have it, and then the field says nothing.
 * @throws RuleRefused where a test cannot be asked of a column of that type.
 */
export function bind(tree: Tree, placesOf: (field: string | undefined) => readonly Place[]): BoundTree {
  if (tree.kind === 'leaf') return bindLeaf(tree.leaf, placesOf);
  if (tree.kind === 'not') return { kind: 'not', of: bind(tree.of, placesOf) };
  return { kind: tree.kind, of: tree.of.map((one) => bind(one, placesOf)) };
}

function bindLeaf(leaf: Leaf, placesOf: (field: string | undefined) => readonly Place[]): BoundTree {
  const places = placesOf(leaf.field);
  for (const place of places) checkTest(place, leaf);
  if (leaf.test.op !== 'field') return { kind: 'leaf', places, test: leaf.test };
  const { field, ...test } = leaf.test;
  return { kind: 'leaf', places, test: { ...test, others: placesOf(field) } };
}

/** Engines write floating-point numbers and times as texts each in their own way. */
function checkTest(place: Place, { test, field, at }: Leaf): void {
  if (place.kind !== 'column' && place.kind !== 'field') return;
  if (test.op === 'null' || test.op === 'exists') return;
  if (place.type === 'time') throw new RuleRefused(`'${field ?? ''}' is a time: a rule can only ask whether it is there`, at);
  if (place.type === 'double' && test.op !== 'compare') {
    throw new RuleRefused(`'${field ?? ''}' is a floating-point number: compare it with lt, lte, gt or gte`, at);
  }
}
