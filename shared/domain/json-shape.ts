/**
 * The JSON fields that columns read, as one tree: each is taken out of a record once, by one json_transform, however many
 * columns read it.
 *
 * Two things DuckDB cannot take out directly are kept as JSON and opened in a second step: a field that is read in ways
 * that exclude each other (a list here, a text there), and a name that differs from another in case only.
 */

import { columnTypes } from './columns.ts';

export interface Read {
  readonly steps: readonly Step[];
  readonly as: 'text' | 'long' | 'double' | 'boolean' | 'json';
}
/** A name, or `each` for every element of the list that the names before it lead to. */
export type Step = { readonly name: string } | 'each';

/** What stands at one place of the record. */
export interface Shape {
  readonly leaves: Set<Read['as']>;
  readonly fields: Map<string, Shape>;
  element?: Shape;
  /** Spelled as another field but for its case; the first spelling stands in the struct. */
  isOddlySpelled?: boolean;
}

/** How a place is taken out: as what all its readers want, or as JSON where they want different things. */
export type Kind = Read['as'] | 'object' | 'list';

export function shapeOf(reads: readonly Read[]): Shape {
  const root = emptyShape();
  for (const read of reads) {
    let at = root;
    for (const step of read.steps) at = step === 'each' ? (at.element ??= emptyShape()) : fieldOf(at, step.name);
    at.leaves.add(read.as);
  }
  return root;
}

const emptyShape = (): Shape => ({ leaves: new Set(), fields: new Map() });

function fieldOf(at: Shape, name: string): Shape {
  const known = at.fields.get(name);
  if (known) return known;
  const made = emptyShape();
  // A struct's fields ignore case, so two spellings cannot stand side by side in one.
  if ([...at.fields.keys()].some((other) => other.toLowerCase() === name.toLowerCase())) made.isOddlySpelled = true;
  at.fields.set(name, made);
  return made;
}

export function kindOf(at: Shape): Kind {
  const kinds: Kind[] = [...at.leaves];
  if (at.fields.size > 0) kinds.push('object');
  if (at.element) kinds.push('list');
  if (kinds.length === 1 && kinds[0]) return kinds[0];
  return kinds.every((kind) => scalarKinds.has(kind)) ? 'text' : 'json';
}

const scalarKinds = new Set<Kind>(['text', 'long', 'double', 'boolean']);

/** The second argument of json_transform for a place, seen as one kind. */
export function structureOf(at: Shape, kind: Kind = kindOf(at)): string {
  return JSON.stringify(plain(at, kind));
}

function plain(at: Shape, kind: Kind): unknown {
  if (kind === 'list') return at.element ? [plain(at.element, kindOf(at.element))] : [];
  if (kind !== 'object') return kind === 'json' ? 'JSON' : columnTypes[kind].duckdb;
  const plainly = [...at.fields].filter(([, field]) => field.isOddlySpelled !== true);
  return Object.fromEntries(plainly.map(([name, field]) => [name, plain(field, kindOf(field))]));
}

/**
 * The steps of a path: dotted names, `name[]` for every element of a list, `\.` for a dot within a name.
 *
 * @example stepsOf('PolicyDetails[].Rules') is PolicyDetails, each, Rules
 */
export function stepsOf(path: string): Step[] {
  if (path === '') return [];
  return path.split(/(?<!\\)\./).flatMap((part): Step[] => {
    const name = part.replaceAll('\\.', '.');
    return name.endsWith('[]') ? [{ name: name.slice(0, -2) }, 'each'] : [{ name }];
  });
}
