/** Data pages of a leaf, its rows in a given order: levels and values as Parquet encodes them. */

import { allocate, enlarge } from './memory';
import { Leaf, truthValues } from './leaf';
import { Pool } from './pool';

// @ts-ignore: decorator
/** Grows and is used again for every page. */
@unmanaged
class Bytes {
  start: usize;
  capacity: usize;
  length: usize;
}

function beginBytes(bytes: Bytes): void {
  bytes.capacity = 1 << 12;
  bytes.start = allocate(bytes.capacity);
  bytes.length = 0;
}

function reserve(bytes: Bytes, more: usize): void {
  if (bytes.length + more + 16 <= bytes.capacity) return;
  while (bytes.length + more + 16 > bytes.capacity) bytes.capacity *= 2;
  bytes.start = enlarge(bytes.start, bytes.capacity);
}

const repetitions = changetype<Bytes>(memory.data(16));
const definitions = changetype<Bytes>(memory.data(16));
const values = changetype<Bytes>(memory.data(16));
/** The entries of the page, one number each: their repetition and definition levels, and the numbers of the values that are there. */
const entryRepetitions = changetype<Bytes>(memory.data(16));
const entryDefinitions = changetype<Bytes>(memory.data(16));
const entryCodes = changetype<Bytes>(memory.data(16));
let valueCount: u32 = 0;
let entryCount: u32 = 0;

/** Makes room for pages. */
export function beginPages(): void {
  beginBytes(repetitions);
  beginBytes(definitions);
  beginBytes(values);
  beginBytes(entryRepetitions);
  beginBytes(entryDefinitions);
  beginBytes(entryCodes);
}

/** Where the encoded repetition levels of the page that was filled last are; gone with the next page. */
export function repetitionsStart(): usize {
  return repetitions.start;
}

/** How many bytes they are. */
export function repetitionsLength(): usize {
  return repetitions.length;
}

/** Where its encoded definition levels are. */
export function definitionsStart(): usize {
  return definitions.start;
}

/** How many bytes they are. */
export function definitionsLength(): usize {
  return definitions.length;
}

/** Where its encoded values are. */
export function valuesStart(): usize {
  return values.start;
}

/** How many bytes they are. */
export function valuesLength(): usize {
  return values.length;
}

/** How many values it has. */
export function valuesInPage(): u32 {
  return valueCount;
}

/** How many values and NULLs it has. */
export function entriesInPage(): u32 {
  return entryCount;
}

/** What its values take when each is written where it stands, for rows in any order. */
export function plainSize(leaf: Leaf): u32 {
  let size: u32 = 0;
  for (let entry: u32 = 0; entry < leaf.entries; entry++) {
    const code = load<i32>(leaf.codes + entry * 4);
    if (code >= 0) size += sizeOf(leaf.pool, code);
  }
  return size;
}

// @ts-ignore: decorator
@inline
function sizeOf(pool: Pool, code: u32): u32 {
  return load<u32>(pool.starts + code * 4, 4) - load<u32>(pool.starts + code * 4);
}

/**
 * Fills the page with rows from one place of the order on.
 *
 * @param order Address of the rows' numbers. @param most Plain bytes after which the page ends.
 * @returns The place after the page's last row.
 */
export function fillPage(leaf: Leaf, order: usize, from: u32, to: u32, isDictionary: bool, most: u32): u32 {
  beginPage();
  const at = leaf.maxRepetition == 0 ? takeRows(leaf, order, from, to, most) : takeLists(leaf, order, from, to, most);
  if (isDictionary) writeIndices(leaf.pool.count);
  else if (leaf.takes == truthValues) writeTruths(leaf.pool);
  else writePlain(leaf.pool);
  return at;
}

/** Of a column without lists: most have a value in every row, or in none. */
function takeRows(leaf: Leaf, order: usize, from: u32, to: u32, most: u32): u32 {
  repetitions.length = 0;
  reserveEntries(to - from);
  let at = from;
  let size: u32 = 0;
  while (at < to && size < most) {
    const code = load<i32>(leaf.codes + load<u32>(order + at * 4) * 4);
    store<u32>(entryDefinitions.start + (at++ - from) * 4, code < 0 ? 0 : 1);
    if (code < 0) continue;
    store<u32>(entryCodes.start + valueCount++ * 4, code);
    if (most != u32.MAX_VALUE) size += sizeOf(leaf.pool, code);
  }
  entryCount = at - from;
  if (valueCount == entryCount || valueCount == 0) writeOneRun(valueCount == 0 ? 0 : 1, entryCount);
  else pack(entryDefinitions, entryCount, 1, definitions);
  return at;
}

function writeOneRun(level: u32, length: u32): void {
  definitions.length = 0;
  if (length != 0) writeRun(level, length, 1, definitions);
}

function takeLists(leaf: Leaf, order: usize, from: u32, to: u32, most: u32): u32 {
  let size: u32 = 0;
  let at = from;
  while (at < to && size < most) {
    const row = load<u32>(order + at++ * 4);
    const end = row + 1 < leaf.rowCount ? load<u32>(leaf.rows + row * 4, 4) : leaf.entries;
    for (let entry = load<u32>(leaf.rows + row * 4); entry < end; entry++) {
      size += addEntry(leaf, entry, load<u8>(leaf.levels + entry * 2, 1), load<u8>(leaf.levels + entry * 2));
    }
  }
  pack(entryRepetitions, entryCount, bitsFor(leaf.maxRepetition), repetitions);
  pack(entryDefinitions, entryCount, bitsFor(leaf.maxDefinition), definitions);
  return at;
}

