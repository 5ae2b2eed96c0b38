import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { cloudById } from '../shared/clouds.ts';
import type { JobRef } from '../shared/domain/fetch-job.ts';
import { streamKey } from '../shared/domain/stream.ts';
import { windowPath } from '../shared/domain/job-path.ts';
import type { Instant } from '../shared/domain/window.ts';
import type { Jobs, QueuedJob } from '../shared/ports/jobs.ts';
import { answer } from './answer.ts';
import { inTransaction, openDatabase } from './database.ts';

/**
 * Content jobs come in any order, spread fairly over the tenants. Window jobs come in order within their group, and the next of a
 * group only when the one before it is acked: that is how the requests of one tenant are paced.
 */
export type JobKind = 'content' | 'window';

/** A queue with its receiving half. Delivery is at least once: what is not acked in time comes again. */
export interface JobQueue extends Jobs {
  /** At most `limit` jobs that are visible now; they are hidden from other receivers for `visibilityMs`. */
  receive(kind: JobKind, limit: number, visibilityMs: number, now: Instant): Promise<readonly Delivery[]>;
  /** Takes the job out of the queue. An old receipt, of a job that was delivered again since, does nothing. */
  ack(receipt: string): Promise<void>;
  /** Makes the job visible at once. An old receipt does nothing. */
  release(receipt: string): Promise<void>;
}

/** A job that a receiver has until it acks, releases, or its time is over. */
export interface Delivery {
  readonly queued: QueuedJob;
  readonly receipt: string;
  /** 1 the first time. For logs only: no count of deliveries ever decides a job's fate. */
  readonly deliveries: number;
}

/** What the jobs of one tenant are paced together by: see `throttle` of a log type's source. */
export type ThrottleOf = (logType: string) => string;

/** Which receivers take the job: it follows from the API that its stream's cloud belongs to. */
export function jobKindOf(ref: JobRef): JobKind {
  return cloudById(ref.stream.cloud).api === 'graph' ? 'window' : 'content';
}

/** Jobs of one group: content by tenant, to be fair; windows by tenant and throttle, to come one at a time. Backfill is apart, and comes last. */
export function jobGroupOf({ ref, dueAt, path = 'live' }: QueuedJob, throttleOf: ThrottleOf): string {
  const { cloud, tenantId, logType } = ref.stream;
  const isContent = jobKindOf(ref) === 'content';
  const isBackfill = (isContent ? path : windowPath(ref.key, dueAt)) === 'backfill';
  return [cloud, tenantId, ...(isContent ? [] : [throttleOf(logType)]), ...(isBackfill ? [backfill] : [])].join('#');
}

const backfill = 'backfill';
const isBackfillGroup = (group: string): boolean => group.endsWith(`#${backfill}`);

/** Everything that is live, then the rest. */
export function liveFirst<T extends { readonly group: string }>(groups: readonly T[]): readonly [T[], T[]] {
  return [groups.filter(({ group }) => !isBackfillGroup(group)), groups.filter(({ group }) => isBackfillGroup(group))];
}

/** Takes from the groups in turns, the first of each, then the second of each, until there are enough. */
export function inTurns<T>(groups: readonly (readonly T[])[], limit: number): T[] {
  const longest = Math.max(0, ...groups.map((group) => group.length));
  const taken: T[] = [];
  for (let turn = 0; turn < longest && taken.length < limit; turn += 1) {
    for (const group of groups) taken.push(...group.slice(turn, turn + 1));
  }
  return taken.slice(0, limit);
}

/** Whose turn it is: the group with the fewest jobs in flight; of equal ones, the one that was served longest ago. */
export class Turns {
  private readonly servedAt = new Map<string, number>();
  private count = 0;

  serve(group: string): void {
    this.count += 1;
    this.servedAt.set(group, this.count);
  }

