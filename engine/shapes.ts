/** What is looked for in a record: the names of an object's fields, and what is looked for within each. */

import { allocate } from './memory';

// @ts-ignore: decorator
/** A table of names by their hash; a field is numbered from 1 in the order it was added. */
@unmanaged
export class Shape {
  fields: u32;
  /** Entries of 24 bytes: name address, name length, field number, shape of an object there, shape of a list's elements there. */
  table: usize;
  mask: u32;
}

const entryBytes: u32 = 24;

/** A shape that looks for nothing yet. */
export function newShape(): Shape {
  const shape = changetype<Shape>(allocate(offsetof<Shape>()));
  shape.fields = 0;
  shape.mask = 511;
  shape.table = allocate((shape.mask + 1) * entryBytes);
  memory.fill(shape.table, 0, (shape.mask + 1) * entryBytes);
  return shape;
}

/** Looks for a field. @param name Address of its UTF-8 bytes, with 8 bytes of anything around them. @returns The field's number; a shape holds up to 400. */
export function addField(shape: Shape, name: usize, length: u32): u32 {
  const kept = allocate(length);
  memory.copy(kept, name, length);
  const entry = slotOf(shape, kept, length);
  if (load<u32>(entry, 8) != 0) return load<u32>(entry, 8);
  if (shape.fields == 400) unreachable();
  store<u32>(entry, <u32>kept);
  store<u32>(entry, length, 4);
  store<u32>(entry, ++shape.fields, 8);
  return shape.fields;
}

/** What is looked for within a field: in an object, and in the elements of a list. */
export function setWithinField(shape: Shape, name: usize, length: u32, objectShape: usize, elementShape: usize): void {
  const entry = slotOf(shape, name, length);
  if (objectShape != 0) store<u32>(entry, <u32>objectShape, 12);
  if (elementShape != 0) store<u32>(entry, <u32>elementShape, 16);
}

// @ts-ignore: decorator
@inline
/** The entry of a name, or the empty one where it would stand. */
export function slotOf(shape: Shape, name: usize, length: u32): usize {
  let slot = (<u32>hashOf(name, length)) & shape.mask;
  while (true) {
    const entry = shape.table + slot * entryBytes;
    const known = load<u32>(entry);
    if (known == 0 || (load<u32>(entry, 4) == length && sameBytes(known, name, length))) return entry;
    slot = (slot + 1) & shape.mask;
  }
}

// @ts-ignore: decorator
@inline
/** Of the length, the first and the last 8 bytes, and some between: texts that differ elsewhere alone are distinguished by comparing them. */
export function hashOf(start: usize, length: u32): u64 {
  let hash: u64 = <u64>length * 0x9e3779b97f4a7c15;
  if (length >= 8) {
    const last = start + length - 8;
    hash = mix(hash ^ load<u64>(start));
    for (let at = start + 8; at < last; at += 8) hash = mix(hash ^ load<u64>(at));
    return mix(hash ^ load<u64>(last));
  }
  return mix(hash ^ (length == 0 ? 0 : load<u64>(start) & (0xffffffffffffffff >> (64 - (length << 3)))));
}

// @ts-ignore: decorator
@inline
function mix(value: u64): u64 {
  const product = value * 0xff51afd7ed558ccd;
  return product ^ (product >> 32);
}

// @ts-ignore: decorator
@inline
/** Whether two texts of the same length are the same; reads nothing outside them. */
export function sameBytes(a: usize, b: usize, length: u32): bool {
  if (length < 8) {
    for (let at: u32 = 0; at < length; at++) if (load<u8>(a + at) != load<u8>(b + at)) return false;
    return true;
  }
  const last = length - 8;
  for (let at: u32 = 0; at < last; at += 8) if (load<u64>(a + at) != load<u64>(b + at)) return false;
  return load<u64>(a + last) == load<u64>(b + last);
}
