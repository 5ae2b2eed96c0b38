/** Names and sentences have the field's standard terms: words of a dialect that the code once had do not come back. */

import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from '@jest/globals';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');
const isForeign = (name: string): boolean => ['node_modules', 'build', 'dist', 'coverage'].includes(name) || /^(\.|cdk\.out)/.test(name);

/** Each with what to write instead. */
const instead: ReadonlyMap<string, string> = new Map([
  ['told', 'notified, reported, distinguished'],
  ['tell', 'notify, report, distinguish'],
  ['tells', 'notifies, reports'],
  ['telling', 'notifying'],
  ['said', 'reported, named'],
  ['saying', 'naming'],
  ['ground', 'backend, adapters'],
  ['grounds', 'backends, adapters'],
  ['stood', 'the position, the state'],
  ['born', 'startAt'],
  ['birth', 'start'],
  ['life', 'lifetimeMs'],
  ['stranger', 'the foreign, unowned or unknown thing'],
  ['strangers', 'the foreign, unowned or unknown things'],
  ['strangeness', 'what is wrong'],
  ['deadly', 'fatal'],
  ['walk', 'visit, traverse'],
  ['brake', 'circuit breaker'],
  ['books', 'ledger, log'],
  ['desk', 'the thing that it makes or keeps'],
  ['voices', 'channels'],
  ['ink', 'color, style'],
]);

/** `tellAllNow` -> tell, all, now. */
const wordsOf = (name: string): string[] => name.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/).map((word) => word.toLowerCase());

/** Every name that a source file declares or uses, with words of the list in it. */
function dialectIn(file: string, text: string): string[] {
  const found = new Set<string>();
  const take = (name: string): void => {
    for (const word of wordsOf(name)) {
      const better = instead.get(word);
      if (better !== undefined) found.add(`${file}: '${name}' has '${word}'; write ${better}`);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) take(node.text);
    ts.forEachChild(node, visit);
  };
  take(basename(file));
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false, file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS));
  return [...found];
}

test('a name in dialect is found, with what to write instead', () => {
  expect(dialectIn('cli/told.ts', 'export function tellAll(toldFinding: string): void { use(toldFinding, "told"); }')).toEqual([
    "cli/told.ts: 'told.ts' has 'told'; write notified, reported, distinguished",
    "cli/told.ts: 'tellAll' has 'tell'; write notify, report, distinguish",
    "cli/told.ts: 'toldFinding' has 'told'; write notified, reported, distinguished",
  ]);
  expect(dialectIn('cli/ready.ts', 'const background = "told"; // told')).toEqual([]);
});

const filesOf = (pattern: string): string[] => globSync(pattern, { cwd: root, exclude: (path) => path.split('/').some(isForeign) });

test('no file and no identifier has one', () => {
  const files = filesOf('*/**/*.{ts,tsx}');
  expect(files.length).toBeGreaterThan(1000);
  expect(files.flatMap((file) => dialectIn(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
});

/** Of these, no sentence needs one: who is told of something is notified, and what is told apart is distinguished. */
const inProse = /\b(?:told|stood|strangers?)\b/i;

test('no comment, message or page has those that stood for several things each', () => {
  const files = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...filesOf('*/**/*.{ts,tsx,md,yml,sql}')].filter(
    (file) => file !== 'test/words.test.ts',
  );
  const lines = files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (inProse.test(line) ? [`${file}:${String(index + 1)}: ${line.trim()}`] : [])),
  );
  expect(lines).toEqual([]);
});
