/** Lists of name/value objects. */

import type { Expression } from '../domain/columns.ts';
import { isPresent, type Value } from './cells.ts';
import type { Cell, Row } from './engine.ts';
import type { Ground } from './ground.ts';
import { listPlan, some } from './lists.ts';
import { stepsOf } from './path.ts';

/** Calls back for every pair with a name, the first of each name. In a list of pairs even an empty text says something. */
type Pairs = (row: Row, visit: (name: Cell, value: Cell) => void) => void;

type PairsExpression = Extract<Expression, { op: 'pairs' }>;

function pairsAt({ path, keys }: PairsExpression, { plan, engine }: Ground): Pairs {
  const { elements, innermost } = listPlan(stepsOf(path), plan);
  const [name, value] = [innermost.place(stepsOf(keys.name)), innermost.place(stepsOf(keys.value))];
  return (row, visit) => {
    const names = new Set<string>();
    elements(row, (element) => {
      const cell = name(element);
      if (!isPresent(engine, cell)) return;
      const known = names.size;
      if (names.add(engine.text(cell)).size > known) visit(cell, value(element));
    });
  };
}

export function pairValues(from: PairsExpression, ground: Ground): (row: Row) => Value {
  const [pairs, { engine }] = [pairsAt(from, ground), ground];
  const text = (cell: Cell): string | null => (isPresent(engine, cell) ? engine.text(cell) : null);
  return (row) => {
    const values: Value[] = [];
    pairs(row, (name, value) => values.push([text(name), text(value)]));
    return some(values);
  };
}
