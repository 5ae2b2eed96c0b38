/** A field of the structs in a list: read first, for an element without a value is left out; then added. */

import type { Leaf, Scalar } from './engine/leaf.ts';
import type { Value } from './engine/cells.ts';
import type { Cell, Row } from './engine/engine.ts';
import type { FieldReader } from './engine/structs.ts';

/** One field's leaf. */
export interface FieldWriter {
  look(element: Row, outer: readonly Row[]): void;
  /** Whether what was looked at has a value. */
  isFilled(): boolean;
  /** Adds what was looked at. @param repetition 0 for the first struct of a row, 1 for the others. */
  add(repetition: number): void;
}

/** What fills a field's leaf by its reader. */
export function fieldWriter(field: FieldReader, leaf: Leaf): FieldWriter {
  if (field.kind === 'value') return valueField(field.read, leaf);
  return field.kind === 'cell' ? cellField(field.read, leaf) : textsField(field.read, leaf);
}

/** NULL where a field may be is one level less than the field. */
function cellField(read: (element: Row, outer: readonly Row[]) => Cell, leaf: Leaf): FieldWriter {
  const { maxDefinition } = leaf.shape;
  let cell = 0;
  return {
    look: (element, outer) => {
      cell = read(element, outer);
    },
    isFilled: () => cell !== 0,
    add: (repetition) => {
      leaf.add(cell === 0 ? -1 : leaf.codeOfCell(cell), repetition, cell === 0 ? maxDefinition - 1 : maxDefinition);
    },
  };
}

function valueField(read: (element: Row, outer: readonly Row[]) => Value, leaf: Leaf): FieldWriter {
  const { maxDefinition } = leaf.shape;
  let value: Value = null;
  return {
    look: (element, outer) => {
      value = read(element, outer);
    },
    isFilled: () => value !== null,
    add: (repetition) => {
      if (value === null) leaf.add(-1, repetition, maxDefinition - 1);
      else leaf.add(leaf.codeOf(value as Scalar), repetition, maxDefinition);
    },
  };
}

/** A list within is two levels deeper than a field that is no list. */
function textsField(read: (element: Row, visit: (cell: Cell) => void) => void, leaf: Leaf): FieldWriter {
  const { maxDefinition, maxRepetition } = leaf.shape;
  const cells: Cell[] = [];
  const note = (cell: Cell): void => {
    cells.push(cell);
  };
  return {
    look: (element) => {
      cells.length = 0;
      read(element, note);
    },
    isFilled: () => cells.length > 0,
    add: (repetition) => {
      if (cells.length === 0) leaf.add(-1, repetition, maxDefinition - 3);
      cells.forEach((cell, index) => {
        leaf.add(leaf.codeOfCell(cell), index === 0 ? repetition : maxRepetition, maxDefinition);
      });
    },
  };
}
