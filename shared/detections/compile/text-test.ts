/** Tests of a text. */

import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { compileExpression } from '../sigma/expression.ts';
import { exactText, fold } from '../sigma/pattern.ts';
import { any, one, type Comparison, type Pattern } from '../sigma/tree.ts';
import type { BoundTest } from './bound.ts';

type TextTest = (text: string) => boolean;

/** A test as a function of a text. */
export function textTest(test: Exclude<BoundTest, { op: 'null' | 'exists' | 'field' }>): TextTest {
  switch (test.op) {
    case 'text':
      return patternTest(test.parts, test.isCased);
    case 're':
      return expressionTest(test.pattern, test.flags);
    case 'cidr':
      return networkTest(test.network, test.bits);
    case 'compare':
      return comparisonTest(test.how, test.value);
  }
}

/** What every engine reads as a number, and nothing else. */
export const numberPattern = String.raw`[+-]?[0-9]{1,18}(\.[0-9]{1,18})?`;
const isNumber = new RegExp(`^${numberPattern}$`);

function comparisonTest(how: Comparison, value: number): TextTest {
  const compare: Readonly<Record<Comparison, (one: number) => boolean>> = {
    lt: (one) => one < value,
    lte: (one) => one <= value,
    gt: (one) => one > value,
    gte: (one) => one >= value,
  };
  return (text) => isNumber.test(text) && compare[how](Number(text));
}

function expressionTest(pattern: string, flags: string): TextTest {
  const expression = compileExpression(pattern, flags);
  return (text) => expression.matcher(text).find();
}

/** IPv4 as it is written within IPv6. */
const mapped = new BlockList();
mapped.addSubnet('::ffff:0:0', 96, 'ipv6');

/** An IPv4 address is in no network of IPv6, however wide: a BlockList by itself has it in `::/0`. */
function networkTest(network: string, bits: number): TextTest {
  const list = new BlockList();
  const isOfV4 = isIPv4(network);
  list.addSubnet(network, bits, isOfV4 ? 'ipv4' : 'ipv6');
  return (text) => {
    if (isIPv4(text)) return isOfV4 && list.check(text, 'ipv4');
    // Zones and dots within IPv6 are no addresses of records: landing writes the usual form.
    if (!isIPv6(text) || /[.%]/.test(text)) return false;
    return (isOfV4 || !mapped.check(text, 'ipv6')) && list.check(text, 'ipv6');
  };
}

function patternTest(pattern: Pattern, isCased: boolean): TextTest {
  const parts = isCased ? pattern : pattern.map((part) => (typeof part === 'string' ? fold(part) : part));
  const test = foldedTest(parts);
  return isCased ? test : (text) => test(fold(text));
}

function foldedTest(parts: Pattern): TextTest {
  const exact = exactText(parts);
  if (exact !== undefined) return (text) => text === exact;
  if (!parts.includes(one)) {
    const [first, second, third] = parts;
    if (parts.length === 1) return () => true;
    if (parts.length === 2 && typeof first === 'string') return (text) => text.startsWith(first);
    if (parts.length === 2 && typeof second === 'string') return (text) => text.endsWith(second);
    if (parts.length === 3 && first === any && third === any && typeof second === 'string') return (text) => text.includes(second);
  }
  return (text) => matchesPattern(Array.from(text), tokensOf(parts));
}

type Token = string | typeof any | typeof one;

/** Characters and wildcards, one each. */
const tokensOf = (parts: Pattern): readonly Token[] =>
  parts.flatMap((part): readonly Token[] => (typeof part === 'string' ? Array.from(part) : [part]));

/** Goes back to the last `*` only: at worst the text's length times the pattern's. */
function matchesPattern(text: readonly string[], tokens: readonly Token[]): boolean {
  let [at, token, starToken, starAt] = [0, 0, -1, 0];
  while (at < text.length) {
    const wanted = tokens[token];
    if (wanted === any) [starToken, starAt, token] = [token, at, token + 1];
    else if (wanted === one || (wanted !== undefined && wanted === text[at])) [at, token] = [at + 1, token + 1];
    else if (starToken >= 0) [starAt, at, token] = [starAt + 1, starAt + 1, starToken + 1];
    else return false;
  }
  while (tokens[token] === any) token += 1;
  return token === tokens.length;
}
