/**
 * The values of a leaf column, each written once as Parquet's PLAIN encoding has them: a dictionary page, or what data pages are copied
 * from. Texts have 4 bytes of length before them, numbers 8 bytes, truth values one.
 */

import { allocate, enlarge, release } from './memory';
import { hashOf, sameBytes } from './shapes';

// @ts-ignore: decorator
/** Values by their numbers, from 0 in the order in which they came. */
@unmanaged
export class Pool {
  /** Bytes before each value that hold its length: 4, or 0. */
  prefix: u32;
  bytes: usize;
  capacity: u32;
  size: u32;
  /** Where each value begins in `bytes`, and after them where the last ends. */
  starts: usize;
  room: u32;
  count: u32;
  /**
   * By hash, 16 bytes each: the hash, the value's number + 1, where it begins, its length. 0 once nearly every value is a new one:
   * looking for them costs more than it saves.
   */
  table: usize;
  mask: u32;
  /** The number of the value that was asked for last; most often it is asked for again. */
  last: u32;
  asked: u32;
  /** Equal values have one number, however many there are. */
  keepsAll: bool;
}

/** An empty pool. @param prefix Bytes before each value that hold its length: 4, or 0. */
export function newPool(prefix: u32): Pool {
  const pool = changetype<Pool>(allocate(offsetof<Pool>()));
  pool.prefix = prefix;
  pool.capacity = 1_024;
  pool.bytes = allocate(pool.capacity);
  pool.room = 64;
  pool.starts = allocate(pool.room * 4);
  store<u32>(pool.starts, 0);
  pool.mask = 63;
  pool.table = 0;
  pool.keepsAll = false;
  clearPool(pool);
  return pool;
}

const entryBytes: u32 = 16;

/** Empties it, and keeps its memory for the next values. */
export function clearPool(pool: Pool): void {
  pool.count = 0;
  pool.size = 0;
  pool.asked = 0;
  pool.last = 0;
  if (pool.table == 0) pool.table = allocate((pool.mask + 1) * entryBytes);
  memory.fill(pool.table, 0, (pool.mask + 1) * entryBytes);
}

/** The number of a value: equal values have one number, until the pool is no dictionary any more. */
export function codeOf(pool: Pool, start: usize, length: u32): u32 {
  pool.asked++;
  if (pool.table == 0) return add(pool, start, length);
  if (pool.count != 0 && isValue(pool, pool.last, start, length)) return pool.last;
  const hash = <u32>hashOf(start, length);
  let entry = pool.table + (hash & pool.mask) * entryBytes;
  while (load<u32>(entry, 4) != 0) {
    if (load<u32>(entry) == hash && load<u32>(entry, 12) == length && sameBytes(pool.bytes + load<u32>(entry, 8), start, length)) {
      return (pool.last = load<u32>(entry, 4) - 1);
    }
    entry = entryAfter(pool, entry);
  }
  const code = add(pool, start, length);
  pool.last = code;
  setEntry(entry, hash, code, load<u32>(pool.starts + code * 4) + pool.prefix, length);
  if (code == worthLookingAt && !pool.keepsAll && pool.asked < code + code / 4) forget(pool);
  else if (pool.count * 2 > pool.mask) grow(pool);
  return code;
}

const worthLookingAt: u32 = 1_000;

// @ts-ignore: decorator
@inline
function entryAfter(pool: Pool, entry: usize): usize {
  const after = entry + entryBytes;
  return after == pool.table + (pool.mask + 1) * entryBytes ? pool.table : after;
}

// @ts-ignore: decorator
@inline
function setEntry(entry: usize, hash: u32, code: u32, start: u32, length: u32): void {
  store<u32>(entry, hash);
  store<u32>(entry, code + 1, 4);
  store<u32>(entry, start, 8);
  store<u32>(entry, length, 12);
}

function forget(pool: Pool): void {
  release(pool.table);
  pool.table = 0;
}

// @ts-ignore: decorator
@inline
function isValue(pool: Pool, code: u32, start: usize, length: u32): bool {
  const at = valueStart(pool, code);
  return valueEnd(pool, code) - at == length && sameBytes(at, start, length);
}

// @ts-ignore: decorator
@inline

/** The address of a value's own bytes, after its length. */
export function valueStart(pool: Pool, code: u32): usize {
  return pool.bytes + load<u32>(pool.starts + code * 4) + pool.prefix;
}
// @ts-ignore: decorator
@inline
/** The address after them. */
export function valueEnd(pool: Pool, code: u32): usize {
  return pool.bytes + load<u32>(pool.starts + code * 4, 4);
}

function add(pool: Pool, start: usize, length: u32): u32 {
  const code = pool.count++;
  // 8 bytes more, which a comparison may read.
  const needed = pool.size + length + 12;
  if (needed > pool.capacity) {
    while (needed > pool.capacity) pool.capacity *= 2;
    pool.bytes = enlarge(pool.bytes, pool.capacity);
  }
  if (pool.count == pool.room) {
    pool.room *= 2;
    pool.starts = enlarge(pool.starts, pool.room * 4);
  }
  const at = pool.bytes + pool.size;
  if (pool.prefix != 0) store<u32>(at, length);
  memory.copy(at + pool.prefix, start, length);
  pool.size += length + pool.prefix;
  store<u32>(pool.starts + pool.count * 4, pool.size);
  return code;
}

function grow(pool: Pool): void {
  const old = pool.table;
  const slots = pool.mask + 1;
  pool.mask = pool.mask * 4 + 3;
  pool.table = allocate((pool.mask + 1) * entryBytes);
  memory.fill(pool.table, 0, (pool.mask + 1) * entryBytes);
  for (let slot: u32 = 0; slot < slots; slot++) {
    const from = old + slot * entryBytes;
    if (load<u32>(from, 4) == 0) continue;
    let entry = pool.table + (load<u32>(from) & pool.mask) * entryBytes;
    while (load<u32>(entry, 4) != 0) entry = entryAfter(pool, entry);
    memory.copy(entry, from, entryBytes);
  }
  release(old);
}
