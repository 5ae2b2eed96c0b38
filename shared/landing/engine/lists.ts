/** What is read from lists: cells and values of their elements. Lists may be empty; who reads them makes that NULL. */

import type { Expression } from '../../domain/columns.ts';
import { isFilled, scalarOf, type Value } from './cells.ts';
import { kinds, type Cell, type Engine, type Row } from './engine.ts';
import type { LandingContext } from './context.ts';
import { stepsOf, type Step } from './path.ts';
import type { Place, Plan } from './plan.ts';

/** Calls back for every element. @param outer The elements that this one stands in, outermost first. */
export type Elements = (row: Row, visit: (element: Row, outer: readonly Row[]) => void) => void;

/** How the elements of a list are reached. */
export interface ListPlan {
  readonly elements: Elements;
  /** Of the elements; those of the innermost list last. */
  readonly plans: readonly Plan[];
  readonly innermost: Plan;
}

const noneOutside: readonly Row[] = [];

/** @param path To a list, through lists. */
export function listPlan(path: readonly Step[], plan: Plan): ListPlan {
  const end = path.indexOf('each');
  const steps = end < 0 ? path : path.slice(0, end);
  const element = plan.elements(steps);
  const outermost = elementsAt(plan.place(steps), plan.engine);
  if (end < 0) return { elements: outermost, plans: [element], innermost: element };
  const inner = listPlan(path.slice(end + 1), element);
  return {
    innermost: inner.innermost,
    plans: [element, ...inner.plans],
    elements: (row, visit) => {
      outermost(row, (holder) => {
        inner.elements(holder, (within, outer) => {
          visit(within, [holder, ...outer]);
        });
      });
    },
  };
}

const elementsAt =
  (list: Place, engine: Engine): Elements =>
  (row, visit) => {
    const cell = list(row);
    if (cell === 0 || engine.kind(cell) !== kinds.list) return;
    for (let element = engine.within(cell); element !== 0; element = engine.within(element)) visit(element, noneOutside);
  };

/** Reads a list's values; empty where there is none. */
export type ListReader = (row: Row) => Value[];
/** Calls back for every filled cell. */
export type CellsReader = (row: Row, visit: (cell: Cell) => void) => void;

type EachExpression = Extract<Expression, { op: 'each' }>;

/** One field of every element, as cells. */
const eachCells = ({ path, field }: EachExpression, { plan }: LandingContext): CellsReader => cellsAt(stepsOf(path), stepsOf(field), plan);

/** The filled cells of one field of every element. */
export function cellsAt(path: readonly Step[], field: readonly Step[], plan: Plan): CellsReader {
  const { elements, innermost } = listPlan(path, plan);
  const [place, { engine }] = [innermost.place(field), plan];
  return (row, visit) => {
    elements(row, (element) => {
      const cell = place(element);
      if (isFilled(engine, cell)) visit(cell);
    });
  };
}

/** One field of every element, what is NULL left out. */
export function eachValues(from: EachExpression, context: LandingContext): ListReader {
  const [cells, read, { engine }] = [eachCells(from, context), scalarOf[from.as], context];
  return (row) => {
    const values: Value[] = [];
    cells(row, (cell) => {
      const value = read(engine, cell);
      if (value !== null) values.push(value);
    });
    return values;
  };
}

/** An empty list is NULL. */
export const some = (list: Value[]): Value => (list.length > 0 ? list : null);
