/** The `detection` of a rule as a tree. */

import { isRecord } from './shape.ts';
import { parseCondition } from './condition.ts';
import { leavesFor, type Lists } from './leaf.ts';
import { RuleRefused, type RulePath } from './refused.ts';
import { allOf, anyOf, type Tree } from './tree.ts';

/** More questions than this in one rule are no rule but a list: indicators and placeholders have room for those. */
const mostLeaves = 20_000;

/**
 * The tree of a `detection` block, or of a `filter`'s.
 *
 * @param lists What `|expand` puts in the place of `%name%`.
 * @throws RuleRefused at the place that is wrong.
 */
export function detectionTree(detection: unknown, lists: Lists, at: RulePath): Tree {
  if (!isRecord(detection)) throw new RuleRefused('the rule has no detection: a mapping of selections and a condition', at);
  const { condition, timeframe, ...named } = detection;
  if (timeframe !== undefined)
    throw new RuleRefused("'timeframe' is of Sigma 1; write a correlation with a timespan", [...at, 'timeframe']);
  const selections = new Map(Object.entries(named).map(([name, value]) => [name, selectionTree(value, lists, [...at, name])]));
  const count = [...selections.values()].reduce((sum, tree) => sum + sizeOf(tree), 0);
  if (count > mostLeaves) throw new RuleRefused(`the rule asks ${String(count)} questions; at most ${String(mostLeaves)} are taken`, at);
  const conditions = (Array.isArray(condition) ? condition : [condition]) as readonly unknown[];
  const trees = conditions.map((text) => {
    if (typeof text !== 'string')
      throw new RuleRefused('the detection has no condition, such as `condition: selection`', [...at, 'condition']);
    return parseCondition(text, selections, [...at, 'condition']);
  });
  return anyOf(trees);
}

function selectionTree(value: unknown, lists: Lists, at: RulePath): Tree {
  if (Array.isArray(value)) {
    if (value.length === 0) throw new RuleRefused('the selection is an empty list', at);
    return anyOf(value.map((one: unknown, index) => selectionTree(one, lists, [...at, index])));
  }
  if (!isRecord(value)) return leavesFor('', value, lists, at);
  const entries = Object.entries(value);
  if (entries.length === 0) throw new RuleRefused('the selection is empty: it would match every record', at);
  return allOf(entries.map(([key, wanted]) => leavesFor(key, wanted, lists, [...at, key])));
}

function sizeOf(tree: Tree): number {
  if (tree.kind === 'leaf') return 1;
  return tree.kind === 'not' ? sizeOf(tree.of) : tree.of.reduce((sum, one) => sum + sizeOf(one), 0);
}
