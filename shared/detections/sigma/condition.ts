/** The condition of a rule: names of selections joined by and, or, not, parentheses, `1 of x*` and `all of x*`. */

import { unknownWord } from '../../domain/nearest.ts';
import { RuleRefused, type RulePath } from './refused.ts';
import { allOf, anyOf, type Tree } from './tree.ts';

/** Deeper parentheses are no rule anybody wrote. */
const deepest = 50;

/**
 * @param selections By name, in the rule's order.
 * @throws RuleRefused naming what is wrong, with the place of the condition.
 * @see https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html#condition
 */
export function parseCondition(text: string, selections: ReadonlyMap<string, Tree>, at: RulePath): Tree {
  if (/(^|\s)(\||near\s)/.test(text)) {
    throw new RuleRefused(`'${text}' aggregates as Sigma 1 did; write a correlation of type event_count or value_count instead`, at);
  }
  const reader = new ConditionReader(text.match(/[()]|[^\s()]+/g) ?? [], selections, at);
  return reader.whole();
}

class ConditionReader {
  #next = 0;
  #depth = 0;
  readonly #tokens: readonly string[];
  readonly #selections: ReadonlyMap<string, Tree>;
  readonly #at: RulePath;

  constructor(tokens: readonly string[], selections: ReadonlyMap<string, Tree>, at: RulePath) {
    this.#tokens = tokens;
    this.#selections = selections;
    this.#at = at;
  }

  whole(): Tree {
    const tree = this.#or();
    if (this.#next < this.#tokens.length) this.#refuse(`'${this.#tokens[this.#next] ?? ''}' is one word too many in the condition`);
    return tree;
  }

  #or(): Tree {
    const of = [this.#and()];
    while (this.#takes('or')) of.push(this.#and());
    return anyOf(of);
  }

  #and(): Tree {
    const of = [this.#not()];
    while (this.#takes('and')) of.push(this.#not());
    return allOf(of);
  }

  #not(): Tree {
    let isNegated = false;
    while (this.#takes('not')) isNegated = !isNegated;
    const tree = this.#primary();
    return isNegated ? { kind: 'not', of: tree } : tree;
  }

  #primary(): Tree {
    const word = this.#tokens[this.#next];
    if (word === undefined) return this.#refuse('the condition ends where a selection should stand');
    this.#next += 1;
    if (word === '(') return this.#parenthesis();
    if (this.#tokens[this.#next]?.toLowerCase() === 'of') return this.#quantified(word.toLowerCase());
    const tree = this.#selections.get(word);
    return tree ?? this.#refuse(`the condition names ${unknownWord('selection', word, [...this.#selections.keys()])}`);
  }

  #parenthesis(): Tree {
    this.#depth += 1;
    if (this.#depth > deepest) this.#refuse(`the condition has more than ${String(deepest)} parentheses inside each other`);
    const tree = this.#or();
    if (!this.#takes(')')) this.#refuse("the condition lacks a ')'");
    this.#depth -= 1;
    return tree;
  }

  #quantified(how: string): Tree {
    if (!['1', 'any', 'all'].includes(how)) this.#refuse(`'${how} of' is not known; known are '1 of', 'any of' and 'all of'`);
    const pattern = this.#tokens[this.#next + 1];
    this.#next += 2;
    if (pattern === undefined) return this.#refuse(`'${how} of' lacks the selections it is about`);
    const names = [...this.#selections.keys()].filter((name) => isNamed(name, pattern));
    const trees = names.flatMap((name) => this.#selections.get(name) ?? []);
    if (trees.length === 0) this.#refuse(`'${how} of ${pattern}' finds no selection; there are ${[...this.#selections.keys()].join(', ')}`);
    return how === 'all' ? allOf(trees) : anyOf(trees);
  }

  #takes(word: string): boolean {
    if (this.#tokens[this.#next]?.toLowerCase() !== word) return false;
    this.#next += 1;
    return true;
  }

  #refuse(message: string): never {
    throw new RuleRefused(message, this.#at);
  }
}

/** `them` are all but those whose names begin with an underscore. */
function isNamed(name: string, pattern: string): boolean {
  if (pattern === 'them') return !name.startsWith('_');
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${escaped.join('.*')}$`).test(name);
}
