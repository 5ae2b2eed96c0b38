/** The writes that the ledger's transactions are made of. */

import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Gap, Loss, Notice } from '../ports/ledger.ts';
import { gapKey, jobItems, lossKey, noticeItem, type Item, type Key, type NewJob } from './ledger-items.ts';
import type { Table } from './table.ts';
import type { Action } from './transact.ts';
import { writeExpression, type Change, type Condition } from './write-expression.ts';

/** Single writes, which are sent, and writes of a transaction, which are returned for {@link Action} lists. */
export class LedgerWrites {
  private readonly table: Table;

  constructor(table: Table) {
    this.table = table;
  }

  /** False when the condition does not hold, unless what is there is our own write. */
  async update(key: Key, change: Change, condition?: Condition, isOurs: (item: Item) => boolean = () => false): Promise<boolean> {
    const expression = writeExpression(change, condition);
    const onFailure = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
    try {
      await this.table.documents.send(new UpdateCommand({ TableName: this.table.name, Key: key, ...expression, ...onFailure }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return error.Item !== undefined && isOurs(unmarshall(error.Item) as Item);
      throw error;
    }
  }

  mustUpdate(key: Key, change: Change, condition?: Condition): Action {
    return { when: 'must', write: { Update: { TableName: this.table.name, Key: key, ...writeExpression(change, condition) } } };
  }

  putJob(made: NewJob, when: Action['when']): Action[] {
    return jobItems(made).map((item) => this.putIfAbsent(item, when));
  }

  putIfAbsent(item: Item, when: Action['when']): Action {
    return { when, write: { Put: { TableName: this.table.name, Item: item, ConditionExpression: 'attribute_not_exists(pk)' } } };
  }

  addLoss(loss: Loss): Action {
    const { contentId, reason, jobId, created } = loss;
    return this.addOnce(lossKey(loss), { contentId, reason, jobId, created });
  }

  /** Only a loss that still is what the caller saw. */
  deleteLoss(loss: Loss): Action {
    const { jobId, reason } = loss;
    const { UpdateExpression: _none, ...condition } = writeExpression({}, { equal: { jobId, reason } });
    return { when: 'must', write: { Delete: { TableName: this.table.name, Key: lossKey(loss), ...condition } } };
  }

  addGap(gap: Gap): Action {
    const { from, to, reason, pass } = gap;
    return this.addOnce(gapKey(gap), { from, to, reason, ...(pass !== undefined && { pass }) });
  }

  /** The finding is in the outbox once, whether it is still to be sent or was: the item that is there stays as it is. */
  addNotice(notice: Notice): Action {
    return this.putIfAbsent(noticeItem(notice), 'if absent');
  }

  /** A loss or gap that is written again stays as it was. */
  private addOnce(key: Key, setOnce: Change['setOnce'] & object): Action {
    return this.mustUpdate(key, { setOnce });
  }
}

/** Whether an item holds these values. Times to live differ between two that write the same a second apart. */
export function holds(item: Item, values: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(values).every(([name, value]) => isDeepStrictEqual(item[name], value));
}
