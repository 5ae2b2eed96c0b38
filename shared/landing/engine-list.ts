/** Lists that the engine fills by itself: of texts, whole numbers and truth values as they stand in the record. */

import type { Column, Expression, StructField } from '../domain/columns.ts';
import { booleanOf, longOf } from './engine/cells.ts';
import { cellBytes, fieldPathOf, type Engine } from './engine/engine.ts';
import type { LandingContext } from './engine/context.ts';
import type { Leaf } from './engine/leaf.ts';
import { stepsOf, type Step } from './engine/path.ts';
import type { Plan } from './engine/plan.ts';
import { sourcesAt } from './engine/sources.ts';
import { caretsOf, neededFields } from './engine/structs.ts';

/** @returns Whether the engine fills these leaves from now on. */
export function listOfEngine(from: Expression, type: Column['type'], leaves: readonly Leaf[], context: LandingContext): boolean {
  if (from.op === 'pairs') return fillPairs(from, leaves, context);
  if (from.op === 'structs') return fillStructs(from, leaves, context);
  if (type !== 'texts') return false;
  if (from.op === 'field' && from.as === 'texts') return fillTexts(from.path, '', leaves, context);
  return from.op === 'each' && from.as === 'text' && fillTexts(from.path, from.field, leaves, context);
}

function fillTexts(path: string, field: string, [leaf]: readonly Leaf[], context: LandingContext): boolean {
  const { column, plans } = newList(stepsOf(path), context);
  const plan = plans.at(-1);
  if (leaf && plan) context.engine.calls.addListField(column, leaf.address, sourcesAt([field], plan), 0, 1);
  return true;
}

function fillPairs({ path, keys }: Extract<Expression, { op: 'pairs' }>, leaves: readonly Leaf[], context: LandingContext): boolean {
  const { calls } = context.engine;
  const { column, plans } = newList(stepsOf(path), context);
  const offset = (name: string): number => (plans.at(-1)?.fieldsTo(stepsOf(name))[0] ?? 0) * cellBytes;
  for (const leaf of leaves) calls.addListField(column, leaf.address, 0, 0, 0);
  calls.setPairs(column, offset(keys.name), offset(keys.value));
  return true;
}

type StructsExpression = Extract<Expression, { op: 'structs' }>;

function fillStructs({ path, fields, needs }: StructsExpression, leaves: readonly Leaf[], context: LandingContext): boolean {
  if (!Object.values(fields).every(isTaken)) return false;
  const { column, plans } = newList(stepsOf(path), context);
  const needed = neededFields({ fields, needs });
  Object.entries(fields).forEach(([name, field], index) => {
    const leaf = leaves[index];
    if (!leaf) return;
    const [outwards = 0] = field.paths.map(caretsOf);
    const plan = plans[plans.length - 1 - outwards];
    if (!plan) throw new Error(`path '${field.paths.join()}' leaves the record`);
    const sources = sourcesAt(
      field.paths.map((at) => at.slice(outwards)),
      plan,
    );
    convertOutside(leaf, field.as, context.engine);
    context.engine.calls.addListField(column, leaf.address, sources, outwards, needed.includes(name) ? 1 : 0);
  });
  return true;
}

/** A field that the engine can take: of several places, all in the same element. */
const isTaken = ({ as, paths }: StructField): boolean =>
  (as === 'text' || as === 'long' || as === 'boolean') && new Set(paths.map(caretsOf)).size <= 1;

/** A list column and the plans of its elements, innermost last. */
function newList(path: readonly Step[], { engine, plan }: LandingContext): { readonly column: number; readonly plans: readonly Plan[] } {
  const column = engine.calls.newListColumn();
  const plans: Plan[] = [];
  let at = plan;
  for (const steps of listsOn(path)) {
    engine.calls.addLevel(column, ...fieldPathOf(at.fieldsTo(steps)));
    at = at.elements(steps);
    plans.push(at);
  }
  return { column, plans };
}

/** The path to each list, from the elements of the one before. */
function listsOn(path: readonly Step[]): Step[][] {
  const end = path.indexOf('each');
  return end < 0 ? [[...path]] : [path.slice(0, end), ...listsOn(path.slice(end + 1))];
}

/** Converts for the leaf what the engine does not: a number in a text, with a fraction or very many digits, a word for true. */
export function convertOutside(leaf: Leaf, as: Column['type'], engine: Engine): void {
  if (as === 'long') engine.conversions.set(leaf.address, (cell) => leaf.codeOf(longOf(engine, cell)));
  if (as === 'boolean') engine.conversions.set(leaf.address, (cell) => leaf.codeOf(booleanOf(engine, cell)));
}
