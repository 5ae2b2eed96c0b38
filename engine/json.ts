/** A reader of JSON that checks every byte and keeps what a shape looks for. */

import {
  absent,
  cellBytes,
  clearTape,
  escapedText,
  isFalse,
  isNull,
  isTrue,
  kindOf,
  list,
  newRow,
  number,
  object,
  setCell,
  setWithin,
  text,
} from './tape';
import { Shape, slotOf } from './shapes';
import { unescapeInto } from './texts';

/** Values nest no deeper: the machine's stack ends somewhere, too. */
const deepest: u32 = 1_000;
let depth: u32 = 0;

/**
 * Reads the value at an address; what the shape looks for is on the tape then, in the first row.
 *
 * @param end After the last byte that may be read; a quote must stand there, and 16 bytes of anything after it.
 * @returns After the value; 0 when it is no JSON, or is not all there.
 */
export function read(start: usize, end: usize, shape: Shape): usize {
  clearTape();
  depth = 0;
  const row = newRow(shape.fields);
  const after = value(start, row, row, changetype<usize>(shape), 0);
  return after > end ? 0 : after;
}

/** @param cell 0 for a value that nobody looks for. @param row The row that an object's fields go into, where there is one already. */
function value(at: usize, cell: u32, row: u32, objectShape: usize, elementShape: usize): usize {
  const first = load<u8>(at);
  if (first == 0x22) return textValue(at + 1, cell);
  if (first == 0x7b) return nested(at, cell, row, objectShape, elementShape);
  if (first == 0x5b) return nested(at, cell, row, objectShape, elementShape);
  if (first == 0x2d || digit(first)) return numberValue(at, cell);
  if (load<u32>(at) == 0x65757274) return literal(at, 4, cell, isTrue);
  if (load<u32>(at) == 0x6c6c756e) return literal(at, 4, cell, isNull);
  if (load<u32>(at + 1) == 0x65736c61 && first == 0x66) return literal(at, 5, cell, isFalse);
  return 0;
}

function nested(at: usize, cell: u32, row: u32, objectShape: usize, elementShape: usize): usize {
  if (++depth > deepest) return 0;
  const after =
    load<u8>(at) == 0x7b ? objectValue(at, cell, row, cell == 0 ? 0 : objectShape) : listValue(at, cell, cell == 0 ? 0 : elementShape);
  depth--;
  return after;
}

// @ts-ignore: decorator
@inline
function literal(at: usize, length: usize, cell: u32, kind: u32): usize {
  if (cell != 0) setCell(cell, kind, at, at + length);
  return at + length;
}

function objectValue(start: usize, cell: u32, row: u32, shape: usize): usize {
  if (shape != 0 && row == 0) row = newRow(changetype<Shape>(shape).fields);
  let at = skipSpace(start + 1);
  if (load<u8>(at) == 0x7d) at++;
  else {
    while (true) {
      at = member(at, row, shape);
      if (at == 0) return 0;
      const next = load<u8>(at);
      at = next == 0x2c ? skipSpace(at + 1) : at + 1;
      if (next == 0x7d) break;
      if (next != 0x2c) return 0;
    }
  }
  if (cell != 0) {
    setCell(cell, object, start, at);
    if (cell != row) setWithin(cell, row);
  }
  return at;
}

// @ts-ignore: decorator
@inline
/** `"name": value`, and the white space around. */
function member(at: usize, row: u32, shape: usize): usize {
  if (load<u8>(at) != 0x22) return 0;
  const name = at + 1;
  const nameEnd = textEnd(name);
  if (nameEnd == 0) return 0;
  at = skipSpace(nameEnd);
  if (load<u8>(at) != 0x3a) return 0;
  at = skipSpace(at + 1);
  let field: u32 = 0;
  let objectShape: usize = 0;
  let elementShape: usize = 0;
  if (shape != 0) {
    const entry = hasEscapes
      ? escapedName(changetype<Shape>(shape), name, nameEnd - 1)
      : slotOf(changetype<Shape>(shape), name, <u32>(nameEnd - 1 - name));
    field = load<u32>(entry, 8);
    objectShape = load<u32>(entry, 12);
    elementShape = load<u32>(entry, 16);
  }
  let cell = field == 0 ? 0 : row + field * cellBytes;
  // Of a name that is repeated, the first counts.
  if (cell != 0 && kindOf(cell) != absent) cell = 0;
  at = value(at, cell, 0, objectShape, elementShape);
  return at == 0 ? 0 : skipSpace(at);
}

