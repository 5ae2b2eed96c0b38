/**
 * What was taken out of the record that was read last: rows of cells on one tape, four numbers each.
 *
 * A cell says what stands at a place: its kind, where its bytes begin and end, and the row of what is within it. A row begins with a
 * cell for itself, whose last number is the next row of the same list; a cell a field follows. A list is the chain of its elements' rows.
 */

import { allocate, enlarge } from './memory';

export const absent: u32 = 0;
/** A text whose bytes are as they are written. */
export const text: u32 = 1;
/** A text with escapes in it. */
export const escapedText: u32 = 2;
export const number: u32 = 3;
export const isTrue: u32 = 4;
export const isFalse: u32 = 5;
export const object: u32 = 6;
export const list: u32 = 7;
export const isNull: u32 = 8;

export const cellBytes: u32 = 16;

let base: usize = 0;
let capacity: u32 = 0;
let used: u32 = 0;

export function beginTape(): void {
  capacity = 1 << 15;
  base = allocate(capacity);
}

/** Begins anew. Offset 0 is no cell. */
export function clearTape(): void {
  used = cellBytes;
}

/** Where the tape's cells are: an address in memory. It moves when the tape grows. */
export function tapeStart(): usize {
  return base;
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
export function setCell(cell: u32, kind: u32, start: usize, end: usize): void {
  const at = base + cell;
  store<u32>(at, kind);
  store<u32>(at, <u32>start, 4);
  store<u32>(at, <u32>end, 8);
}

// @ts-ignore: decorator
@inline
export function setWithin(cell: u32, row: u32): void {
  store<u32>(base + cell, row, 12);
}

// @ts-ignore: decorator
@inline
export function kindOf(cell: u32): u32 {
  return load<u32>(base + cell);
}

// @ts-ignore: decorator
@inline
export function startOf(cell: u32): usize {
  return load<u32>(base + cell, 4);
}

// @ts-ignore: decorator
@inline
export function endOf(cell: u32): usize {
  return load<u32>(base + cell, 8);
}

// @ts-ignore: decorator
@inline
export function withinOf(cell: u32): u32 {
  return load<u32>(base + cell, 12);
}
