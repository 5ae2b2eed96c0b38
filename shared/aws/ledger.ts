import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { jobRef, reopened, type ContentJob, type JobRecord, type JobRef, type Member, type WindowJob } from '../domain/fetch-job.ts';
import { longestWindowMs } from '../domain/passes.ts';
import { packSealed, type SealedObject } from '../domain/sealed-object.ts';
import { streamKey, type Stream } from '../domain/stream.ts';
import { gridFloor, hours, iso, overlaps, type Instant, type Window } from '../domain/window.ts';
import { packMembers } from './members.ts';
import type { Clock } from '../ports/clock.ts';
import type { Cursor, CursorBody, Finish, Gap, Ledger, Loss, Park, TokenFailure } from '../ports/ledger.ts';
import type { LedgerOperator, RestoredJob } from '../ports/ledger-operator.ts';
import {
  claimItem,
  claimKeyOf,
  cursorKey,
  expiryOf,
  finalJobItems,
  gapFromItem,
  jobFromItem,
  jobItemKey,
  jobItems,
  landedSortKey,
  lossFromItem,
  membersItemKey,
  noteItem,
  reopenedItem,
  streamFromKey,
  tenantKey,
  type CursorItem,
  type Item,
  type TenantItem,
} from './ledger-items.ts';
import { dueShards, ledgerTable } from './ledger-table.ts';
import { holds, LedgerWrites } from './ledger-writes.ts';
import { queryItems, queryPrefix, readItems, type Table } from './table.ts';
import { maxActions, transact } from './transact.ts';
import { writeExpression, type Condition } from './write-expression.ts';

/**
 * The ledger in one DynamoDB table.
 *
 * A write that the client repeats because its answer was lost finds its own condition broken. Where what is there is exactly what
 * it would have written, that is the answer; transactions carry a token for it.
 */
export function openLedger(client: DynamoDBClient, tableName: string, clock: Clock): Ledger & LedgerOperator {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return new DynamoLedger({ documents, name: tableName, clock });
}

const pending: Condition = { equal: { state: 'pending' } };
const membersSuffix = '#members';
/** Of a transaction of claims and losses. */
const actionsAtOnce = 90;
const neverAgainDue = ['dueAt', 'dueShard'];

class DynamoLedger implements Ledger, LedgerOperator {
  private readonly table: Table;
  private readonly write: LedgerWrites;

  constructor(table: Table) {
    this.table = table;
    this.write = new LedgerWrites(table);
  }

  async readCursor(stream: Stream): Promise<Cursor | undefined> {
    const get = new GetCommand({ TableName: this.table.name, Key: cursorKey(stream), ConsistentRead: true });
    const { version, body, meanBlobBytes } = ((await this.table.documents.send(get)).Item ?? {}) as CursorItem;
    if (version === undefined || !body) return undefined;
    return { ...body, version, ...(meanBlobBytes !== undefined && { meanBlobBytes }) };
  }

  async commitCursor(
    stream: Stream,
    version: number,
    to: CursorBody,
    alongside: { readonly jobs: readonly WindowJob[]; readonly dueAt: Instant; readonly gaps: readonly Gap[] },
  ): Promise<'committed' | 'overtaken'> {
    const change = { set: { version: version + 1, body: to } };
    const condition: Condition = version === 0 ? { absent: ['version'] } : { equal: { version } };
    const { jobs, gaps, dueAt } = alongside;
    if (jobs.length + gaps.length === 0) {
      const isCommitted = await this.write.update(cursorKey(stream), change, condition, (item) => holds(item, change.set));
      return isCommitted ? 'committed' : 'overtaken';
    }
    const made = jobs.flatMap((job) => this.write.putJob({ job, dueAt }, 'if absent'));
    const actions = [this.write.mustUpdate(cursorKey(stream), change, condition), ...made, ...gaps.map((gap) => this.write.addGap(gap))];
    return (await transact(this.table, actions)) === 'written' ? 'committed' : 'overtaken';
  }

  async noteBlobBytes(stream: Stream, meanBlobBytes: number): Promise<void> {
    await this.write.update(cursorKey(stream), { set: { meanBlobBytes } });
  }

  async tenantId(tenantName: string): Promise<string | undefined> {
    const get = new GetCommand({ TableName: this.table.name, Key: tenantKey(tenantName) });
    return ((await this.table.documents.send(get)).Item as TenantItem | undefined)?.tenantId;
  }

