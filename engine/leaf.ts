/** A leaf column of a row group while it is filled: which values stand where, and how they nest. Levels as Parquet counts them. */

import { allocate, enlarge } from './memory';
import { clearPool, codeOf, newPool, Pool, valueEnd, valueStart } from './pool';
import { find, Sources } from './sources';
import { endOf, isFalse, isTrue, kindOf, number, startOf } from './tape';

// @ts-ignore: decorator
@unmanaged
export class Leaf {
  pool: Pool;
  /** Truth values, which a page has as bits. */
  isTruth: bool;
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
  /** Where {@link addRow} takes the next row from, and what as; without, it repeats a value. */
  sources: Sources | null;
  kind: u32;
  repeated: i32;
  next: Leaf | null;
}

/** What a leaf takes. */
const texts: u32 = 0;
const truths: u32 = 3;

/** The number of an odd value, worked out outside: a number in a text, with a fraction, or with very many digits; -1 for none. */
// @ts-ignore: decorator
@external('env', 'codeOfOdd')
declare function codeOfOdd(leaf: Leaf, cell: u32): i32;

/** @param prefix As of a pool. */
export function newLeaf(prefix: u32, isTruth: bool, maxDefinition: u32, maxRepetition: u32): Leaf {
  const leaf = changetype<Leaf>(allocate(offsetof<Leaf>()));
  leaf.pool = newPool(prefix);
  leaf.isTruth = isTruth;
  leaf.maxDefinition = maxDefinition;
  leaf.maxRepetition = maxRepetition;
  leaf.entryRoom = 256;
  leaf.codes = allocate(leaf.entryRoom * 4);
  leaf.levels = maxRepetition == 0 ? 0 : allocate(leaf.entryRoom * 2);
  leaf.rowRoom = maxRepetition == 0 ? 0 : 256;
  leaf.rows = maxRepetition == 0 ? 0 : allocate(leaf.rowRoom * 4);
  leaf.sources = null;
  leaf.kind = texts;
  leaf.repeated = -1;
  leaf.next = null;
  clearLeaf(leaf);
  return leaf;
}

export function clearLeaf(leaf: Leaf): void {
  clearPool(leaf.pool);
  leaf.entries = 0;
  leaf.rowCount = 0;
}

/** Leaves that take what stands in each record, or repeat a value. */
let firstLeaf: Leaf | null = null;
let lastLeaf: Leaf | null = null;

export function beginLeaves(): void {
  firstLeaf = null;
  lastLeaf = null;
}

/** From now on {@link addRow} adds what stands there. */
export function takeFrom(leaf: Leaf, sources: Sources): void {
  leaf.sources = sources;
  enlist(leaf);
}

/** @param kind What the leaf takes: 0 texts, 1 whole numbers, 3 truth values. */
export function setKind(leaf: Leaf, kind: u32): void {
  leaf.kind = kind;
}

/** From now on {@link addRow} adds what {@link setRepeated} says. */
export function repeatValue(leaf: Leaf): void {
  leaf.repeated = -1;
  enlist(leaf);
}

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
  if (leaf.kind == texts) return codeOfCell(leaf, cell);
  return leaf.kind == truths ? codeOfTruth(leaf, cell) : codeOfWhole(leaf, cell);
}

const scratch: usize = memory.data(32);

function codeOfTruth(leaf: Leaf, cell: u32): i32 {
  const kind = kindOf(cell);
  if (kind != isTrue && kind != isFalse) return codeOfOdd(leaf, cell);
  store<u8>(scratch, kind == isTrue ? 1 : 0);
  return codeOf(leaf.pool, scratch, 1);
}

/** Nearly every number has a few digits and nothing else. */
function codeOfWhole(leaf: Leaf, cell: u32): i32 {
  const start = startOf(cell);
  const end = endOf(cell);
  if (kindOf(cell) != number || end - start > 18) return codeOfOdd(leaf, cell);
  let value: i64 = 0;
  for (let at = start; at < end; at++) {
    const digit = <u32>load<u8>(at) - 0x30;
    if (digit > 9) return codeOfOdd(leaf, cell);
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

export function codeOfBytes(leaf: Leaf, start: usize, length: u32): i32 {
  return codeOf(leaf.pool, start, length);
}

/** The only entry of its row, in a column without lists. */
// @ts-ignore: decorator
@inline
export function addFlat(leaf: Leaf, code: i32): void {
  if (leaf.entries == leaf.entryRoom) growEntries(leaf);
  store<i32>(leaf.codes + leaf.entries++ * 4, code);
}

export function add(leaf: Leaf, code: i32, repetition: u32, definition: u32): void {
  if (leaf.entries == leaf.entryRoom) growEntries(leaf);
  store<u8>(leaf.levels + leaf.entries * 2, <u8>definition);
  store<u8>(leaf.levels + leaf.entries * 2, <u8>repetition, 1);
  store<i32>(leaf.codes + leaf.entries++ * 4, code);
}

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

/** The numbers of the least and the greatest value. @param kind 0 texts by their bytes, 1 whole numbers, 2 fractions, 3 truth values. */
export function least(leaf: Leaf, kind: u32): u32 {
  let found: u32 = 0;
  for (let code: u32 = 1; code < leaf.pool.count; code++) if (isLess(leaf.pool, code, found, kind)) found = code;
  return found;
}
export function greatest(leaf: Leaf, kind: u32): u32 {
  let found: u32 = 0;
  for (let code: u32 = 1; code < leaf.pool.count; code++) if (isLess(leaf.pool, found, code, kind)) found = code;
  return found;
}

// @ts-ignore: decorator
@inline
function isLess(pool: Pool, one: u32, other: u32, kind: u32): bool {
  const a = valueStart(pool, one);
  const b = valueStart(pool, other);
  if (kind == 1) return load<i64>(a) < load<i64>(b);
  if (kind == 2) return load<f64>(a) < load<f64>(b);
  if (kind == 3) return load<u8>(a) < load<u8>(b);
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
