/** Record keys: the md5 of what makes two records the same, its parts one after another. A part that is an object or a list stands there as canonical JSON. */

import { isNothing, writeCanonical } from './canonical';
import { allocate, enlarge } from './memory';
import { codeOfBytes, Leaf } from './leaf';
import { md5 } from './md5';
import { find, Sources } from './sources';
import { endOf, kindOf, list, object, startOf } from './tape';

// @ts-ignore: decorator
@unmanaged
class Part {
  next: Part | null;
  /** Taken from the record; null for a part that {@link setPart} sets. */
  sources: Sources | null;
  start: usize;
  length: i32;
}

let firstPart: Part | null = null;
let lastPart: Part | null = null;

/** The next part of every key. @param sources 0 for a part that {@link setPart} sets for each record. */
export function newPart(sources: usize): Part {
  const part = changetype<Part>(allocate(offsetof<Part>()));
  part.next = null;
  part.sources = changetype<Sources | null>(sources);
  part.start = 0;
  part.length = -1;
  const last = lastPart;
  if (last) last.next = part;
  else firstPart = part;
  lastPart = part;
  return part;
}

/** Sets a part's bytes, which are not copied. @param length -1 for nothing, which is not the same as an empty text. */
export function setPart(part: Part, start: usize, length: i32): void {
  part.start = start;
  part.length = length;
}

const unitSeparator: u8 = 0x1f;
const nothing: u8 = 0x1e;

let text: usize = 0;
let room: u32 = 0;
let used: u32 = 0;
const key: usize = memory.data(64);

/** Forgets the parts of the job before. */
export function beginKeys(): void {
  firstPart = null;
  lastPart = null;
  room = 4_096;
  text = allocate(room);
}

/** The key of the record that was read last. @returns The address of its 32 digits. */
export function makeKey(record: u32): usize {
  used = 0;
  let part = firstPart;
  while (part) {
    const sources = part.sources;
    if (sources) addCell(find(sources, record));
    else append(part.start, part.length);
    part = part.next;
  }
  md5(text, used, key);
  return key;
}

function addCell(cell: u32): void {
  if (cell == 0) append(0, -1);
  else if (kindOf(cell) == object || kindOf(cell) == list) appendCanonical(cell);
  else append(startOf(cell), <i32>(endOf(cell) - startOf(cell)));
}

function append(start: usize, length: i32): void {
  makeRoom(length < 0 ? 1 : <u32>length);
  if (length < 0) store<u8>(text + used++, nothing);
  else {
    memory.copy(text + used, start, length);
    used += length;
  }
  store<u8>(text + used++, unitSeparator);
}

function appendCanonical(cell: u32): void {
  makeRoom(<u32>(endOf(cell) - startOf(cell)));
  const start = text + used;
  const after = writeCanonical(startOf(cell), start);
  if (isNothing(start)) return append(0, -1);
  used = <u32>(after - text);
  store<u8>(text + used++, unitSeparator);
}

/** For a part, its separator, and what md5 adds. */
function makeRoom(bytes: u32): void {
  if (used + bytes + 96 <= room) return;
  room = (used + bytes + 96) * 2;
  text = enlarge(text, room);
}

/** The key that was made last becomes the leaf's next row. */
export function codeOfKey(leaf: Leaf): i32 {
  return codeOfBytes(leaf, key, 32);
}
