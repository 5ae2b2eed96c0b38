/** Questions to a lake folder: a few DuckDBs, each of which answers one question at a time. */

import { AskingCanceled, type Answer, type AnswerRow, type Asking, type Question } from '../../shared/ports/asking.ts';
import { systemClock } from '../clock.ts';
import { openLakeReader, type LakeReader } from '../lake-reader.ts';
import { duckDbAnswer } from './duckdb-answer.ts';

const interruptEveryMs = 50;

/** How much of the machine questions may use. */
export interface LakeAskingLimits {
  /** Questions that are worked on at once; others wait. */
  readonly atOnce: number;
  /** Of each, in MB, before it spills to files. */
  readonly memoryMb?: number;
}

/**
 * Opens the lake for questions; a collector may be at work, and what it lands is seen by the next question.
 *
 * @throws UsageError when there is no lake, or one of a newer version.
 */
export async function openLakeAsking(lake: string, limits: LakeAskingLimits = { atOnce: 1 }): Promise<Asking> {
  const open = (): Promise<LakeReader> => openLakeReader(lake, '', limits);
  const readers = new Readers(limits.atOnce, open, await open());
  return {
    engine: 'duckdb',
    ask: (question, signal) => ask(readers, question, signal),
    close: () => readers.close(),
  };
}

async function ask(readers: Readers, question: Question, signal: AbortSignal | undefined): Promise<Answer> {
  const reader = await readers.take(signal);
  let isDone = false;
  const interrupt = async (): Promise<void> => {
    // DuckDB forgets an interruption that comes before its query has begun.
    while (!isDone) {
      reader.interrupt();
      await systemClock.sleep(interruptEveryMs);
    }
  };
  const onAbort = (): void => void interrupt();
  signal?.addEventListener('abort', onAbort, { once: true });
  const done = async (isWhole: boolean): Promise<void> => {
    isDone = true;
    signal?.removeEventListener('abort', onAbort);
    await readers.giveBack(reader, isWhole);
  };
  try {
    if (calledOff(signal)) throw new AskingCanceled();
    const answer = duckDbAnswer(await reader.query(question));
    return { ...answer, batches: batchesUntil(answer.batches, signal, done) };
  } catch (error) {
    await done(true);
    throw calledOff(signal) ? new AskingCanceled() : error;
  }
}

/** The reader is free once the rows have ended, however they end. */
async function* batchesUntil(
  batches: AsyncIterable<readonly AnswerRow[]>,
  signal: AbortSignal | undefined,
  done: (isWhole: boolean) => Promise<void>,
): AsyncGenerator<readonly AnswerRow[]> {
  let isWhole = false;
  try {
    for await (const batch of batches) {
      if (calledOff(signal)) throw new AskingCanceled();
      yield batch;
    }
    // What DuckDB streams ends like the last row when it is interrupted.
    if (calledOff(signal)) throw new AskingCanceled();
    isWhole = true;
  } catch (error) {
    throw calledOff(signal) ? new AskingCanceled() : error;
  } finally {
    await done(isWhole);
  }
}

const calledOff = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

/** Readers that are opened when they are needed. */
class Readers {
  readonly #most: number;
  readonly #open: () => Promise<LakeReader>;
  readonly #free: LakeReader[];
  readonly #waiting = new Set<() => void>();
  readonly #taken = new Set<LakeReader>();
  #opening = 0;

  constructor(most: number, open: () => Promise<LakeReader>, first: LakeReader) {
    this.#most = most;
    this.#open = open;
    this.#free = [first];
  }

  /** @throws AskingCanceled when the question is called off while it waits. */
  async take(signal: AbortSignal | undefined): Promise<LakeReader> {
    for (;;) {
      if (calledOff(signal)) throw new AskingCanceled();
      const free = this.#free.pop();
      if (free) return this.#takes(free);
      if (this.#taken.size + this.#opening < this.#most) return this.#takes(await this.#another());
      await this.#turn(signal);
    }
  }

  /** @param isWhole Whether its last result was taken to the end; a reader with an open one is closed. */
  async giveBack(reader: LakeReader, isWhole: boolean): Promise<void> {
    if (!this.#taken.delete(reader)) return;
    if (isWhole) this.#free.push(reader);
    else await reader.close();
    const [next] = this.#waiting;
    next?.();
  }

  async close(): Promise<void> {
    const all = [...this.#free.splice(0), ...this.#taken];
    for (const reader of this.#taken) reader.interrupt();
    this.#taken.clear();
    await Promise.all(all.map((reader) => reader.close()));
  }

  #takes(reader: LakeReader): LakeReader {
    this.#taken.add(reader);
    return reader;
  }

  async #another(): Promise<LakeReader> {
    this.#opening += 1;
    try {
      return await this.#open();
    } finally {
      this.#opening -= 1;
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      // Whoever is called off waits no longer: the turn is another's.
      const turn = (): void => {
        this.#waiting.delete(turn);
        signal?.removeEventListener('abort', turn);
        resolve();
      };
      this.#waiting.add(turn);
      signal?.addEventListener('abort', turn, { once: true });
    });
  }
}
