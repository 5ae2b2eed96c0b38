/** A leaf column of a row group while it is filled: which values stand where, and how they nest. Levels as Parquet counts them. */

import { allocate, enlarge } from './memory';
import { clearPool, codeOf, newPool, Pool, valueEnd, valueStart } from './pool';
import { find, Sources } from './sources';
import { endOf, isFalse, isTrue, kindOf, number, startOf } from './tape';

// @ts-ignore: decorator
/** A leaf column: its pool of values, and an entry for each value or NULL of its rows. */
@unmanaged
export class Leaf {
  pool: Pool;
  /** What it takes: {@link texts}, {@link wholeNumbers}, {@link fractions} or {@link truthValues}. */
  takes: u32;
  maxDefinition: u32;
  maxRepetition: u32;
  /** One an entry: the number of its value, or -1. */
  codes: usize;
  /** Two bytes an entry, definition and repetition; without lists they follow from the codes, and are not kept. */
  levels: usize;
  entries: u32;
  entryRoom: u32;
  /** Where each row's entries begin; not kept where every row has one. */
  rows: usize;
  rowCount: u32;
  rowRoom: u32;
  /** Where {@link addRow} takes the next row from; null for a leaf that repeats a value. */
  sources: Sources | null;
  repeated: i32;
  next: Leaf | null;
}

/** What leaves take: texts, whole numbers (times are such: µs since 1970), fractions, truth values. Texts: UTF-8. */
export const texts: u32 = 0;
/** 8 bytes, signed. */
export const wholeNumbers: u32 = 1;
/** 8 bytes, IEEE 754. */
export const fractions: u32 = 2;
/** One byte, which a page has as a bit. */
export const truthValues: u32 = 3;

/** Bytes of a text's length in front of it. */
const textPrefix: u32 = 4;

// @ts-ignore: decorator
@external('env', 'codeFromOutside')
/**
 * The number of a value that has to be converted first, which the host does: a number in a text, with a fraction, or with very many
 * digits; a word for true. -1 when it is no such value.
 */
declare function codeFromOutside(leaf: Leaf, cell: u32): i32;

/** An empty leaf. @param takes What it takes. */
export function newLeaf(takes: u32, maxDefinition: u32, maxRepetition: u32): Leaf {
  const leaf = changetype<Leaf>(allocate(offsetof<Leaf>()));
  leaf.pool = newPool(takes == texts ? textPrefix : 0);
  leaf.takes = takes;
  leaf.maxDefinition = maxDefinition;
  leaf.maxRepetition = maxRepetition;
  leaf.entryRoom = 256;
  leaf.codes = allocate(leaf.entryRoom * 4);
  leaf.levels = maxRepetition == 0 ? 0 : allocate(leaf.entryRoom * 2);
  leaf.rowRoom = maxRepetition == 0 ? 0 : 256;
  leaf.rows = maxRepetition == 0 ? 0 : allocate(leaf.rowRoom * 4);
  leaf.sources = null;
  leaf.repeated = -1;
  leaf.next = null;
  clearLeaf(leaf);
  return leaf;
}

/** Empties it, and keeps its memory for the next row group. */
export function clearLeaf(leaf: Leaf): void {
  clearPool(leaf.pool);
  leaf.entries = 0;
  leaf.rowCount = 0;
}

/** Leaves that take what stands in each record, or repeat a value. */
let firstLeaf: Leaf | null = null;
let lastLeaf: Leaf | null = null;

/** Forgets the leaves of the job before. */
export function beginLeaves(): void {
  firstLeaf = null;
  lastLeaf = null;
}

/** From now on {@link addRow} adds what stands there. */
export function takeFrom(leaf: Leaf, sources: Sources): void {
  leaf.sources = sources;
  enlist(leaf);
}

/** From now on {@link addRow} adds the value that {@link setRepeated} named last. */
export function repeatValue(leaf: Leaf): void {
  leaf.repeated = -1;
  enlist(leaf);
}

/** @param code The number of the value to be repeated; -1 for NULL. */
export function setRepeated(leaf: Leaf, code: i32): void {
  leaf.repeated = code;
}

function enlist(leaf: Leaf): void {
  const last = lastLeaf;
  if (last) last.next = leaf;
  else firstLeaf = leaf;
  lastLeaf = leaf;
}

/** The record that was read last becomes the next row. */
export function addRow(record: u32): void {
  let leaf = firstLeaf;
  while (leaf) {
    const sources = leaf.sources;
    addFlat(leaf, sources ? codeAt(leaf, sources, record) : leaf.repeated);
    leaf = leaf.next;
  }
}

/** The number of what stands in a row; -1 for nothing. */
export function codeAt(leaf: Leaf, sources: Sources, row: u32): i32 {
  const cell = find(sources, row);
  if (cell == 0) return -1;
  if (leaf.takes == texts) return codeOfCell(leaf, cell);
  return leaf.takes == truthValues ? codeOfTruth(leaf, cell) : codeOfWhole(leaf, cell);
}

const scratch: usize = memory.data(32);

function codeOfTruth(leaf: Leaf, cell: u32): i32 {
  const kind = kindOf(cell);
  if (kind != isTrue && kind != isFalse) return codeFromOutside(leaf, cell);
  store<u8>(scratch, kind == isTrue ? 1 : 0);
  return codeOf(leaf.pool, scratch, 1);
}