  async noteTenantId(tenantName: string, tenantId: string): Promise<void> {
    await this.write.update(tenantKey(tenantName), { set: { tenantId }, remove: ['tokenFailure'] });
  }

  async tokenFailure(tenantName: string): Promise<TokenFailure | undefined> {
    const get = new GetCommand({ TableName: this.table.name, Key: tenantKey(tenantName) });
    return ((await this.table.documents.send(get)).Item as TenantItem | undefined)?.tokenFailure;
  }

  async noteTokenFailure(tenantName: string, tokenFailure: TokenFailure): Promise<void> {
    await this.write.update(tenantKey(tenantName), { set: { tokenFailure } }, { absent: ['tenantId'] });
  }

  async claims(
    stream: Stream,
    contentIds: readonly string[],
    { consistent }: { readonly consistent: boolean },
  ): Promise<ReadonlyMap<string, string>> {
    const idsByKey = new Map(contentIds.map((contentId) => [claimKeyOf(stream, contentId).sk, contentId]));
    const keys = [...idsByKey.keys()].map((sk) => ({ pk: streamKey(stream), sk }));
    const items = await readItems(this.table, keys, { consistent, attributes: ['job'] });
    return new Map(items.map((item) => [String(idsByKey.get(item.sk)), item.job as string]));
  }

  async createJob(job: ContentJob, dueAt: Instant): Promise<'created' | 'cancelled'> {
    // The due time stands in for the time of the claim: they differ by a quarter of an hour, of 35 days.
    const claims = job.members.map(({ contentId }) => this.write.putIfAbsent(claimItem(job.stream, contentId, job.jobId, dueAt), 'must'));
    const actions = [...this.write.putJob({ job, dueAt }, 'must'), ...claims];
    return (await transact(this.table, actions, tokenOf(this.table, job, dueAt))) === 'written' ? 'created' : 'cancelled';
  }

  async readJob(ref: JobRef): Promise<JobRecord | undefined> {
    const { pk, sk } = jobItemKey(ref);
    const [item, members] = await queryPrefix(this.table, pk, sk);
    return item && jobFromItem(item, members);
  }

