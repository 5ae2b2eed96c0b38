import {
  IdempotentParameterMismatchException,
  TransactionCanceledException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { backOff, maxAttempts } from './backoff.ts';
import type { Table } from './table.ts';

type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One write of a transaction, and what its condition means. */
export interface Action {
  readonly write: Write;
  /** `must`: where it does not hold, nothing is written. `if absent`: where it is there already, it stays, and all else is written. */
  readonly when: 'must' | 'if absent';
}

/** DynamoDB takes no more in one transaction. */
export const maxActions = 100;

/**
 * Writes all of the actions, or nothing.
 *
 * A conflict with another transaction, or throttling, is no answer: it is tried again. The client's own retries carry the same
 * token, so that a lost answer is answered again and not refused.
 *
 * @param token At most 36 characters, the same for the same actions only; the client makes one up when absent.
 * @returns `cancelled` when the condition of a `must` does not hold.
 */
export async function transact(table: Table, actions: readonly Action[], token?: string): Promise<'written' | 'cancelled'> {
  if (actions.length > maxActions)
    throw new Error(`a transaction of ${String(actions.length)} actions; DynamoDB takes ${String(maxActions)}`);
  let left = actions;
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await attemptAll(table, left, left === actions ? token : undefined);
    if (!('left' in outcome)) return outcome.kind;
    left = outcome.left;
    if (attempt === maxAttempts) throw outcome.because;
    if (outcome.kind === 'busy') await backOff(table.clock, attempt, JSON.stringify(left[0]?.write));
  }
}

type Outcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'cancelled' }
  /** Try these at once, or after a while. */
  | { readonly kind: 'reduced' | 'busy'; readonly left: readonly Action[]; readonly because: unknown };

async function attemptAll(table: Table, actions: readonly Action[], token: string | undefined): Promise<Outcome> {
  try {
    await table.documents.send(
      new TransactWriteCommand({
        TransactItems: actions.map(({ write }) => write),
        ...(token !== undefined && { ClientRequestToken: token }),
      }),
    );
    return { kind: 'written' };
  } catch (error) {
    if (error instanceof TransactionInProgressException) return { kind: 'busy', left: actions, because: error };
    if (error instanceof IdempotentParameterMismatchException) return { kind: 'cancelled' };
    if (error instanceof TransactionCanceledException) return afterCancel(actions, error);
    throw error;
  }
}

const failedCondition = 'ConditionalCheckFailed';
const busy = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

function afterCancel(actions: readonly Action[], error: TransactionCanceledException): Outcome {
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None');
  if (actions.some(({ when }, index) => when === 'must' && codes[index] === failedCondition)) return { kind: 'cancelled' };
  const left = actions.filter((_, index) => codes[index] !== failedCondition);
  if (left.length < actions.length) return { kind: 'reduced', left, because: error };
  if (codes.some((code) => busy.includes(code))) return { kind: 'busy', left: actions, because: error };
  throw error;
}
