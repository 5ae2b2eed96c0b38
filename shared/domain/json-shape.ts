/**
 * The JSON fields that columns read, as a tree: each is taken out of a record once, by one json_transform, however many
 * columns read it. A field that is read in ways that exclude each other (a list here, a text there) is taken out as JSON
 * and opened in a second step.
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
}

/** How a place is taken out: as what all its readers want, or as JSON where they want different things. */
export type Kind = Read['as'] | 'object' | 'list';

/**
 * The shapes that hold all reads: one, unless names differ in case only. A struct's fields ignore case, so two spellings
 * of one name cannot stand in the same struct: what is spelled as it was first read stands in the first shape.
 */
export function shapesOf(reads: readonly Read[]): Shape[] {
  const shapes: Shape[] = [emptyShape()];
  for (const read of reads) {
    let shape = shapes.find((candidate) => canHold(candidate, read.steps));
    if (!shape) shapes.push((shape = emptyShape()));
    add(shape, read);
  }
  return shapes;
}

const emptyShape = (): Shape => ({ leaves: new Set(), fields: new Map() });

function canHold(shape: Shape, steps: readonly Step[]): boolean {
  let at: Shape | undefined = shape;
  for (const step of steps) {
    if (at === undefined) return true;
    if (step !== 'each' && !at.fields.has(step.name) && hasOtherSpelling(at, step.name)) return false;
    at = step === 'each' ? at.element : at.fields.get(step.name);
  }
  return true;
}

const hasOtherSpelling = (at: Shape, name: string): boolean =>
  [...at.fields.keys()].some((other) => other.toLowerCase() === name.toLowerCase());

function add(shape: Shape, { steps, as }: Read): void {
  let at = shape;
  for (const step of steps) {
    const next: Shape = (step === 'each' ? at.element : at.fields.get(step.name)) ?? emptyShape();
    if (step === 'each') at.element = next;
    else at.fields.set(step.name, next);
    at = next;
  }
  at.leaves.add(as);
}

export function holds(shape: Shape, { steps, as }: Read): boolean {
  let at: Shape | undefined = shape;
  for (const step of steps) at = step === 'each' ? at?.element : at?.fields.get(step.name);
  return at?.leaves.has(as) === true;
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
  // DuckDB refuses a structure of nothing.
  if (kind === 'object' && at.fields.size === 0) return 'JSON';
  if (kind === 'object') return Object.fromEntries([...at.fields].map(([name, field]) => [name, plain(field, kindOf(field))]));
  return kind === 'json' ? 'JSON' : columnTypes[kind].duckdb;
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
