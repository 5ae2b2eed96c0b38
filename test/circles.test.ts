/** No file imports what imports it, for types either: the linter's no-cycle passes over `import type`. */

import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');
const isForeign = (name: string): boolean => ['node_modules', 'build', 'dist', 'coverage'].includes(name) || /^(\.|cdk\.out)/.test(name);

/** The files that each file imports, all from the root. */
function importsOfProject(): ReadonlyMap<string, readonly string[]> {
  const files = globSync('*/**/*.ts', { cwd: root, exclude: (path) => path.split('/').some(isForeign) });
  const importsOf = (file: string): string[] =>
    ts
      .preProcessFile(readFileSync(join(root, file), 'utf8'))
      .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
      .map(({ fileName }) => join(dirname(file), fileName));
  return new Map(files.map((file) => [file, importsOf(file)]));
}

/** Every circle that a search in depth comes upon, such as "a.ts -> b.ts -> a.ts". */
function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (path.includes(file) || done.has(file)) return;
    for (const imported of imports.get(file) ?? []) visit(imported, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return circles;
}

test('a circle is named, file by file', () => {
  const imports = new Map(Object.entries({ 'a.ts': ['b.ts'], 'b.ts': ['c.ts', 'd.ts'], 'c.ts': ['b.ts'], 'd.ts': [] }));
  expect(circlesIn(imports)).toEqual(['b.ts -> c.ts -> b.ts']);
});

test('no file imports what imports it, types included', () => {
  const imports = importsOfProject();
  // Only an import of a type: were those passed over, no circle of types would be found.
  expect(imports.get('shared/microsoft/token-errors.ts')).toEqual(['shared/microsoft/error-row.ts']);
  expect(circlesIn(imports)).toEqual([]);
});
