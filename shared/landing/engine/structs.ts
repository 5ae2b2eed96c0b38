/** Every element of a list as a struct. */

import type { Expression, StructField } from '../../domain/columns.ts';
import { scalarOf, type Value } from './cells.ts';
import type { Cell, Engine, Row } from './engine.ts';
import type { LandingContext } from './context.ts';
import { cellsAt, listPlan, type CellsReader, type Elements } from './lists.ts';
import { stepsOf } from './path.ts';
import type { Plan } from './plan.ts';
import { sourcesAt } from './sources.ts';

/** A field of a struct: a cell where a text is taken as it stands, the texts of a list, or a value. */
export type FieldReader =
  | { readonly kind: 'cell'; readonly read: InElement<Cell> }
  | { readonly kind: 'cells'; readonly read: CellsReader }
  | { readonly kind: 'value'; readonly read: InElement<Value> };
type InElement<T> = (element: Row, outer: readonly Row[]) => T;

/** How the elements of a list become structs. */
export interface StructsPlan {
  readonly elements: Elements;
  readonly fields: readonly FieldReader[];
  /** Indices of the fields of which one at least has to have a value. */
  readonly needed: readonly number[];
}

type StructsExpression = Extract<Expression, { op: 'structs' }>;

/** @throws For a path that leaves the record. */
export function structsPlan({ path, fields, needs }: StructsExpression, { plan, engine }: LandingContext): StructsPlan {
  const { elements, plans } = listPlan(stepsOf(path), plan);
  const names = Object.keys(fields);
  return {
    elements,
    fields: Object.values(fields).map((field) => fieldReader(field, plans, engine)),
    needed: neededFields({ fields, needs }).map((name) => names.indexOf(name)),
  };
}

/** The fields of which one at least has to have a value: any that is the element's own, unless others are named. */
export function neededFields({
  fields,
  needs,
}: Pick<StructsExpression, 'fields'> & { readonly needs?: readonly string[] | undefined }): readonly string[] {
  return needs ?? Object.keys(fields).filter((name) => fields[name]?.paths.some((path) => caretsOf(path) === 0));
}

/** How many lists outwards a path within an element begins. */
export const caretsOf = (path: string): number => /^\^*/.exec(path)?.[0].length ?? 0;

function fieldReader({ paths, as }: StructField, plans: readonly Plan[], engine: Engine): FieldReader {
  if (as === 'texts') return { kind: 'cells', read: textsWithin(paths, plans) };
  if (as === 'text' && new Set(paths.map(caretsOf)).size <= 1) return { kind: 'cell', read: cellAt(paths, plans, engine) };
  const places = paths.map((path) => placeAt(path, plans));
  const read = scalarOf[as];
  return { kind: 'value', read: (element, outer) => firstValue(places.map((place) => read(engine, place(element, outer)))) };
}

const firstValue = (values: readonly Value[]): Value => values.find((value) => value !== null) ?? null;

function placeAt(path: string, plans: readonly Plan[]): InElement<Cell> {
  const outwards = caretsOf(path);
  const place = planAt(outwards, plans).place(stepsOf(path.slice(outwards)));
  return outwards === 0 ? place : (_, outer) => place(outer[outer.length - outwards] ?? 0);
}

function planAt(outwards: number, plans: readonly Plan[]): Plan {
  const plan = plans[plans.length - 1 - outwards];
  if (!plan) throw new Error(`${'^'.repeat(outwards)} leaves the record`);
  return plan;
}

/** The first of these texts that is filled; all of them stand in one element. */
function cellAt(paths: readonly string[], plans: readonly Plan[], engine: Engine): InElement<Cell> {
  const [outwards = 0] = paths.map(caretsOf);
  const sources = sourcesAt(
    paths.map((path) => path.slice(outwards)),
    planAt(outwards, plans),
  );
  return (element, outer) => engine.calls.find(sources, outwards === 0 ? element : (outer[outer.length - outwards] ?? 0));
}

/** The texts of a list within an element; `names[].name` are those of every element of it. */
function textsWithin([path = '']: readonly string[], plans: readonly Plan[]): CellsReader {
  const [steps, plan] = [stepsOf(path), planAt(0, plans)];
  const last = steps.lastIndexOf('each');
  return last < 0 ? cellsAt(steps, [], plan) : cellsAt(steps.slice(0, last), steps.slice(last + 1), plan);
}
