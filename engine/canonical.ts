/** Canonical JSON, as it stands in a record key: members in the order of their names, without null, "", [] and {}. README.md specifies it. */

import { allocate, enlarge } from './memory';

/** After what has been written. */
let out: usize = 0;

/** The members of the objects that are being written, innermost last: where each begins and ends, and how long its name is. */
let members: usize = 0;
let room: u32 = 0;
let count: u32 = 0;
const memberBytes: u32 = 12;

/** What members are put in order in. */
let sorted: usize = 0;
let sortedRoom: usize = 0;

/** Makes room for members. */
export function beginCanonical(): void {
  room = 256;
  members = allocate(room * memberBytes);
  sortedRoom = 4_096;
  sorted = allocate(sortedRoom);
}

/**
 * Writes an object or a list that has no white space between its parts. null, "", [] and {} within it are left out.
 *
 * @param into Room for as many bytes as there are, and 16 more.
 * @returns After what was written.
 */
export function writeCanonical(start: usize, into: usize): usize {
  out = into;
  count = 0;
  value(start);
  return out;
}

function value(at: usize): usize {
  const first = load<u8>(at);
  if (first == 0x7b) return objectAt(at);
  if (first == 0x5b) return listAt(at);
  return copy(at, first == 0x22 ? afterText(at) : afterWord(at));
}

/** Most are short. What is written beyond the end is written over, or the room's slack. */
function copy(from: usize, to: usize): usize {
  const length = to - from;
  for (let at: usize = 0; at < length; at += 16) v128.store(out + at, v128.load(from + at));
  out += length;
  return to;
}

function afterText(at: usize): usize {
  at++;
  while (true) {
    const bytes = v128.load(at);
    const found = i8x16.bitmask(v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))));
    if (found == 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    if (load<u8>(at) == 0x22) return at + 1;
    at += 2;
  }
}

/** A number, or true, false, null. */
function afterWord(at: usize): usize {
  while (load<u8>(at) != 0x2c && load<u8>(at) != 0x5d && load<u8>(at) != 0x7d) at++;
  return at;
}

function listAt(at: usize): usize {
  store<u8>(out++, 0x5b);
  const first = out;
  for (at++; load<u8>(at) != 0x5d;) {
    const start = out;
    at = value(at);
    end(start, start);
    if (load<u8>(at) == 0x2c) at++;
  }
  close(first, 0x5d);
  return at + 1;
}

function objectAt(at: usize): usize {
  store<u8>(out++, 0x7b);
  const first = out;
  const firstMember = count;
  for (at++; load<u8>(at) != 0x7d;) {
    const start = out;
    const afterName = afterText(at);
    copy(at, afterName + 1);
    const valueStart = out;
    const nameLength = <u32>(afterName - at);
    at = value(afterName + 1);
    if (end(start, valueStart)) note(start, nameLength);
    if (load<u8>(at) == 0x2c) at++;
  }
  order(firstMember, first);
  count = firstMember;
  close(first, 0x7d);
  return at + 1;
}

/** Puts a comma after what was written last, or takes back what is null, "", [] or {}. @returns Whether it stays. */
function end(start: usize, valueStart: usize): bool {
  if (isNothing(valueStart)) {
    out = start;
    return false;
  }
  store<u8>(out++, 0x2c);
  return true;
}

/** `null`, `""`, `[]`, `{}`: what was written last from there on. */
export function isNothing(start: usize): bool {
  if (out - start == 4) return load<u32>(start) == 0x6c6c756e;
  if (out - start != 2) return false;
  const both = load<u16>(start);
  return both == 0x2222 || both == 0x5d5b || both == 0x7d7b;
}

/** In the place of the last comma, if there is one. */
function close(first: usize, bracket: u8): void {
  if (out > first) out--;
  store<u8>(out++, bracket);
}

function note(start: usize, nameLength: u32): void {
  if (count == room) {
    room *= 2;
    members = enlarge(members, room * memberBytes);
  }
  const member = members + count++ * memberBytes;
  store<u32>(member, <u32>start);
  store<u32>(member, <u32>out, 4);
  store<u32>(member, nameLength, 8);
}

/** Puts the members of an object, which were written from `first` on, in the order of their names. */
function order(firstMember: u32, first: usize): void {
  if (isOrdered(firstMember)) return;
  sortMembers(members + firstMember * memberBytes, count - firstMember);
  if (out - first > sortedRoom) {
    sortedRoom = (out - first) * 2;
    sorted = enlarge(sorted, sortedRoom);
  }
  let into = sorted;
  for (let index = firstMember; index < count; index++) {
    const member = members + index * memberBytes;
    const length = load<u32>(member, 4) - load<u32>(member);
    memory.copy(into, load<u32>(member), length);
    into += length;
  }
  memory.copy(first, sorted, out - first);
}

function isOrdered(firstMember: u32): bool {
  for (let index = firstMember + 1; index < count; index++) {
    const member = members + index * memberBytes;
    if (isBefore(member, member - memberBytes)) return false;
  }
  return true;
}

/** Shell's sort: an object has a few members, and where one has very many, no more than that becomes slow. */
function sortMembers(from: usize, length: u32): void {
  for (let gap = length >> 1; gap > 0; gap = gap == 2 ? 1 : <u32>((<u64>gap * 5) / 11)) {
    for (let index = gap; index < length; index++) {
      for (let at = index; at >= gap && isBefore(from + at * memberBytes, from + (at - gap) * memberBytes); at -= gap) {
        swap(from + at * memberBytes, from + (at - gap) * memberBytes);
      }
    }
  }
}

/** By their names, as they are written; of equal names by where they stand. */
function isBefore(a: usize, b: usize): bool {
  const lengthOfA = load<u32>(a, 8);
  const lengthOfB = load<u32>(b, 8);
  const compared = memory.compare(load<u32>(a), load<u32>(b), min(lengthOfA, lengthOfB));
  if (compared != 0) return compared < 0;
  return lengthOfA == lengthOfB ? load<u32>(a) < load<u32>(b) : lengthOfA < lengthOfB;
}

function swap(a: usize, b: usize): void {
  for (let at: usize = 0; at < memberBytes; at += 4) {
    const kept = load<u32>(a + at);
    store<u32>(a + at, load<u32>(b + at));
    store<u32>(b + at, kept);
  }
}
