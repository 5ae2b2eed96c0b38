/** Texts as Parquet wants them: without escapes, and JSON without white space. */

import { allocate, release } from './memory';
import { endOf, escapedText, kindOf, setCell, startOf, text } from './tape';

// @ts-ignore: decorator
/** Where something was written to. */
@unmanaged
export class Place {
  start: usize;
  end: usize;
}

const written = changetype<Place>(memory.data(16));
/** Room for what is rewritten of one record; what does not find room there has a block of its own until the next. */
let room: usize = 0;
let roomEnd: usize = 0;
let free: usize = 0;
let filled: usize = 0;

/** Makes room for texts. */
export function beginTexts(): void {
  room = allocate(1 << 14);
  roomEnd = room + (1 << 14);
  free = room;
  filled = 0;
}

/** Frees what was rewritten of the last record. */
export function clearTexts(): void {
  while (filled != 0) {
    const before = load<usize>(filled);
    release(filled);
    filled = before;
  }
  free = room;
}

/** As many bytes, with 8 of anything around them. */
function take(bytes: usize): usize {
  if (free + bytes + 16 > roomEnd) {
    const page = allocate(bytes + 32);
    store<usize>(page, filled);
    filled = page;
    return page + 16;
  }
  const start = free + 8;
  free += bytes + 16;
  return start;
}

/** Rewrites a text with escapes as one without, for the rest of this record. */
export function unescape(cell: u32): void {
  if (kindOf(cell) != escapedText) return;
  const plain = unescapeInto(startOf(cell), endOf(cell));
  setCell(cell, text, plain.start, plain.end);
}

/** Halves of surrogate pairs become U+FFFD: no text in Parquet can hold one. */
export function unescapeInto(start: usize, end: usize): Place {
  let into = take(end - start);
  written.start = into;
  for (let at = start; at < end;) {
    const byte = load<u8>(at++);
    if (byte != 0x5c) {
      store<u8>(into++, byte);
      continue;
    }
    const escape = load<u8>(at++);
    if (escape != 0x75) {
      store<u8>(into++, meaning(escape));
      continue;
    }
    let code = hexAt(at);
    at += 4;
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = code < 0xdc00 && at + 6 <= end && load<u16>(at) == 0x755c ? hexAt(at + 2) : 0;
      const isPair = low >= 0xdc00 && low <= 0xdfff;
      if (isPair) at += 6;
      code = isPair ? 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00) : 0xfffd;
    }
    into = writeUtf8(code, into);
  }
  written.end = into;
  return written;
}

function meaning(escape: u8): u8 {
  switch (escape) {
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    default:
      return escape;
  }
}

function hexAt(at: usize): u32 {
  let code: u32 = 0;
  for (let place: usize = 0; place < 4; place++) {
    const byte: u32 = load<u8>(at + place);
    code = (code << 4) | (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57);
  }
  return code;
}

function writeUtf8(code: u32, into: usize): usize {
  if (code < 0x80) {
    store<u8>(into, <u8>code);
    return into + 1;
  }
  if (code < 0x800) {
    store<u8>(into, <u8>(0xc0 | (code >> 6)));
    store<u8>(into, <u8>(0x80 | (code & 0x3f)), 1);
    return into + 2;
  }
  if (code < 0x10000) {
    store<u8>(into, <u8>(0xe0 | (code >> 12)));
    store<u8>(into, <u8>(0x80 | ((code >> 6) & 0x3f)), 1);
    store<u8>(into, <u8>(0x80 | (code & 0x3f)), 2);
    return into + 3;
  }
  store<u8>(into, <u8>(0xf0 | (code >> 18)));
  store<u8>(into, <u8>(0x80 | ((code >> 12) & 0x3f)), 1);
  store<u8>(into, <u8>(0x80 | ((code >> 6) & 0x3f)), 2);
  store<u8>(into, <u8>(0x80 | (code & 0x3f)), 3);
  return into + 4;
}

/** Rewrites an object or a list without white space between its parts, for the rest of this record. */
export function compact(cell: u32): void {
  const start = startOf(cell);
  const end = endOf(cell);
  let into = take(end - start);
  const first = into;
  let isInText = false;
  for (let at = start; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == 0x5c) {
      store<u8>(into++, byte);
      store<u8>(into++, load<u8>(++at));
      continue;
    }
    if (byte == 0x22) isInText = !isInText;
    if (isInText || byte > 0x20) store<u8>(into++, byte);
  }
  setCell(cell, kindOf(cell), first, into);
}