  sort<T extends { readonly group: string; readonly inFlight: number }>(groups: readonly T[]): T[] {
    const servedAt = ({ group }: T): number => this.servedAt.get(group) ?? 0;
    return [...groups].sort((a, b) => a.inFlight - b.inFlight || servedAt(a) - servedAt(b));
  }
}

/** How the queue is opened. */
export interface QueueOptions {
  readonly throttleOf: ThrottleOf;
  /** The process that had the folder before is dead: what it had in flight is visible again. */
  readonly redeliver?: boolean;
  readonly readOnly?: boolean;
}

/** The queue on one machine: a SQLite file. What a power cut takes from it, the sweep sends again. */
export function openJobs(file: string, options: QueueOptions): LocalJobs {
  const { throttleOf, readOnly = false, redeliver = false } = options;
  const queue = new LocalJobs(openDatabase(file, queueSchema, { readOnly, synchronous: 'NORMAL' }), throttleOf);
  if (redeliver) queue.redeliver();
  return queue;
}

/** The queue over one open database; see {@link openJobs}. */
export class LocalJobs implements JobQueue {
  private readonly db: DatabaseSync;
  private readonly sql: ReturnType<typeof prepareStatements>;
  private readonly throttleOf: ThrottleOf;
  private readonly turns = new Turns();

  constructor(db: DatabaseSync, throttleOf: ThrottleOf) {
    this.db = db;
    this.sql = prepareStatements(db);
    this.throttleOf = throttleOf;
  }

  close(): void {
    this.db.close();
  }

  /** A job that is queued already with the same dueAt is not queued twice. */
  send(jobs: readonly QueuedJob[]): Promise<void> {
    return answer(() => {
      inTransaction(this.db, () => {
        for (const queued of jobs) this.sql.send.run(this.rowOf(queued));
      });
    });
  }

  receive(kind: JobKind, limit: number, visibilityMs: number, now: Instant): Promise<readonly Delivery[]> {
    return answer(() => {
      // Idle workers ask many times a second: they take no lock, and write nothing.
      if (!this.sql.isAnyVisible.get({ kind, now })) return [];
      return inTransaction(this.db, () => {
        const rows = kind === 'content' ? this.nextContent(limit, now) : this.sql.nextWindows.all({ now, limit });
        return rows.map((row) => this.deliver(row, now + visibilityMs));
      });
    });
  }

  ack(receipt: string): Promise<void> {
    return answer(() => void this.sql.ack.run(...partsOf(receipt)));
  }

  release(receipt: string): Promise<void> {
    return answer(() => void this.sql.release.run(...partsOf(receipt)));
  }

  /** How many messages there are, and how many of them a worker has. */
  size(now: Instant): Promise<{ readonly queued: number; readonly inFlight: number }> {
    return answer(() => {
      const row = this.sql.size.get({ now }) as { queued: number; in_flight: number };
      return { queued: row.queued, inFlight: row.in_flight };
    });
  }

  redeliver(): void {
    this.sql.redeliver.run();
  }

  private rowOf(queued: QueuedJob) {
    const { ref, dueAt } = queued;
    const { stream, tenantName, key } = ref;
    const group = jobGroupOf(queued, this.throttleOf);
    return { kind: jobKindOf(ref), group, stream: streamKey(stream), key, dueAt, ref: JSON.stringify({ stream, tenantName, key }) };
  }

  private nextContent(limit: number, now: Instant): Row[] {
    const groups = this.sql.contentGroups.all({ now }).map((row) => ({ group: row.group_id as string, inFlight: row.in_flight as number }));
    const next = (some: typeof groups): Row[] =>
      inTurns(
        this.turns.sort(some).map(({ group }) => this.sql.nextContent.all({ group, now, limit })),
        limit,
      );
    const [live, late] = liveFirst(groups);
    const first = next(live);
    return first.length < limit ? [...first, ...next(late)].slice(0, limit) : first;
  }

