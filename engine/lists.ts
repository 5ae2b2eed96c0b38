/** Columns that are lists: of structs, a leaf a field; of texts; of name/value pairs, as a map. */

import { allocate, enlarge } from './memory';
import { add, beginRow, codeOfCell, codeAt, Leaf } from './leaf';
import { isPresent, plain, Sources } from './sources';
import { kindOf, list, withinOf } from './tape';
import { cellAt, setFieldPath, FieldPath } from './field-path';

// @ts-ignore: decorator
/** A list within the rows of the level above; the first level's row is the record. */
@unmanaged
class Level extends FieldPath {
  next: Level | null;
}

// @ts-ignore: decorator
@unmanaged
class Field {
  next: Field | null;
  leaf: Leaf;
  sources: Sources;
  /** How many lists outwards it is read. */
  outwards: u32;
  isNeeded: bool;
  code: i32;
}

// @ts-ignore: decorator
/** A column that is a list: where its elements are, and the leaves of their fields. */
@unmanaged
export class ListColumn {
  next: ListColumn | null;
  levels: Level | null;
  fields: Field | null;
  lastField: Field | null;
  isEmpty: bool;
  /** Of pairs: offsets of both cells in an element, and for each name the row that had it last. */
  isMap: bool;
  nameOffset: u32;
  valueOffset: u32;
  stamps: usize;
  stampRoom: u32;
  row: u32;
}

let firstColumn: ListColumn | null = null;
let lastColumn: ListColumn | null = null;

/** Forgets the columns of the job before. */
export function beginLists(): void {
  firstColumn = null;
  lastColumn = null;
}

/** From now on {@link addLists} fills it. */
export function newListColumn(): ListColumn {
  const column = changetype<ListColumn>(allocate(offsetof<ListColumn>()));
  memory.fill(changetype<usize>(column), 0, offsetof<ListColumn>());
  const last = lastColumn;
  if (last) last.next = column;
  else firstColumn = column;
  lastColumn = column;
  return column;
}

/** A list at the end of a way, in the elements of the list that was added before. */
export function addLevel(column: ListColumn, depth: u32, first: u32, second: u32, third: u32, fourth: u32): void {
  const level = changetype<Level>(allocate(offsetof<Level>()));
  level.next = null;
  setFieldPath(level, depth, first, second, third, fourth);
  let last = column.levels;
  while (last && last.next) last = last.next;
  if (last) last.next = level;
  else column.levels = level;
}

/**
 * A field of its elements.
 *
 * @param outwards How many lists outwards it is read; 0 for the element itself.
 * @param isNeeded Whether it counts towards an element being there: one such field at least must have a value.
 */
export function addListField(column: ListColumn, leaf: Leaf, sources: Sources, outwards: u32, isNeeded: bool): void {
  const field = changetype<Field>(allocate(offsetof<Field>()));
  field.next = null;
  field.leaf = leaf;
  field.sources = sources;
  field.outwards = outwards;
  field.isNeeded = isNeeded;
  const last = column.lastField;
  if (last) last.next = field;
  else column.fields = field;
  column.lastField = field;
}

/** Its elements are pairs; its two fields are the leaves of names and values. */
export function setPairs(column: ListColumn, nameOffset: u32, valueOffset: u32): void {
  column.isMap = true;
  column.fields!.leaf.pool.keepsAll = true;
  column.nameOffset = nameOffset;
  column.valueOffset = valueOffset;
}

/** The record that was read last becomes the next row of every list column. A list without a filled element is NULL. */
export function addLists(record: u32): void {
  let column = firstColumn;
  while (column) {
    addList(column, record);
    column = column.next;
  }
}

function addList(column: ListColumn, record: u32): void {
  column.isEmpty = true;
  column.row++;
  let field = column.fields;
  while (field) {
    beginRow(field.leaf);
    field = field.next;
  }
  visitLevel(column, column.levels!, record, 0);
  if (!column.isEmpty) return;
  field = column.fields;
  while (field) {
    add(field.leaf, -1, 0, 0);
    field = field.next;
  }
}

/** The elements that the one in hand stands in, outermost first, and itself. */
const chain: usize = memory.data(32);

function visitLevel(column: ListColumn, level: Level, row: u32, depth: u32): void {
  const cell = cellAt(level, row);
  if (cell == 0 || kindOf(cell) != list) return;
  const inner = level.next;
  for (let element = withinOf(cell); element != 0; element = withinOf(element)) {
    store<u32>(chain + depth * 4, element);
    if (inner) visitLevel(column, inner, element, depth + 1);
    else if (column.isMap) addPair(column, element);
    else addStruct(column, depth);
  }
}

/** An element without any of the needed fields is left out. */
function addStruct(column: ListColumn, depth: u32): void {
  let isFilled = false;
  let field = column.fields;
  while (field) {
    field.code = codeAt(field.leaf, field.sources, load<u32>(chain + (depth - field.outwards) * 4));
    if (field.isNeeded && field.code >= 0) isFilled = true;
    field = field.next;
  }
  if (!isFilled) return;
  field = column.fields;
  while (field) {
    const most = field.leaf.maxDefinition;
    add(field.leaf, field.code, column.isEmpty ? 0 : 1, field.code < 0 ? most - 1 : most);
    field = field.next;
  }
  column.isEmpty = false;
}

/** The first of each name. In a list of pairs even an empty text is a value. */
function addPair(column: ListColumn, element: u32): void {
  const name = element + column.nameOffset;
  const value = element + column.valueOffset;
  if (!isPresent(name)) return;
  const names = column.fields!;
  const values = column.lastField!;
  plain(name);
  const code = codeOfCell(names.leaf, name);
  if (isRepeated(column, code)) return;
  const repetition: u32 = column.isEmpty ? 0 : 1;
  add(names.leaf, code, repetition, names.leaf.maxDefinition);
  column.isEmpty = false;
  const most = values.leaf.maxDefinition;
  if (!isPresent(value)) return add(values.leaf, -1, repetition, most - 1);
  plain(value);
  add(values.leaf, codeOfCell(values.leaf, value), repetition, most);
}

function isRepeated(column: ListColumn, code: u32): bool {
  if (code >= column.stampRoom) {
    const room = (code + 16) * 2;
    column.stamps = column.stamps == 0 ? allocate(room * 4) : enlarge(column.stamps, room * 4);
    memory.fill(column.stamps + column.stampRoom * 4, 0, (room - column.stampRoom) * 4);
    column.stampRoom = room;
  }
  const stamp = column.stamps + code * 4;
  if (load<u32>(stamp) == column.row) return true;
  store<u32>(stamp, column.row);
  return false;
}
