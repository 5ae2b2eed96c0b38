/** DuckDB's values as JSON knows them. */

import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  DuckDBUnionValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { valueText, type AnswerColumn, type Value } from '../../shared/ports/asking.ts';

/**
 * Whole numbers are numbers while JavaScript holds them exactly, else text; instants are ISO 8601 in UTC, with six digits only where
 * there is more than milliseconds; lists, structs and maps are lists and objects; bytes are base64. What JSON has no form for is text.
 */
export function plainValue(value: DuckDBValue): Value {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  const micros = microsOf(value);
  if (micros !== undefined) return isoMicros(micros) ?? String(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(plainValue);
  if (value instanceof DuckDBStructValue) return plainObject(Object.entries(value.entries));
  if (value instanceof DuckDBMapValue) return plainObject(value.entries.map((entry) => [keyText(entry.key), entry.value]));
  if (value instanceof DuckDBUnionValue) return plainValue(value.value);
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  return String(value);
}

/** What a column of this type holds. */
export function kindOfType(type: DuckDBTypeId): AnswerColumn['kind'] {
  if (numericTypes.has(type)) return 'number';
  if (timeTypes.has(type)) return 'time';
  if (type === DuckDBTypeId.BOOLEAN) return 'boolean';
  return type === DuckDBTypeId.VARCHAR ? 'text' : 'other';
}

function plainObject(entries: readonly (readonly [string, DuckDBValue])[]): Value {
  return Object.fromEntries(entries.map(([name, value]) => [name, plainValue(value)]));
}

function keyText(key: DuckDBValue): string {
  const plain = plainValue(key);
  return plain === null ? '' : valueText(plain);
}

function microsOf(value: DuckDBValue): bigint | undefined {
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue) return value.micros;
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis * 1_000n;
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds * 1_000_000n;
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos / 1_000n;
  return undefined;
}

/** Undefined for infinity, and for years beyond those of a Date. */
function isoMicros(micros: bigint): string | undefined {
  const below = ((micros % 1_000n) + 1_000n) % 1_000n;
  const date = new Date(Number((micros - below) / 1_000n));
  if (Number.isNaN(date.getTime())) return undefined;
  const text = date.toISOString();
  return below === 0n ? text : text.replace('Z', `${String(below).padStart(3, '0')}Z`);
}

const numericTypes: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.DECIMAL,
]);

const timeTypes: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.TIMESTAMP,
  DuckDBTypeId.TIMESTAMP_TZ,
  DuckDBTypeId.TIMESTAMP_MS,
  DuckDBTypeId.TIMESTAMP_S,
  DuckDBTypeId.TIMESTAMP_NS,
]);