  private deliver(row: Row, visibleAt: Instant): Delivery {
    const { id, group_id: group, deliveries } = row as { id: number; group_id: string; deliveries: number };
    this.turns.serve(group);
    this.sql.hide.run({ id, visibleAt });
    return {
      queued: { ref: JSON.parse(row.ref as string) as JobRef, dueAt: row.due_at as number },
      receipt: `${String(id)}/${String(deliveries + 1)}`,
      deliveries: deliveries + 1,
    };
  }
}

type Row = Record<string, SQLOutputValue>;

function partsOf(receipt: string): [number, number] {
  const [id, delivery] = receipt.split('/');
  return [Number(id), Number(delivery)];
}

/** The queue's table. */
export const queueSchema = `
CREATE TABLE IF NOT EXISTS messages (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  kind       TEXT    NOT NULL CHECK (kind IN ('content', 'window')),
  group_id   TEXT    NOT NULL,
  stream     TEXT    NOT NULL,
  key        TEXT    NOT NULL,
  due_at     INTEGER NOT NULL,
  ref        TEXT    NOT NULL,                   -- JSON, see JobRef
  visible_at INTEGER NOT NULL DEFAULT 0,
  deliveries INTEGER NOT NULL DEFAULT 0,
  UNIQUE (stream, key, due_at)
) STRICT;
-- Both begin alike, so that a queue of any length is looked at by a few steps a group.
CREATE INDEX IF NOT EXISTS messages_in_order ON messages (kind, group_id, id);
CREATE INDEX IF NOT EXISTS messages_by_visibility ON messages (kind, group_id, visible_at, id);
`;

/** The groups of a kind, each found by one step from the one before it. */
const groupsOf = (kind: JobKind): string => `
  WITH RECURSIVE groups (group_id) AS (
    SELECT min(group_id) FROM messages WHERE kind = '${kind}'
    UNION ALL
    SELECT (SELECT min(group_id) FROM messages WHERE kind = '${kind}' AND group_id > groups.group_id)
    FROM groups WHERE group_id IS NOT NULL
  )`;

function prepareStatements(db: DatabaseSync) {
  return {
    send: db.prepare(`
      INSERT INTO messages (kind, group_id, stream, key, due_at, ref) VALUES (:kind, :group, :stream, :key, :dueAt, :ref)
      ON CONFLICT DO NOTHING`),
    isAnyVisible: db.prepare('SELECT 1 FROM messages WHERE kind = :kind AND visible_at <= :now LIMIT 1'),
    contentGroups: db.prepare(`${groupsOf('content')}
      SELECT group_id, (SELECT count(*) FROM messages
                        WHERE kind = 'content' AND group_id = groups.group_id AND visible_at > :now) AS in_flight
      FROM groups WHERE group_id IS NOT NULL`),
    nextContent: db.prepare(`
      SELECT * FROM messages WHERE kind = 'content' AND group_id = :group AND visible_at <= :now ORDER BY visible_at, id LIMIT :limit`),
    nextWindows: db.prepare(`${groupsOf('window')}
      SELECT messages.* FROM groups
      JOIN messages ON id = (SELECT min(id) FROM messages WHERE kind = 'window' AND group_id = groups.group_id)
      WHERE visible_at <= :now ORDER BY messages.group_id LIKE '%#${backfill}', id LIMIT :limit`),
    hide: db.prepare('UPDATE messages SET visible_at = :visibleAt, deliveries = deliveries + 1 WHERE id = :id'),
    ack: db.prepare('DELETE FROM messages WHERE id = ? AND deliveries = ?'),
    release: db.prepare('UPDATE messages SET visible_at = 0 WHERE id = ? AND deliveries = ?'),
    size: db.prepare('SELECT count(*) AS queued, count(*) FILTER (WHERE visible_at > :now) AS in_flight FROM messages'),
    redeliver: db.prepare('UPDATE messages SET visible_at = 0'),
  };
}
