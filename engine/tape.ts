/**
 * What was taken out of the record that was read last: rows of cells on one tape, four numbers each.
 *
 * A cell says what stands at a place: its kind, where its bytes begin and end, and the row of what is within it. A row begins with a
 * cell for itself, whose last number is the next row of the same list; a cell a field follows. A list is the chain of its elements' rows.
 */

import { allocate, enlarge } from './memory';

/** What stands at a cell's place. Nothing. */
export const absent: u32 = 0;
/** A text whose bytes are as they are written. */
export const text: u32 = 1;
/** A text with escapes in it. */
export const escapedText: u32 = 2;
/** A number, as it is written. */
export const number: u32 = 3;
/** `true`. */
export const isTrue: u32 = 4;
/** `false`. */
export const isFalse: u32 = 5;
/** An object; its fields are in the row within. */
export const object: u32 = 6;
/** A list; its first element's row is within. */
export const list: u32 = 7;
/** `null`. */
export const isNull: u32 = 8;

/** How many bytes a cell takes: the offset of field number n in its row is n times as much. */
export const cellBytes: u32 = 16;

/** The offset of the record's own row. Offset 0 is no cell. */
export const recordRow: u32 = cellBytes;

let base: usize = 0;
let capacity: u32 = 0;
let used: u32 = 0;

/** Makes room for a tape. */
export function beginTape(): void {
  capacity = 1 << 15;
  base = allocate(capacity);
}

/** Begins anew, for the next record. */
export function clearTape(): void {
  used = recordRow;
}

/** A row for these fields, all absent. @returns Its offset on the tape. */
export function newRow(fields: u32): u32 {
  const row = used;
  used += (fields + 1) * cellBytes;
  if (used > capacity) {
    while (used > capacity) capacity *= 2;
    base = enlarge(base, capacity);
  }
  memory.fill(base + row, 0, used - row);
  return row;
}

// @ts-ignore: decorator
@inline
/** Says what stands at a cell's place, and where its bytes are. */
export function setCell(cell: u32, kind: u32, start: usize, end: usize): void {
  const at = base + cell;
  store<u32>(at, kind);
  store<u32>(at, <u32>start, 4);
  store<u32>(at, <u32>end, 8);
}

// @ts-ignore: decorator
@inline
/** Sets the row within an object or a list, or the next row of the same list. */
export function setWithin(cell: u32, row: u32): void {
  store<u32>(base + cell, row, 12);
}

// @ts-ignore: decorator
@inline
/** What stands there: one of the kinds above. */
export function kindOf(cell: u32): u32 {
  return load<u32>(base + cell);
}

// @ts-ignore: decorator
@inline
/** The address of its first byte; a text's without the quote. */
export function startOf(cell: u32): usize {
  return load<u32>(base + cell, 4);
}

// @ts-ignore: decorator
@inline
/** The address after its last byte. */
export function endOf(cell: u32): usize {
  return load<u32>(base + cell, 8);
}

// @ts-ignore: decorator
@inline
/** Of an object's cell its row, of a list's its first element's, of a row in a list the next one; 0 when there is none. */
export function withinOf(cell: u32): u32 {
  return load<u32>(base + cell, 12);
}
