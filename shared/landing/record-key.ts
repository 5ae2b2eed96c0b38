/** What makes two records the same. */

import type { Column } from '../domain/columns.ts';
import type { LogType } from '../log-types/log-type.ts';
import { toText } from './engine/cells.ts';
import { recordRow, type Engine } from './engine/engine.ts';
import type { LandingContext } from './engine/context.ts';
import { placesRead } from './engine/places.ts';
import { sourcesAt, sourcesOf } from './engine/sources.ts';
import { valueReader } from './engine/value-reader.ts';

/** Makes the key of the record that was read last: the md5 of its identity, in 32 hex digits. @returns Their address. */
export type MakeKey = () => number;

/**
 * Over columns, where the log type names them. Else over what stands at every place that a column reads, lists and objects whole: their
 * members in the order of their names, for Microsoft changes that order, and without null, "", [] and {}.
 */
export function recordKey({ columns, identity }: LogType, context: LandingContext): MakeKey {
  const parts = identity === 'every typed column' ? takeEverything(columns, context) : identity.map((name) => part(columns[name], context));
  const setters = parts.filter((set) => set !== undefined);
  const { calls } = context.engine;
  return () => {
    for (const set of setters) set();
    return calls.makeKey(recordRow);
  };
}

function takeEverything(columns: LogType['columns'], { engine, plan }: LandingContext): never[] {
  const places = placesRead(Object.values(columns).map(({ from }) => from));
  for (const place of places) engine.calls.newPart(sourcesAt([place], plan));
  return [];
}

/** A text that stands in the record is taken by the engine; what is worked out is set for each record. */
function part(column: Column | undefined, context: LandingContext): (() => void) | undefined {
  if (column === undefined) return undefined;
  const { engine, plan } = context;
  const sources = column.type === 'text' ? sourcesOf(column.from, plan) : undefined;
  const address = engine.calls.newPart(sources ?? 0);
  if (sources !== undefined) return undefined;
  const [read, set] = [valueReader(column.from, context), partSetter(address, engine)];
  return () => {
    set(toText(read(recordRow)));
  };
}

/** Sets a part's text; most often it is the one before. */
function partSetter(part: number, engine: Engine): (text: string | null) => void {
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
