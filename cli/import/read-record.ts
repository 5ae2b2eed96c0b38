/** From what a file holds to records: decoded, parsed, and taken out of what others put around them. */

import type { JsonObject } from '../../shared/log-types/recognition.ts';
import type { Content } from './content.ts';
import { opened } from './envelopes.ts';
import { maxRecordBytes, tooLong, type Found } from './found.ts';
import { JsonElements } from './json-elements.ts';
import { textOf } from '../../local/text-encoding.ts';

/** A JSON object that nothing is around any more, as text and parsed. */
export interface ReadRecord extends Content {
  readonly kind: 'record';
  readonly line: number;
  readonly json: JsonObject;
  /** Found beside something broken: it may be a part of that. */
  readonly isFragment: boolean;
}

/** What is no JSON object, or what nobody can read. */
export type ReadBad = Extract<Found, { kind: 'bad' }>;

/** Called with what was guessed about one record. */
export type OnGuess = (guess: string) => void;

/** The records in one piece of a file: none, one, or many, each followed to its innermost. */
export function* readRecords(found: Found, onGuess: OnGuess): Generator<ReadRecord | ReadBad> {
  if (found.kind === 'bad') {
    yield found;
    return;
  }
  if (hasTooManyParts(found.bytes)) {
    yield { ...found, kind: 'bad', why: `more than ${String(maxParts)} objects and lists in one record` };
    return;
  }
  const decoded = textOf(found.bytes);
  if (decoded === undefined) {
    yield { ...found, kind: 'bad', why: 'its text is neither UTF-8 nor Windows-1252' };
    return;
  }
  if (decoded.isGuess) onGuess('no UTF-8: read as Windows-1252');
  const text = decoded.text.trim();
  const json = parsed(text);
  if (json === undefined) yield* salvaged(found, onGuess);
  else yield* unwrapped({ text }, json, found, 0);
}

/** Parsed, each takes some hundred bytes of memory; no record of Microsoft's has a hundredth of it. */
const maxParts = 1_000_000;

/** Brackets within texts count too: they may be JSON again. */
function hasTooManyParts(bytes: Buffer): boolean {
  if (bytes.length < maxParts) return false;
  let parts = 0;
  for (const byte of bytes) if (byte === 0x5b || byte === 0x7b) parts += 1;
  return parts > maxParts;
}

/** More around a record than this is nobody's way of keeping it. */
const maxDepth = 8;

function* unwrapped(content: Content, json: unknown, found: Found, depth: number): Generator<ReadRecord | ReadBad> {
  const bad = (why: string): ReadBad => ({ ...found, kind: 'bad', bytes: Buffer.from(content.text).subarray(0, maxRecordBytes), why });
  const inside = depth < maxDepth ? opened(content.text, json) : undefined;
  if (inside === undefined) {
    if (!isObject(json)) yield bad('no JSON object');
    else yield { kind: 'record', ...content, json, line: found.line, isFragment: found.isFragment === true };
    return;
  }
  const { elsewhere, isSure, organization } = content;
  const around = {
    ...(elsewhere !== undefined && { elsewhere }),
    ...(isSure && { isSure }),
    ...(organization !== undefined && { organization }),
  };
  for (const one of inside) {
    const next = { ...around, ...one, text: one.text.trim() };
    const parsedOne = parsed(next.text);
    if (parsedOne === undefined) yield { ...bad('no JSON'), bytes: Buffer.from(next.text) };
    else yield* unwrapped(next, parsedOne, found, depth + 1);
  }
}

/** Of text that is no JSON, the objects that are: two lines may have become one, or a text has lost its quote. */
function* salvaged(found: Found & { kind: 'record' }, onGuess: OnGuess, depth = 0): Generator<ReadRecord | ReadBad> {
  const pieces = piecesOf(found.bytes, found.line) ?? piecesOf(found.bytes.subarray(1), found.line, true);
  if (pieces === undefined || pieces.length === 0) {
    yield { ...found, kind: 'bad', why: 'no JSON' };
    return;
  }
  let isFirst = true;
  for (const piece of pieces) {
    const isFragment = !isFirst || found.isFragment === true;
    isFirst = false;
    if (piece.kind === 'bad') yield { ...piece, isFragment };
    else if (parsed(piece.bytes.toString('utf8')) !== undefined) yield* readRecords({ ...piece, isFragment }, onGuess);
    else if (depth < maxDepth) yield* salvaged({ ...piece, isFragment }, onGuess, depth + 1);
    else yield { ...piece, kind: 'bad', why: 'no JSON', isFragment };
  }
}

/** Undefined when it stays in one piece. */
function piecesOf(bytes: Buffer, line: number, isBroken = false): Found[] | undefined {
  const elements = new JsonElements(line, isBroken);
  const pieces = [...elements.push(bytes), ...elements.end()];
  return pieces.length === 1 && (pieces[0]?.bytes.length ?? 0) >= bytes.length ? undefined : pieces;
}

/** Why a record that came out of something larger is kept aside, if it is. */
export function isTooLong(text: string): string | undefined {
  return text.length > maxRecordBytes / 3 && Buffer.byteLength(text) > maxRecordBytes ? tooLong : undefined;
}

/** Undefined for what is no JSON, which is not `null`. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
