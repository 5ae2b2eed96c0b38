/** A detection as a tree: what is asked of a record, before it is known where the record keeps the fields. */

/** A condition over one record. Two-valued: a leaf is false where the field says nothing, and its negation is then true. */
export type Tree =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Tree[] }
  | { readonly kind: 'not'; readonly of: Tree }
  | { readonly kind: 'leaf'; readonly leaf: Leaf };

/** One question about one field. A field that has several values matches where any of them does. */
export interface Leaf {
  /** As the rule spells it; undefined for a keyword, which is looked for in the whole record. */
  readonly field: string | undefined;
  readonly test: Test;
  /** Where it stands in its rule, for complaints. */
  readonly at?: readonly (string | number)[];
}

/** What is asked of a value. Texts ignore case unless they say so. */
export type Test =
  /** The field says nothing: absent, null, "" or an empty list. */
  | { readonly op: 'null' }
  | { readonly op: 'exists' }
  | { readonly op: 'text'; readonly parts: Pattern; readonly isCased: boolean }
  /** Part of the value has to match: RE2's syntax. */
  | { readonly op: 're'; readonly pattern: string; readonly flags: string }
  | { readonly op: 'cidr'; readonly network: string; readonly bits: number }
  | { readonly op: 'compare'; readonly how: Comparison; readonly value: number }
  /** Equal to another field of the record, or containing, beginning with or ending with it. */
  | {
      readonly op: 'field';
      readonly field: string;
      readonly how: 'equals' | 'contains' | 'startswith' | 'endswith';
      readonly isCased: boolean;
    };

/** Comparisons of numbers. */
export type Comparison = 'lt' | 'lte' | 'gt' | 'gte';

/** Texts between wildcards: `any` for `*`, `one` for `?`. Two wildcards may stand side by side; texts never do. */
export type Pattern = readonly (string | typeof any | typeof one)[];

/** `*`: any text, an empty one too. */
export const any = Symbol('any');
/** `?`: one character. */
export const one = Symbol('one');

/** All of these have to hold. */
export const allOf = (of: readonly Tree[]): Tree => (of.length === 1 && of[0] ? of[0] : { kind: 'and', of });
/** Any of these has to hold. */
export const anyOf = (of: readonly Tree[]): Tree => (of.length === 1 && of[0] ? of[0] : { kind: 'or', of });

/** Every leaf, from left to right. */
export function leavesOf(tree: Tree): Leaf[] {
  if (tree.kind === 'leaf') return [tree.leaf];
  return tree.kind === 'not' ? leavesOf(tree.of) : tree.of.flatMap(leavesOf);
}
