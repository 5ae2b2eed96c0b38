import { answer } from '../../local/answer.ts';
import {
  Turns,
  inTurns,
  jobGroupOf,
  jobKindOf,
  liveFirst,
  type Delivery,
  type JobKind,
  type JobQueue,
  type ThrottleOf,
} from '../../local/jobs.ts';
import { streamKey } from '../../shared/domain/stream.ts';
import type { Instant } from '../../shared/domain/window.ts';
import type { QueuedJob } from '../../shared/ports/jobs.ts';
import { freeze } from './freeze.ts';

interface Message {
  readonly id: number;
  readonly kind: JobKind;
  readonly group: string;
  readonly queued: QueuedJob;
  visibleAt: Instant;
  deliveries: number;
}

/** The queue in memory, in the order of sending. */
export class MemoryJobs implements JobQueue {
  private readonly throttleOf: ThrottleOf;
  private readonly messages = new Map<number, Message>();
  private readonly queued = new Map<string, number>();
  private readonly turns = new Turns();
  private lastId = 0;

  constructor(throttleOf: ThrottleOf = (logType) => (logType.startsWith('alerts') ? 'security' : 'reporting')) {
    this.throttleOf = throttleOf;
  }

  send(jobs: readonly QueuedJob[]): Promise<void> {
    return answer(() => {
      for (const job of jobs) this.enqueue(job);
    });
  }

  receive(kind: JobKind, limit: number, visibilityMs: number, now: Instant): Promise<readonly Delivery[]> {
    return answer(() => {
      const groups = this.groups(kind);
      const next = kind === 'content' ? this.fairly(groups, limit, now) : firsts(groups, now).slice(0, limit);
      return next.map((message) => this.deliver(message, now + visibilityMs));
    });
  }

  ack(receipt: string): Promise<void> {
    return answer(() => {
      const message = this.delivered(receipt);
      if (!message) return;
      this.messages.delete(message.id);
      this.queued.delete(deduplicationId(message.queued));
    });
  }

  release(receipt: string): Promise<void> {
    return answer(() => {
      const message = this.delivered(receipt);
      if (message) message.visibleAt = 0;
    });
  }

  /** How many messages there are, and how many of them a worker has. */
  size(now: Instant): Promise<{ readonly queued: number; readonly inFlight: number }> {
    return answer(() => {
      const messages = [...this.messages.values()];
      return { queued: messages.length, inFlight: messages.filter(({ visibleAt }) => visibleAt > now).length };
    });
  }

  /** The process that had the queue before is dead: what it had in flight is visible again. */
  redeliver(): void {
    for (const message of this.messages.values()) message.visibleAt = 0;
  }

  /** Whether a message of this kind would be delivered now. */
  isVisible(kind: JobKind, now: Instant): boolean {
    for (const message of this.messages.values()) if (message.kind === kind && message.visibleAt <= now) return true;
    return false;
  }

  /** For oracles and harnesses: everything that is queued, delivered or not, the first sent first. */
  all(): readonly QueuedJob[] {
    return [...this.messages.values()].map((message) => message.queued);
  }

  /** When the next hidden message becomes visible; undefined when nothing is hidden. */
  nextVisibleAt(now: Instant): Instant | undefined {
    const hidden = [...this.messages.values()].map((message) => message.visibleAt).filter((at) => at > now);
    return hidden.length === 0 ? undefined : Math.min(...hidden);
  }

  private enqueue(job: QueuedJob): void {
    const id = deduplicationId(job);
    if (this.queued.has(id)) return;
    this.lastId += 1;
    this.queued.set(id, this.lastId);
    const message = { id: this.lastId, kind: jobKindOf(job.ref), group: jobGroupOf(job, this.throttleOf) };
    this.messages.set(this.lastId, { ...message, queued: freeze(structuredClone(job)), visibleAt: 0, deliveries: 0 });
  }

  private groups(kind: JobKind): readonly Message[][] {
    const groups = new Map<string, Message[]>();
    for (const message of this.messages.values()) {
      if (message.kind !== kind) continue;
      const group = groups.get(message.group);
      if (group) group.push(message);
      else groups.set(message.group, [message]);
    }
    return [...groups.values()];
  }

  private fairly(groups: readonly Message[][], limit: number, now: Instant): Message[] {
    const counted = groups.map((messages) => {
      const visible = messages.filter((message) => message.visibleAt <= now).sort((a, b) => a.visibleAt - b.visibleAt || a.id - b.id);
      return { group: messages[0]?.group ?? '', inFlight: messages.length - visible.length, visible };
    });
    const next = liveFirst(counted).flatMap((some) =>
      inTurns(
        this.turns.sort(some).map((group) => group.visible),
        limit,
      ),
    );
    return next.slice(0, limit);
  }

  private deliver(message: Message, visibleAt: Instant): Delivery {
    this.turns.serve(message.group);
    message.visibleAt = visibleAt;
    message.deliveries += 1;
    const { id, queued, deliveries } = message;
    return freeze({ queued, receipt: `${String(id)}/${String(deliveries)}`, deliveries });
  }

  private delivered(receipt: string): Message | undefined {
    const [id, deliveries] = receipt.split('/').map(Number);
    const message = this.messages.get(id ?? 0);
    return message?.deliveries === deliveries ? message : undefined;
  }
}

/** The first of each group, where it is visible. */
function firsts(groups: readonly Message[][], now: Instant): Message[] {
  return liveFirst(groups.flatMap((group) => group.slice(0, 1)).filter((message) => message.visibleAt <= now)).flat();
}

const deduplicationId = ({ ref, dueAt }: QueuedJob): string => `${streamKey(ref.stream)} ${ref.key} ${String(dueAt)}`;
