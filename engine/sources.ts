/** Where a text of a column comes from: places within a row, of which the first that is filled counts. */

import { allocate } from './memory';
import { absent, endOf, escapedText, isNull, kindOf, list, object, startOf, text, withinOf } from './tape';
import { cellAt, setFieldPath, FieldPath } from './field-path';
import { sameBytes } from './shapes';
import { compact, unescape } from './texts';

// @ts-ignore: decorator
/** A place: what stands at the end of a way; or the value under a name in a list of name/value objects there. */
@unmanaged
class Source extends FieldPath {
  next: Source | null;
  /** Words that are as good as nothing. */
  words: Words | null;
  /** The name that is looked for in a list of pairs; 0 for a single value. */
  name: usize;
  nameLength: u32;
  nameOffset: u32;
  valueOffset: u32;
}

// @ts-ignore: decorator
@unmanaged
class Words {
  next: Words | null;
  start: usize;
  length: u32;
}

// @ts-ignore: decorator
/** Places, in the order in which they are asked. */
@unmanaged
export class Sources {
  head: Source | null;
  last: Source | null;
  /** Words that the first filled text must not be. */
  words: Words | null;
}

/** No place yet. */
export function newSources(): Sources {
  const sources = changetype<Sources>(allocate(offsetof<Sources>()));
  sources.head = null;
  sources.last = null;
  sources.words = null;
  return sources;
}

/** Adds a place of up to four fields. */
export function addSource(sources: Sources, depth: u32, first: u32, second: u32, third: u32, fourth: u32): void {
  const source = changetype<Source>(allocate(offsetof<Source>()));
  source.next = null;
  setFieldPath(source, depth, first, second, third, fourth);
  source.words = null;
  source.name = 0;
  const last = sources.last;
  if (last) last.next = source;
  else sources.head = source;
  sources.last = source;
}

/** The place that was added last is a list of pairs. @param name Address of the name, which is kept. */
export function setPairName(sources: Sources, name: usize, length: u32, nameOffset: u32, valueOffset: u32): void {
  const source = sources.last!;
  source.name = name;
  source.nameLength = length;
  source.nameOffset = nameOffset;
  source.valueOffset = valueOffset;
}

/** A word that is nothing: of the place that was added last, or of all. @param start Address of the word, which is kept. */
export function addWord(sources: Sources, start: usize, length: u32, isOfAll: bool): void {
  const word = changetype<Words>(allocate(offsetof<Words>()));
  word.start = start;
  word.length = length;
  word.next = isOfAll ? sources.words : sources.last!.words;
  if (isOfAll) sources.words = word;
  else sources.last!.words = word;
}

/** The cell of the first place that is filled, its text without escapes; 0 when there is none. */
export function find(sources: Sources, row: u32): u32 {
  let source = sources.head;
  while (source) {
    const cell = cellOf(source, row);
    if (cell != 0 && isFilled(cell) && !isOneOf(cell, source.words)) return isOneOf(cell, sources.words) ? 0 : cell;
    source = source.next;
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function cellOf(source: Source, row: u32): u32 {
  const cell = cellAt(source, row);
  return source.name == 0 ? cell : pairValue(source, cell);
}

function pairValue(source: Source, cell: u32): u32 {
  if (cell == 0 || kindOf(cell) != list) return 0;
  for (let element = withinOf(cell); element != 0; element = withinOf(element)) {
    const name = element + source.nameOffset;
    if (isPresent(name) && isText(name, source.name, source.nameLength)) return element + source.valueOffset;
  }
  return 0;
}

/** Whether anything but null is there; even an empty text. */
export function isPresent(cell: u32): bool {
  const kind = kindOf(cell);
  return kind != absent && kind != isNull;
}

// @ts-ignore: decorator
@inline
/** Whether it is anything but null and an empty text. It is plain then. */
function isFilled(cell: u32): bool {
  const kind = kindOf(cell);
  if (kind == text) return endOf(cell) > startOf(cell);
  if (kind == absent || kind == isNull) return false;
  makePlain(cell, kind);
  return true;
}

// @ts-ignore: decorator
@inline
/** A text without escapes, and JSON without white space between its parts. */
export function makePlain(cell: u32, kind: u32): void {
  if (kind == escapedText) unescape(cell);
  else if (kind >= object && kind <= list) compact(cell);
}

/** The same of a cell of any kind, so that the bytes between its addresses are its text. */
export function plain(cell: u32): void {
  makePlain(cell, kindOf(cell));
}

// @ts-ignore: decorator
@inline
function isText(cell: u32, start: usize, length: u32): bool {
  if (kindOf(cell) == escapedText) unescape(cell);
  return <u32>(endOf(cell) - startOf(cell)) == length && sameBytes(startOf(cell), start, length);
}

function isOneOf(cell: u32, words: Words | null): bool {
  let word = words;
  while (word) {
    if (isText(cell, word.start, word.length)) return true;
    word = word.next;
  }
  return false;
}
