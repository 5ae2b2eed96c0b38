/** What stands in a cell, as what columns read it. What it cannot be read as is NULL, and costs nothing else. */

import { kinds, type Cell, type Engine } from './engine.ts';
import { instantOf } from './instant.ts';

/** A value of a column. A struct is the list of its fields, a map the list of its pairs; a time is in µs since 1970. */
export type Value = string | number | bigint | boolean | null | readonly Value[];

/** Whether the cell has a value: it is neither absent nor null nor empty text. */
export function isFilled(engine: Engine, cell: Cell): boolean {
  return isPresent(engine, cell) && (engine.kind(cell) !== kinds.text || engine.end(cell) > engine.start(cell));
}

/** Whether anything stands there; even an empty text. */
function isPresent(engine: Engine, cell: Cell): boolean {
  const kind = cell === 0 ? kinds.absent : engine.kind(cell);
  return kind !== kinds.absent && kind !== kinds.null;
}

/** The cell's text; numbers, lists and objects as they are written. */
export function textOf(engine: Engine, cell: Cell): string | null {
  return isFilled(engine, cell) ? engine.text(cell) : null;
}

/** JSON text; NULL for nothing, however Microsoft writes it. */
function jsonOf(engine: Engine, cell: Cell): string | null {
  if (!isFilled(engine, cell)) return null;
  const text = engine.text(cell);
  const kind = engine.kind(cell);
  if (kind === kinds.text || kind === kinds.escapedText) return JSON.stringify(text);
  return text === '[]' || text === '{}' ? null : text;
}

/** A whole number of 64 bits. */
export function longOf(engine: Engine, cell: Cell): number | bigint | null {
  const kind = engine.kind(cell);
  if (kind === kinds.number) return fewDigits(engine, cell) ?? wholeNumber(engine.text(cell));
  if (kind === kinds.true) return 1;
  if (kind === kinds.false) return 0;
  return kind === kinds.text || kind === kinds.escapedText ? wholeNumber(engine.text(cell)) : null;
}

/** Nearly every number has a few digits and nothing else. */
function fewDigits(engine: Engine, cell: Cell): number | null {
  const { bytes } = engine;
  const [start, end] = [engine.start(cell), engine.end(cell)];
  if (end - start > 15) return null;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + digit;
  }
  return value;
}

function wholeNumber(text: string): number | bigint | null {
  const trimmed = text.trim();
  if (/^[+-]?\d{1,15}$/.test(trimmed)) return Number(trimmed);
  if (/^[+-]?\d{16,19}$/.test(trimmed)) return within64Bits(BigInt(trimmed.replace(/^\+/, '')));
  return numberPattern.test(trimmed) ? rounded(Number(trimmed)) : null;
}

/** Halves are rounded away from zero. */
function rounded(value: number): number | bigint | null {
  const whole = Math.round(Math.abs(value)) * Math.sign(value);
  if (Number.isSafeInteger(whole)) return whole === 0 ? 0 : whole;
  return Number.isFinite(whole) ? within64Bits(BigInt(whole)) : null;
}

const within64Bits = (value: bigint): bigint | null => (BigInt.asIntN(64, value) === value ? value : null);

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A finite number. */
function doubleOf(engine: Engine, cell: Cell): number | null {
  const kind = engine.kind(cell);
  if (kind === kinds.true) return 1;
  if (kind === kinds.false) return 0;
  return kind === kinds.number || kind === kinds.text || kind === kinds.escapedText ? finiteNumber(engine.text(cell)) : null;
}

function finiteNumber(text: string): number | null {
  const trimmed = text.trim();
  const number = numberPattern.test(trimmed) ? Number(trimmed) : NaN;
  return Number.isFinite(number) ? number : null;
}

/** A truth value: of a number whether it is other than 0, of a text what its word means (true, yes, 1). */
export function booleanOf(engine: Engine, cell: Cell): boolean | null {
  const kind = engine.kind(cell);
  if (kind === kinds.true) return true;
  if (kind === kinds.false) return false;
  if (kind === kinds.number) return Number(engine.text(cell)) !== 0;
  return kind === kinds.text || kind === kinds.escapedText ? wordForBoolean(engine.text(cell)) : null;
}

const wordForBoolean = (text: string): boolean | null => words.get(text.trim().toLowerCase()) ?? null;

const words = new Map([
  ...['true', 't', 'yes', 'y', '1'].map((word) => [word, true] as const),
  ...['false', 'f', 'no', 'n', '0'].map((word) => [word, false] as const),
]);

/** µs since 1970. */
function timeOf(engine: Engine, cell: Cell): number | bigint | null {
  const text = textOf(engine, cell);
  return text === null ? null : instantOf(text);
}

/** What reads a cell as each type. What it cannot be read as is NULL. */
export const scalarOf = { text: textOf, long: longOf, double: doubleOf, boolean: booleanOf, json: jsonOf, time: timeOf } as const;

/** A value as a text, where a column's type is not its expression's; an empty text is NULL. */
export function toText(value: Value): string | null {
  if (value === null || value === '') return null;
  return typeof value === 'string' ? value : typeof value === 'object' ? null : String(value);
}

/** A value as a whole number of 64 bits. */
export function toLong(value: Value): number | bigint | null {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return rounded(Number(value));
  return typeof value === 'string' ? wholeNumber(value) : null;
}

/** A value as a finite number. */
export function toDouble(value: Value): number | null {
  return typeof value === 'string' ? finiteNumber(value) : value === null || typeof value === 'object' ? null : Number(value);
}

/** A value as a truth value. */
export function toBoolean(value: Value): boolean | null {
  return typeof value === 'string' ? wordForBoolean(value) : value === null || typeof value === 'object' ? null : Boolean(value);
}

/** A value as a time, in µs since 1970. */
export function toTime(value: Value): number | bigint | null {
  if (typeof value === 'string') return instantOf(value);
  return typeof value === 'number' || typeof value === 'bigint' ? value : null;
}
