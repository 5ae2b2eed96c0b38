import type { Instant } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';

interface Timer {
  readonly at: Instant;
  /** Timers of the same instant go off in the order they were set. */
  readonly order: number;
  readonly ring: () => void;
}

/**
 * A clock that stands still until the harness moves it. `sleep` ends when time has been moved that far; the harness lets the
 * promises run out between two moves.
 */
export class VirtualClock implements Clock {
  private time: Instant;
  private order = 0;
  private readonly timers: Timer[] = [];

  constructor(start: Instant) {
    this.time = start;
  }

  now(): Instant {
    return this.time;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(this.time + Math.max(0, ms), resolve);
    });
  }

  /** Rings at that instant, or at the next move when it has passed already. */
  schedule(at: Instant, ring: () => void): void {
    this.order += 1;
    push(this.timers, { at, order: this.order, ring });
  }

  /** When the next timer goes off; undefined when no timer is set. */
  get nextAt(): Instant | undefined {
    return this.timers[0]?.at;
  }

  /** Moves to the next timer and lets it ring; false when no timer is set, or not until then. */
  next(until = Infinity): boolean {
    const first = this.timers[0];
    if (!first || first.at > until) return false;
    pop(this.timers);
    this.time = Math.max(this.time, first.at);
    first.ring();
    return true;
  }

  /** Moves by a span, letting every timer on the way ring, and everything that waits for it go on. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    await settle();
    while (this.next(until)) await settle();
    this.time = until;
  }
}

/** Waits until no promise is left that can go on by itself. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Timer[], timer: Timer): void {
  let index = heap.length;
  heap.push(timer);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!swapIfBefore(heap, index, parent)) return;
    index = parent;
  }
}

function pop(heap: Timer[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  heap[0] = last;
  let index = 0;
  for (;;) {
    const child = smallerChild(heap, index);
    if (child === undefined || !swapIfBefore(heap, child, index)) return;
    index = child;
  }
}

function smallerChild(heap: readonly Timer[], index: number): number | undefined {
  const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
  if (!left) return undefined;
  return right && isBefore(right, left) ? 2 * index + 2 : 2 * index + 1;
}

function swapIfBefore(heap: Timer[], child: number, parent: number): boolean {
  const [a, b] = [heap[child], heap[parent]];
  if (!a || !b || !isBefore(a, b)) return false;
  heap[child] = b;
  heap[parent] = a;
  return true;
}