/** Nearly every number has a few digits and nothing else. */
function codeOfWhole(leaf: Leaf, cell: u32): i32 {
  const start = startOf(cell);
  const end = endOf(cell);
  if (kindOf(cell) != number || end - start > 18) return codeFromOutside(leaf, cell);
  let value: i64 = 0;
  for (let at = start; at < end; at++) {
    const digit = <u32>load<u8>(at) - 0x30;
    if (digit > 9) return codeFromOutside(leaf, cell);
    value = value * 10 + digit;
  }
  store<i64>(scratch, value);
  return codeOf(leaf.pool, scratch, 8);
}

/** The number of a plain cell's text. */
export function codeOfCell(leaf: Leaf, cell: u32): i32 {
  const start = startOf(cell);
  return codeOf(leaf.pool, start, <u32>(endOf(cell) - start));
}

/** The number of the value with these bytes. */
export function codeOfBytes(leaf: Leaf, start: usize, length: u32): i32 {
  return codeOf(leaf.pool, start, length);
}

// @ts-ignore: decorator
@inline
/** The only entry of its row, in a column without lists. */
export function addFlat(leaf: Leaf, code: i32): void {
  if (leaf.entries == leaf.entryRoom) growEntries(leaf);
  store<i32>(leaf.codes + leaf.entries++ * 4, code);
}

/** Adds an entry to the row that was begun last. @param code -1 for NULL. */
export function add(leaf: Leaf, code: i32, repetition: u32, definition: u32): void {
  if (leaf.entries == leaf.entryRoom) growEntries(leaf);
  store<u8>(leaf.levels + leaf.entries * 2, <u8>definition);
  store<u8>(leaf.levels + leaf.entries * 2, <u8>repetition, 1);
  store<i32>(leaf.codes + leaf.entries++ * 4, code);
}

/** Begins the next row of a column with lists; its entries follow. */
export function beginRow(leaf: Leaf): void {
  if (leaf.rowCount == leaf.rowRoom) {
    leaf.rowRoom *= 2;
    leaf.rows = enlarge(leaf.rows, leaf.rowRoom * 4);
  }
  store<u32>(leaf.rows + leaf.rowCount++ * 4, leaf.entries);
}

function growEntries(leaf: Leaf): void {
  leaf.entryRoom *= 2;
  leaf.codes = enlarge(leaf.codes, leaf.entryRoom * 4);
  if (leaf.levels != 0) leaf.levels = enlarge(leaf.levels, leaf.entryRoom * 2);
}

/** The number of the least value; texts in the order of their bytes. 0 for a leaf without values. */
export function least(leaf: Leaf): u32 {
  const takes = leaf.takes;
  let found: u32 = 0;
  for (let code: u32 = 1; code < leaf.pool.count; code++) if (isLess(leaf.pool, code, found, takes)) found = code;
  return found;
}

/** The number of the greatest value. */
export function greatest(leaf: Leaf): u32 {
  const takes = leaf.takes;
  let found: u32 = 0;
  for (let code: u32 = 1; code < leaf.pool.count; code++) if (isLess(leaf.pool, found, code, takes)) found = code;
  return found;
}

/** How many values the leaf has, each counted once while it is a dictionary. */
export function valueCount(leaf: Leaf): u32 {
  return leaf.pool.count;
}

/** Whether equal values have one number; a leaf in which nearly every value is a new one stops looking for them. */
export function isDictionary(leaf: Leaf): bool {
  return leaf.pool.table != 0;
}

/** The address of all values one after another, as Parquet's PLAIN encoding has them: the body of a dictionary page. */
export function dictionaryStart(leaf: Leaf): usize {
  return leaf.pool.bytes;
}

/** How many bytes they are. */
export function dictionaryLength(leaf: Leaf): u32 {
  return leaf.pool.size;
}

/** The address of a value's own bytes. */
export function startOfValue(leaf: Leaf, code: u32): usize {
  return valueStart(leaf.pool, code);
}

/** The address after them. */
export function endOfValue(leaf: Leaf, code: u32): usize {
  return valueEnd(leaf.pool, code);
}

// @ts-ignore: decorator
@inline
function isLess(pool: Pool, one: u32, other: u32, takes: u32): bool {
  const a = valueStart(pool, one);
  const b = valueStart(pool, other);
  if (takes == wholeNumbers) return load<i64>(a) < load<i64>(b);
  if (takes == fractions) return load<f64>(a) < load<f64>(b);
  if (takes == truthValues) return load<u8>(a) < load<u8>(b);
  return isTextLess(a, <u32>(valueEnd(pool, one) - a), b, <u32>(valueEnd(pool, other) - b));
}

function isTextLess(a: usize, lengthOfA: u32, b: usize, lengthOfB: u32): bool {
  const shared = min(lengthOfA, lengthOfB);
  let at: u32 = 0;
  while (at + 8 <= shared && load<u64>(a + at) == load<u64>(b + at)) at += 8;
  for (; at < shared; at++) {
    const x = load<u8>(a + at);
    const y = load<u8>(b + at);
    if (x != y) return x < y;
  }
  return lengthOfA < lengthOfB;
}
