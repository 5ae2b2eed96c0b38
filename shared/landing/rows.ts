/** What decides whether a record becomes a row. */

import type { LandingRequest } from '../ports/landing.ts';
import { recordRow } from './engine/engine.ts';
import type { LandingContext } from './engine/context.ts';
import { valueReader } from './engine/value-reader.ts';
import { recordKey } from './record-key.ts';

/**
 * Of a window, rows are wanted that lie inside it, and each record key once; of anything, rows that are in no earlier file. A record whose
 * time cannot be read is wanted: Microsoft says that it is inside, and its filters include both ends.
 *
 * @param known Keys of earlier files.
 * @returns A function of the record that the engine read last, which makes its key as well.
 */
export function rowTest(request: LandingRequest, known: ReadonlySet<string>, context: LandingContext): () => boolean {
  const makeKey = recordKey(request.logType, context);
  if (!request.window && known.size === 0) {
    return () => {
      makeKey();
      return true;
    };
  }
  const { engine } = context;
  const isInside = windowTest(request, context);
  const seen = new Set<string>();
  return () => {
    const address = makeKey();
    const key = engine.bytes.toString('latin1', address, address + keyLength);
    if (!isInside() || known.has(key) || seen.has(key)) return false;
    if (request.window) seen.add(key);
    return true;
  };
}

const keyLength = 32;

function windowTest({ logType, window }: LandingRequest, context: LandingContext): () => boolean {
  const { source, columns } = logType;
  const column = source.kind === 'windows' ? columns[source.timeColumn] : undefined;
  if (!window || !column) return () => true;
  const time = valueReader(column.from, context);
  const [start, end] = [window.start * 1_000, window.end * 1_000];
  return () => {
    const at = time(recordRow);
    return at === null || (Number(at) >= start && Number(at) < end);
  };
}