function beginPage(): void {
  valueCount = 0;
  entryCount = 0;
  values.length = 0;
}

// @ts-ignore: decorator
@inline
function addEntry(leaf: Leaf, entry: u32, repetition: u32, definition: u32): u32 {
  reserveEntries(entryCount + 1);
  store<u32>(entryRepetitions.start + entryCount * 4, repetition);
  store<u32>(entryDefinitions.start + entryCount++ * 4, definition);
  const code = load<i32>(leaf.codes + entry * 4);
  if (code < 0) return 0;
  store<u32>(entryCodes.start + valueCount++ * 4, code);
  return sizeOf(leaf.pool, code);
}

// @ts-ignore: decorator
@inline
/** The three grow together. */
function reserveEntries(count: u32): void {
  while (<usize>count * 4 + 16 > entryCodes.capacity) {
    grow(entryRepetitions);
    grow(entryDefinitions);
    grow(entryCodes);
  }
}

function grow(bytes: Bytes): void {
  bytes.capacity *= 2;
  bytes.start = enlarge(bytes.start, bytes.capacity);
}

// @ts-ignore: decorator
@inline
function bitsFor(greatest: u32): u32 {
  return 32 - clz(greatest);
}

function writeIndices(dictionary: u32): void {
  const bits = dictionary == 0 ? 0 : bitsFor(dictionary - 1);
  reserve(values, 1);
  pack(entryCodes, valueCount, bits, values);
  reserve(values, 1);
  memory.copy(values.start + 1, values.start, values.length);
  store<u8>(values.start, <u8>bits);
  values.length++;
}

function writeTruths(pool: Pool): void {
  const length = (valueCount + 7) >> 3;
  reserve(values, length);
  memory.fill(values.start, 0, length);
  for (let index: u32 = 0; index < valueCount; index++) {
    const at = values.start + (index >> 3);
    const bit = <u8>(index & 7);
    store<u8>(at, load<u8>(at) | (load<u8>(pool.bytes + load<u32>(entryCodes.start + index * 4)) << bit));
  }
  values.length = length;
}

/** What lies together in the pool is copied together. */
function writePlain(pool: Pool): void {
  let first: u32 = 0;
  for (let index: u32 = 1; index <= valueCount; index++) {
    const last = load<u32>(entryCodes.start + (index - 1) * 4);
    if (index < valueCount && load<u32>(entryCodes.start + index * 4) == last + 1) continue;
    const start = load<u32>(pool.starts + load<u32>(entryCodes.start + first * 4) * 4);
    const length = load<u32>(pool.starts + last * 4, 4) - start;
    reserve(values, length);
    memory.copy(values.start + values.length, pool.bytes + start, length);
    values.length += length;
    first = index;
  }
}

/** Parquet's hybrid of runs and bit-packed groups of eight. */
function pack(from: Bytes, count: u32, bits: u32, into: Bytes): void {
  into.length = 0;
  if (bits == 0 && into != values) return;
  let at: u32 = 0;
  while (at < count) {
    const run = runAt(from.start, at, count);
    if (run >= 8 || run == count - at) {
      writeRun(load<u32>(from.start + at * 4), run, bits, into);
      at += run;
      continue;
    }
    let end = at + 8;
    while (end < count && runAt(from.start, end, min(count, end + 8)) < 8) end += 8;
    writePacked(from.start + at * 4, at, min(end, count), bits, into);
    at = min(end, count);
  }
}

function runAt(numbers: usize, at: u32, count: u32): u32 {
  const value = load<u32>(numbers + at * 4);
  let end = at + 1;
  while (end < count && load<u32>(numbers + end * 4) == value) end++;
  return end - at;
}

function writeVarint(value: u32, into: Bytes): void {
  reserve(into, 5);
  while (value >= 0x80) {
    store<u8>(into.start + into.length++, <u8>(value | 0x80));
    value >>= 7;
  }
  store<u8>(into.start + into.length++, <u8>value);
}

function writeRun(value: u32, length: u32, bits: u32, into: Bytes): void {
  writeVarint(length << 1, into);
  reserve(into, 4);
  for (let byte: u32 = 0; byte < (bits + 7) >> 3; byte++) store<u8>(into.start + into.length++, <u8>(value >> (byte * 8)));
}

/** Groups of eight, the last filled up with zeros. */
function writePacked(numbers: usize, from: u32, to: u32, bits: u32, into: Bytes): void {
  const groups = (to - from + 7) >> 3;
  writeVarint((groups << 1) | 1, into);
  reserve(into, groups * bits + 8);
  let held: u64 = 0;
  let heldBits: u32 = 0;
  let out = into.start + into.length;
  for (let index: u32 = 0; index < groups * 8; index++) {
    if (index < to - from) held |= (<u64>load<u32>(numbers + index * 4)) << heldBits;
    heldBits += bits;
    while (heldBits >= 8) {
      store<u8>(out++, <u8>held);
      held >>= 8;
      heldBits -= 8;
    }
  }
  into.length = out - into.start;
}
