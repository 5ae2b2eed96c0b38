/** What makes two records the same. */

import type { Column } from '../domain/columns.ts';
import type { LogType } from '../log-types/log-type.ts';
import type { Value } from '../records/cells.ts';
import { recordRow, type Engine } from '../records/engine.ts';
import type { Ground } from '../records/ground.ts';
import { sourcesOf } from '../records/sources.ts';
import { valueReader } from '../records/value-reader.ts';

/** Makes the key of the record that was read last: the md5 of its identity, in 32 hex digits. @returns Their address. */
export type MakeKey = () => number;

/** Over the identity as text; never over the JSON, whose key order Microsoft changes. */
export function recordKey({ columns, identity }: LogType, ground: Ground): MakeKey {
  const names = identity === 'every typed column' ? Object.keys(columns).filter((name) => !saidByTheJob.has(name)) : identity;
  const parts = names.flatMap((name) => (columns[name] ? [part(columns[name], ground)] : []));
  const said = parts.filter((say) => say !== undefined);
  const { calls } = ground.engine;
  return () => {
    for (const say of said) say();
    return calls.makeKey(recordRow);
  };
}

const saidByTheJob = new Set(['tenant_id', 'tenant_name', 'cloud', 'log_type', 'vendor', 'product', 'content_id', 'landed_at']);

/** A text that stands in the record is taken by the engine; what is worked out is said to it for each record. */
function part({ type, from }: Column, ground: Ground): (() => void) | undefined {
  const { engine, plan } = ground;
  const sources = type === 'text' ? sourcesOf(from, plan) : undefined;
  const address = engine.calls.newPart(sources ?? 0);
  if (sources !== undefined) return undefined;
  const [read, say] = [valueReader(from, ground), saying(address, engine)];
  const isJson = type === 'json' || (typeof type === 'object' && Object.values(type.listOf).includes('json'));
  return () => {
    const value = read(recordRow);
    say(value === null ? null : isJson ? unordered(textOf(value)) : textOf(value));
  };
}

/** Says a part's text; most often it is the one before. */
function saying(part: number, engine: Engine): (text: string | null) => void {
  let [last, address, room]: [string | null, number, number] = [null, 0, 0];
  return (text) => {
    if (text === last) return;
    last = text;
    if (text !== null && text.length * 3 > room) {
      room = text.length * 6;
      address = engine.calls.allocate(room);
    }
    engine.calls.setPart(part, address, text === null ? -1 : engine.bytes.write(text, address));
  };
}

function textOf(value: Value): string {
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_, of: unknown) => (typeof of === 'bigint' ? String(of) : of));
}

/** The same for two JSON texts that differ only in the order of their keys. */
const unordered = (json: string): string =>
  json
    .split(/[,{}[\]]/)
    .sort()
    .join();
