/** Values that stand at a place that columns read, and all the same in no column: translated, replaced by another, or not of the form. */

import { placeholders, type Columns, type Expression } from '../../shared/domain/columns.ts';
import { typedPlaces, type TypedPlaces } from './typed-places.ts';
import { pathsOf, type Unread } from './unread-values.ts';

/** A landed row: its columns, and the record that it was made of. */
export interface LandedRow {
  readonly record: unknown;
  /** By column; times as texts that `Date` reads, maps and structs as objects. */
  readonly columns: Readonly<Record<string, unknown>>;
}

/** The places of such values, those of most records first. */
export function lostValues(columns: Columns, rows: readonly LandedRow[]): Unread[] {
  const places = typedPlaces(columns);
  const counts = new Map<string, number>();
  for (const row of rows) {
    for (const path of new Set(lostIn(row, places))) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  const found = [...counts].map(([path, records]) => ({ path, records }));
  return found.sort((one, other) => other.records - one.records || one.path.localeCompare(other.path, 'en'));
}

function lostIn({ record, columns }: LandedRow, places: TypedPlaces): string[] {
  const kept = keptTexts(columns);
  return pathsOf(record, (path, value, element) => places.has(path, element) && !isKept(value, kept));
}
/**
 * The places that columns read only where another place has no value, or as something else than what stands there: what stands in them may
 * be in no column. Each needs a reason (reasons.ts), or a column of its own.
 */
export function placesInReserve(columns: Columns): string[] {
  const places = Object.values(columns).flatMap(({ from }) => readPlaces(from, true));
  const always = new Set(places.filter(({ isAlways }) => isAlways).map(({ path }) => path));
  return [...new Set(places.map(({ path }) => path))].filter((path) => !always.has(path)).sort();
}

interface ReadPlace {
  readonly path: string;
  /** Whether the column has the value whatever else the record holds. */
  readonly isAlways: boolean;
}

function readPlaces(from: Expression, isAlways: boolean): ReadPlace[] {
  switch (from.op) {
    case 'field':
      return [{ path: from.path, isAlways }];
    case 'each':
      return [{ path: `${from.path}[]${from.field === '' ? '' : `.${from.field}`}`, isAlways }];
    case 'union':
      return from.of.flatMap((one) => readPlaces(one, isAlways));
    case 'first':
      return from.of.flatMap((one, index) => readPlaces(one, isAlways && index === 0));
    case 'address':
    case 'port':
      return from.of.flatMap((one) => readPlaces(one, false));
    case 'case':
      return [...from.when.map(([, then]) => then), from.otherwise].flatMap((one) => readPlaces(one, false));
    case 'translate':
    case 'name-of':
    case 'first-of':
    case 'within':
    case 'each-within':
      return readPlaces(from.of, false);
    case 'pairs':
    case 'value-of':
    case 'structs':
    case 'constant':
    case 'absent':
    case 'given':
      return [];
    default:
      return readPlaces(from.of, isAlways);
  }
}

interface Kept {
  /** Every value of a column, of JSON in a text its values too, in lower case. */
  readonly values: ReadonlySet<string>;
  readonly instants: ReadonlySet<number>;
  /** All texts of the columns one after another. */
  readonly whole: string;
}

/** Microsoft's words for no value, its address for none, and its time for none, which no column has. */
const words = new Set([...placeholders.map((word) => word.toLowerCase()), '0.0.0.0']);
const firstInstant = Date.UTC(1900, 0);

/** A shorter text is looked for as a whole value alone: it would be found in many longer ones by chance. */
const shortestPart = 8;

function isKept(value: unknown, { values, instants, whole }: Kept): boolean {
  const text = String(value).trim().toLowerCase();
  if (words.has(text) || values.has(text)) return true;
  const inner = parsed(text);
  if (inner !== undefined) return leavesOf(inner).every((leaf) => isKept(leaf, { values, instants, whole }));
  const instant = instantOf(text);
  if (instant < firstInstant || instants.has(instant)) return true;
  return text.length >= shortestPart && whole.includes(text);
}

function keptTexts(columns: Readonly<Record<string, unknown>>): Kept {
  const texts = Object.values(columns)
    .flatMap(leavesOf)
    .flatMap(withInner)
    .map((text) => text.trim().toLowerCase());
  const instants = texts.map(instantOf).filter((instant) => !Number.isNaN(instant));
  return { values: new Set(texts), instants: new Set(instants), whole: texts.join('\n') };
}

/** JSON in a text can hold JSON in a text. */
const withInner = (text: string): string[] => [text, ...leavesOf(parsed(text)).flatMap(withInner)];

/** Names are kept too: a map has the names of its pairs. */
function leavesOf(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  if (typeof value === 'object') return Object.entries(value).flatMap(([name, field]) => [name, ...leavesOf(field)]);
  return [typeof value === 'string' ? value : JSON.stringify(value)];
}

function parsed(text: string): unknown {
  if (!/^\s*["[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Microsoft's times without zone are UTC; columns hold milliseconds. */
function instantOf(text: string): number {
  if (!/^\d{4}-\d\d-\d\d[t ]\d\d:\d\d/.test(text)) return Number.NaN;
  const iso = text
    .replace(' ', 't')
    .replace(/\+00$/, 'z')
    .replace(/(\.\d{3})\d+/, '$1');
  return Date.parse(/(z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}z`);
}
