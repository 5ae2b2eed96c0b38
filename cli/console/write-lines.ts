/** An answer as lines of JSON, at the speed of the reader. */

import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { Asking, Question } from '../../shared/ports/asking.ts';
import type { Streamed } from '../../console/api/common.ts';

/** Rows of one line: few enough that the first ones are shown at once. */
const rowsOfLine = 250;

/** Asks and writes. What goes wrong is the last line, for the status is sent already. */
export async function writeLines(
  response: ServerResponse,
  question: Question,
  { asking, limit, signal }: { readonly asking: Asking; readonly limit: number; readonly signal: AbortSignal },
): Promise<void> {
  const write = async (line: Streamed): Promise<void> => {
    if (!response.write(`${JSON.stringify(line)}\n`) && !signal.aborted)
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
  };
  try {
    await write({ kind: 'asked', sql: question.sql, values: { ...question.values } });
    const answer = await asking.ask(question, signal);
    await write({ kind: 'columns', columns: [...answer.columns] });
    let rows = 0;
    let hasMore = false;
    for await (const batch of answer.batches) {
      for (let from = 0; from < batch.length && rows < limit; from += rowsOfLine) {
        const some = batch.slice(from, from + Math.min(rowsOfLine, limit - rows));
        rows += some.length;
        await write({ kind: 'rows', rows: some.map((row) => [...row]) });
      }
      hasMore = rows >= limit;
      if (hasMore || signal.aborted) break;
    }
    await write({ kind: 'end', rows, hasMore, ...answer.cost() });
  } catch (error) {
    await write({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
  response.end();
}
