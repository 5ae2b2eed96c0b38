/** The way from a row to a cell: to a field; or to a field of the object there, and so on. */

import { kindOf, object, withinOf } from './tape';

// @ts-ignore: decorator
/** Offsets of up to four fields' cells, each in the row of the object before. */
@unmanaged
export class FieldPath {
  depth: u32;
  first: u32;
  second: u32;
  third: u32;
  fourth: u32;
}

/** @param depth How many of the four offsets count, from 1. */
export function setFieldPath(way: FieldPath, depth: u32, first: u32, second: u32, third: u32, fourth: u32): void {
  way.depth = depth;
  way.first = first;
  way.second = second;
  way.third = third;
  way.fourth = fourth;
}

// @ts-ignore: decorator
@inline
/** The cell at its end; 0 where something on the way is no object. */
export function cellAt(way: FieldPath, row: u32): u32 {
  let cell = row + way.first;
  if (way.depth > 1) {
    cell = fieldOf(cell, way.second);
    if (way.depth > 2) cell = fieldOf(cell, way.third);
    if (way.depth > 3) cell = fieldOf(cell, way.fourth);
  }
  return cell;
}

// @ts-ignore: decorator
@inline
function fieldOf(cell: u32, offset: u32): u32 {
  return cell != 0 && kindOf(cell) == object ? withinOf(cell) + offset : 0;
}