  async startJob(ref: JobRef): Promise<number | undefined> {
    const expression = writeExpression({ add: { starts: 1 } }, pending);
    const update = new UpdateCommand({ TableName: this.table.name, Key: jobItemKey(ref), ...expression, ReturnValues: 'UPDATED_NEW' });
    try {
      return (await this.table.documents.send(update)).Attributes?.starts as number;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  parkJob(ref: JobRef, version: number, { dueAt, parks, malformed, because }: Park): Promise<boolean> {
    const parked = { dueAt, parks, starts: 0, version: version + 1, malformed, because };
    return this.write.update(jobItemKey(ref), { set: parked }, { equal: { state: 'pending', version } }, (item) =>
      holds(item, { ...parked, state: 'pending' }),
    );
  }

  async finishJob(ref: JobRef, finish: Finish): Promise<boolean> {
    const { finishedAt, fates, rows, bytes, losses, gaps, children, notices = [], notes = [] } = finish;
    const objects = finish.objects && packSealed(finish.objects);
    const final = { state: 'landed', finishedAt, fates, rows, bytes, objects, ttl: expiryOf(finishedAt) };
    const change = { set: final, remove: neverAgainDue };
    const along = [
      ...losses.map((loss) => this.write.addLoss(loss)),
      ...gaps.map((gap) => this.write.addGap(gap)),
      ...children.flatMap((child) => this.write.putJob(child, 'if absent')),
      ...notes.map((note) => this.write.putIfAbsent(noteItem(note), 'if absent')),
    ];
    const puts = notices.map((notice) => this.write.addNotice(notice));
    const room = maxActions - 1 - along.length;
    // What has no room goes first: its findings have landed, and who dies now puts them again.
    if (puts.length > room) await transact(this.table, puts.splice(room));
    along.push(...puts);
    const isFinished =
      along.length === 0
        ? await this.write.update(jobItemKey(ref), change, pending, (item) => holds(item, final))
        : (await transact(this.table, [this.write.mustUpdate(jobItemKey(ref), change, pending), ...along])) === 'written';
    if (isFinished && (fates?.length ?? 0) > 1) await this.forgetMembers(ref, finishedAt);
    if (isFinished && rows > 0) await this.countLanded(ref, finishedAt, rows);
    return isFinished;
  }

  async splitJob(
    ref: JobRef,
    halves: readonly WindowJob[],
    at: Instant,
    dueAt: Instant,
    objects?: readonly SealedObject[],
  ): Promise<boolean> {
    const final = { state: 'split', finishedAt: at, objects: objects && packSealed(objects), ttl: expiryOf(at) };
    const split = this.write.mustUpdate(jobItemKey(ref), { set: final, remove: neverAgainDue }, pending);
    const made = halves.flatMap((job) => this.write.putJob({ job, dueAt }, 'if absent'));
    return (await transact(this.table, [split, ...made])) === 'written';
  }

  async overlappingJobs(stream: Stream, window: Window, beforePass: number): Promise<readonly JobRecord[]> {
    const items = await queryItems(this.table, {
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':pk': streamKey(stream),
        ':from': `job#${iso(window.start - longestWindowMs)}`,
        ':to': `job#${iso(window.end)}`,
      },
      ConsistentRead: true,
    });
    return items.map((item) => jobFromItem(item)).filter(({ job }) => isEarlierPass(job, window, beforePass));
  }

  async dueJobs(before: Instant, limit: number, beyond = Infinity): Promise<readonly { readonly ref: JobRef; readonly dueAt: Instant }[]> {
    const shards = await Promise.all(dueShards.map((shard) => this.dueOfShard(shard, { before, beyond }, limit)));
    const keys = shards
      .flat()
      .sort(byDueAt)
      .slice(0, limit)
      .map(({ pk, sk }) => ({ pk, sk }));
    const items = await readItems(this.table, keys, { consistent: false, attributes: ['tenant', 'dueAt'] });
    // What is final by now, or was moved since the index was read, is due no more.
    const due = items.filter((item) => typeof item.dueAt === 'number' && (item.dueAt < before || item.dueAt > beyond)).sort(byDueAt);
    return due.map((item) => ({ ref: refOf(item), dueAt: item.dueAt as number }));
  }

  postponeJob(ref: JobRef, from: Instant, to: Instant): Promise<boolean> {
    // Two sweeps of the same moment write the same value, so the stored value does not show whose it is: a lost answer costs one resend interval.
    return this.write.update(jobItemKey(ref), { set: { dueAt: to } }, { equal: { state: 'pending', dueAt: from } });
  }

  async losses(stream: Stream): Promise<readonly Loss[]> {
    const losses = (await queryPrefix(this.table, streamKey(stream), 'loss#')).map(lossFromItem);
    return losses.sort((a, b) => a.created - b.created || (a.contentId < b.contentId ? -1 : 1));
  }

  async gaps(stream: Stream): Promise<readonly Gap[]> {
    return (await queryPrefix(this.table, streamKey(stream), 'gap#')).map(gapFromItem);
  }

  async jobs(stream: Stream): Promise<readonly JobRecord[]> {
    const items = await queryPrefix(this.table, streamKey(stream), 'job#');
    const members = new Map(
      items.filter(({ sk }) => sk.endsWith(membersSuffix)).map((item) => [item.sk.slice(0, -membersSuffix.length), item]),
    );
    return items.filter(({ sk }) => !sk.endsWith(membersSuffix)).map((item) => jobFromItem(item, members.get(item.sk)));
  }

  async restoreJob(
    record: JobRecord,
    { claims, losses }: { readonly claims: readonly string[]; readonly losses: readonly Loss[] },
  ): Promise<RestoredJob> {
    const { job, state } = record;
    const claimedAt = state.finishedAt ?? state.dueAt ?? 0;
    const first = [
      ...claims.map((contentId) => this.write.putIfAbsent(claimItem(job.stream, contentId, job.jobId, claimedAt), 'if absent')),
      ...losses.map((loss) => this.write.addLoss(loss)),
    ];
    for (let from = 0; from < first.length; from += actionsAtOnce) await transact(this.table, first.slice(from, from + actionsAtOnce));
    const items =
      state.state === 'pending' ? jobItems({ job, dueAt: state.dueAt ?? 0, malformed: state.malformed }) : finalJobItems(record);
    const written = await transact(
      this.table,
      items.map((item) => this.write.putIfAbsent(item, 'must')),
    );
    return written === 'written' ? 'restored' : 'there';
  }

  async reopenJob(ref: JobRef, finishedAt: Instant, members: readonly Member[], dueAt: Instant): Promise<boolean> {
    const record = await this.readJob(ref);
    if (record?.state.finishedAt !== finishedAt) return false;
    const job = reopened(record.job, members);
    const again = this.write.mustUpdate(
      jobItemKey(ref),
      { ...reopenedItem(ref, job, dueAt), add: { version: 1 } },
      { equal: { finishedAt } },
    );
    const beside =
      job.kind === 'content' && members.length > 1
        ? [this.write.mustUpdate(membersItemKey(jobRef(job)), { set: { members: packMembers(job.stream, members) }, remove: ['ttl'] })]
        : [];
    return (await transact(this.table, [again, ...beside])) === 'written';
  }

  async takeBackLosses(job: ContentJob, losses: readonly Loss[], dueAt: Instant): Promise<'created' | 'cancelled'> {
    const actions = [...this.write.putJob({ job, dueAt }, 'must'), ...losses.map((loss) => this.write.deleteLoss(loss))];
    return (await transact(this.table, actions, tokenOf(this.table, job, dueAt))) === 'written' ? 'created' : 'cancelled';
  }

  /** Two reads where there is a `beyond`: a key condition has one range. */
  private async dueOfShard(shard: string, { before, beyond }: { before: Instant; beyond: Instant }, limit: number): Promise<Item[]> {
    const { name, partitionKey, sortKey } = ledgerTable.dueIndex;
    const range = (condition: string, bound: Instant): Promise<Item[]> => {
      const KeyConditionExpression = `${partitionKey} = :shard AND ${sortKey} ${condition} :bound`;
      return queryItems(
        this.table,
        { IndexName: name, KeyConditionExpression, ExpressionAttributeValues: { ':shard': shard, ':bound': bound } },
        limit,
      );
    };
    const due = await range('<', before);
    return beyond === Infinity ? due : [...due, ...(await range('>', beyond))];
  }

  /**
   * The members of a final job may go. They are no part of the final write, which would cost ten times as much; what fails here
   * leaves an item that stays for ever and does no harm, so it is no failure of the job.
   */
  private async forgetMembers(ref: JobRef, finishedAt: Instant): Promise<void> {
    await this.write.update(membersItemKey(ref), { set: { ttl: expiryOf(finishedAt) } }).catch(() => false);
  }

  /**
   * The rows of an hour, for those who look; a job that dies before this is missing in it, and nowhere else. No part of the final
   * write: jobs of a stream would stand in line for the hour's item.
   */
  private async countLanded(ref: JobRef, finishedAt: Instant, rows: number): Promise<void> {
    const hour = gridFloor(finishedAt, hours(1));
    const key = { pk: streamKey(ref.stream), sk: landedSortKey(hour) };
    try {
      const newest = (await this.newestOf(ref)) ?? finishedAt;
      const change = { add: { rows }, setOnce: { ttl: expiryOf(hour) } };
      const isNewest = await this.write.update(key, { ...change, set: { newest } }, { lessOrAbsent: { newest } });
      if (!isNewest) await this.write.update(key, change);
    } catch {
      // The job is final; who looks sees a few rows less.
    }
  }

  /** When Microsoft published the newest of what the job is for. */
  private async newestOf(ref: JobRef): Promise<Instant | undefined> {
    const [, , windowEnd] = ref.key.split('#');
    if (windowEnd !== undefined) return Date.parse(windowEnd);
    const get = new GetCommand({ TableName: this.table.name, Key: jobItemKey(ref), ProjectionExpression: 'newest' });
    return (await this.table.documents.send(get)).Item?.newest as Instant | undefined;
  }
}

/** The same job made at the same time is the same transaction; made again later it is another one, which is cancelled. */
function tokenOf({ name }: Table, job: ContentJob, dueAt: Instant): string {
  return createHash('sha256')
    .update(`${name} ${job.jobId} ${job.landingHour} ${String(dueAt)}`)
    .digest('hex')
    .slice(0, 32);
}

function isEarlierPass(job: JobRecord['job'], window: Window, beforePass: number): boolean {
  return job.kind === 'window' && job.pass < beforePass && overlaps(job.window, window);
}

function refOf(item: Item): JobRef {
  return { stream: streamFromKey(item.pk), tenantName: item.tenant as string, key: item.sk.slice('job#'.length) };
}

function byDueAt(a: Item, b: Item): number {
  const [left, right] = [`${a.pk} ${a.sk}`, `${b.pk} ${b.sk}`];
  return (a.dueAt as number) - (b.dueAt as number) || (left < right ? -1 : left > right ? 1 : 0);
}
