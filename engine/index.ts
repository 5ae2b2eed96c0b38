/** The engine that takes records apart and puts columns together, as WebAssembly. Who uses it: shared/landing/engine/engine.ts. */

import { beginCanonical } from './canonical';
import { beginKeys } from './keys';
import { beginLeaves } from './leaf';
import { beginLists } from './lists';
import { beginMemory } from './memory';
import { beginPages } from './pages';
import { beginTape } from './tape';
import { beginTexts } from './texts';

export { read } from './json';
export { codeOfKey, makeKey, newPart, setPart } from './keys';
export {
  add,
  addFlat,
  addRow,
  beginRow,
  clearLeaf,
  codeAt,
  codeOfBytes,
  codeOfCell,
  dictionaryLength,
  dictionaryStart,
  endOfValue,
  fractions,
  greatest,
  isDictionary,
  least,
  newLeaf,
  repeatValue,
  setRepeated,
  startOfValue,
  takeFrom,
  texts,
  truthValues,
  valueCount,
  wholeNumbers,
} from './leaf';
export { addLevel, addListField, addLists, newListColumn, setPairs } from './lists';
export { allocate, release } from './memory';
export {
  definitionsLength,
  definitionsStart,
  entriesInPage,
  fillPage,
  plainSize,
  repetitionsLength,
  repetitionsStart,
  valuesInPage,
  valuesLength,
  valuesStart,
} from './pages';
export { addField, newShape, setWithinField } from './shapes';
export { addSource, addWord, find, newSources, plain, setPairName } from './sources';
export {
  absent,
  cellBytes,
  endOf,
  escapedText,
  isFalse,
  isNull,
  isTrue,
  kindOf,
  list,
  number,
  object,
  recordRow,
  startOf,
  text,
  withinOf,
} from './tape';
export { clearTexts } from './texts';

/** Begins a job: what was made for the one before is gone. */
export function begin(): void {
  beginMemory();
  beginTape();
  beginTexts();
  beginCanonical();
  beginKeys();
  beginLeaves();
  beginLists();
  beginPages();
}
