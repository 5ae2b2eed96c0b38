/** The words of rules that they compare Microsoft's with: values, and names of parameters. */

import { ruleLibrary } from './library.ts';
import { readDocuments } from '../shared/detections/sigma/documents.ts';
import { readRule } from '../shared/detections/sigma/rule.ts';
import { any, leavesOf, type Leaf, type Pattern } from '../shared/detections/sigma/tree.ts';

/** Values of our own columns, whose declarations have sources. */
const own: ReadonlySet<string> = new Set(['success', 'failure', 'true', 'false']);

/**
 * The words of every rule by its name; a rule without one is named by its title.
 *
 * `%` and `_` stand for any text and any character. Operations of Entra end with a full stop in the Management Activity API, which is taken off.
 */
export function wordsByRule(files = ruleLibrary()): ReadonlyMap<string, readonly string[]> {
  const documents = Object.entries(files).flatMap(([name, text]) => readDocuments(name, text).documents);
  return new Map(
    documents.flatMap((document) => {
      const rule = readRule(document, new Map());
      if (!('tree' in rule)) return [];
      const words = new Set(leavesOf(rule.tree).flatMap(wordsOf));
      return [[rule.name ?? rule.title, [...words].filter((word) => !own.has(word))] as const];
    }),
  );
}

function wordsOf({ field, test }: Leaf): string[] {
  const [, key] = /^parameters\.(\w+)$/i.exec(field ?? '') ?? [];
  const value = test.op === 'text' ? [textOf(test.parts).replace(/\.$/, '')] : [];
  return key === undefined ? value : [key, ...value];
}

const textOf = (parts: Pattern): string => parts.map((part) => (typeof part === 'string' ? part : part === any ? '%' : '_')).join('');