function escapedName(shape: Shape, start: usize, end: usize): usize {
  const plain = unescapeInto(start, end);
  return slotOf(shape, plain.start, <u32>(plain.end - plain.start));
}

function listValue(start: usize, cell: u32, shape: usize): usize {
  let at = skipSpace(start + 1);
  let last: u32 = 0;
  if (load<u8>(at) == 0x5d) at++;
  else {
    while (true) {
      let row: u32 = 0;
      if (shape != 0) {
        row = newRow(changetype<Shape>(shape).fields);
        setWithin(last == 0 ? cell : last, row);
        last = row;
      }
      at = value(at, row, row, shape, 0);
      if (at == 0) return 0;
      at = skipSpace(at);
      const next = load<u8>(at);
      at = next == 0x2c ? skipSpace(at + 1) : at + 1;
      if (next == 0x5d) break;
      if (next != 0x2c) return 0;
    }
  }
  if (cell != 0) setCell(cell, list, start, at);
  return at;
}

// @ts-ignore: decorator
@inline
/** White space is rare in what Microsoft writes. */
function skipSpace(at: usize): usize {
  return load<u8>(at) > 0x20 ? at : skipSpaces(at);
}

/** The address of the first byte from there on that is no white space: space, line feed, carriage return, tab. */
export function skipSpaces(at: usize): usize {
  while (true) {
    const byte = load<u8>(at);
    if (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09) return at;
    at++;
  }
}

/** Whether the text that was gone through last has escapes. */
let hasEscapes: bool = false;

// @ts-ignore: decorator
@inline
function textValue(start: usize, cell: u32): usize {
  const end = textEnd(start);
  if (end != 0 && cell != 0) setCell(cell, hasEscapes ? escapedText : text, start, end - 1);
  return end;
}

/** After the quote that ends a text; 0 when there is none, or what may not stand in a text. */
function textEnd(start: usize): usize {
  hasEscapes = false;
  let at = start;
  while (true) {
    const bytes = v128.load(at);
    const ends = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    );
    const found = i8x16.bitmask(ends);
    if (found == 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    const byte = load<u8>(at);
    if (byte == 0x22) return at + 1;
    if (byte != 0x5c) return 0;
    hasEscapes = true;
    at = afterEscape(at + 1);
    if (at == 0) return 0;
  }
}

function afterEscape(at: usize): usize {
  switch (load<u8>(at)) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return at + 1;
    case 0x75:
      return hex(load<u8>(at + 1)) && hex(load<u8>(at + 2)) && hex(load<u8>(at + 3)) && hex(load<u8>(at + 4)) ? at + 5 : 0;
    default:
      return 0;
  }
}

// @ts-ignore: decorator
@inline
function digit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}

function hex(byte: u8): bool {
  const lower = byte | 0x20;
  return digit(byte) || (lower >= 0x61 && lower <= 0x66);
}

function numberValue(start: usize, cell: u32): usize {
  let at = load<u8>(start) == 0x2d ? start + 1 : start;
  if (!digit(load<u8>(at))) return 0;
  at = load<u8>(at) == 0x30 ? at + 1 : afterDigits(at);
  if (load<u8>(at) == 0x2e) {
    if (!digit(load<u8>(at + 1))) return 0;
    at = afterDigits(at + 1);
  }
  if ((load<u8>(at) | 0x20) == 0x65) {
    const sign = load<u8>(at + 1);
    at += sign == 0x2b || sign == 0x2d ? 2 : 1;
    if (!digit(load<u8>(at))) return 0;
    at = afterDigits(at);
  }
  if (cell != 0) setCell(cell, number, start, at);
  return at;
}

function afterDigits(at: usize): usize {
  while (digit(load<u8>(at))) at++;
  return at;
}
