/** Delivers what is in the outbox, channel by channel: at least once each. */

import { afterFailure, afterMessage, isDueOn, isStale, planOf, type Delivery } from '../../shared/domain/notice-pace.ts';
import type { Instant } from '../../shared/domain/window.ts';
import type { Channel } from '../../shared/notifications/channel.ts';
import { digestMessage, findingMessage, notifiedFinding, type Message, type NotifiedFinding } from '../../shared/notifications/message.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Deliveries, Notice, NoticeProgress, Outbox } from '../../shared/ports/ledger.ts';
import type { Log } from '../../shared/ports/log.ts';

/** What the station works with. */
export interface NotifyDeps {
  readonly outbox: Outbox;
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly log: Log;
  /** No message is begun after it. */
  readonly deadline: Instant;
}

/** What a run did. */
export interface Notified {
  /** Messages that were taken. */
  readonly messages: number;
  /** Attempts that failed, and will be made again or not. */
  readonly failed: number;
  /** Findings that a channel has given up on. */
  readonly dead: number;
}

/** Findings that one run reads. */
const mostAtOnce = 500;
/** A receiver that failed so often in a row is left alone for the rest of the run. */
const mostFailuresInARow = 3;

/**
 * One pass. A message is sent first and noted afterwards, so that whoever dies between the two sends it again, under the same id, and
 * nothing is missed. What one channel does not take holds up no other channel, and no other finding.
 */
export async function notify(deps: NotifyDeps): Promise<Notified> {
  const begun = deps.clock.now();
  const run: Run = { deps, findings: new Map(), states: new Map(), counts: { messages: 0, failed: 0, dead: 0 } };
  for (const notice of await deps.outbox.unsent(mostAtOnce, begun)) take(run, notice);
  for (const channel of deps.channels) await notifyChannel(run, channel);
  await settle(run);
  return run.counts;
}

interface State {
  readonly notice: Notice;
  deliveries: Deliveries;
  isNoted: boolean;
}

interface Run {
  readonly deps: NotifyDeps;
  readonly findings: Map<string, NotifiedFinding>;
  readonly states: Map<string, State>;
  readonly counts: { messages: number; failed: number; dead: number };
}

/** What cannot be read is given up everywhere: it would be in the way for ever. */
function take(run: Run, notice: Notice): void {
  const state: State = { notice, deliveries: notice.deliveries ?? {}, isNoted: true };
  run.states.set(notice.findingId, state);
  try {
    run.findings.set(notice.findingId, notifiedFinding(notice.finding));
  } catch {
    for (const { id } of run.deps.channels) giveUp(run, state, id, 'it cannot be read');
  }
}

async function notifyChannel(run: Run, channel: Channel): Promise<void> {
  const { clock, deadline, outbox } = run.deps;
  const due = dueOn(run, channel);
  if (due.length === 0) return;
  let pace = await outbox.pace(channel.id);
  const plan = channel.form === 'each' ? 'each' : planOf(due.length, pace, clock.now());
  if (plan === 'wait') return;
  let failures = 0;
  for (const group of plan === 'digest' ? [due] : due.map((one) => [one])) {
    const now = clock.now();
    if (failures >= mostFailuresInARow || now >= deadline) return;
    const message = messageOf(run, group, now);
    if (await send(run, channel, message, group)) {
      failures = 0;
      pace = afterMessage(pace, message.kind, now);
      if (channel.form === 'digest') await outbox.notePace(channel.id, pace);
    } else failures += 1;
  }
}

/** The most severe do not go first: what is older does. */
function dueOn(run: Run, { id }: Channel): State[] {
  const now = run.deps.clock.now();
  const due: State[] = [];
  for (const state of run.states.values()) {
    if (!run.findings.has(state.notice.findingId) || !isDueOn(state.deliveries[id], now)) continue;
    if (isStale(state.notice.at, now)) giveUp(run, state, id, 'it has waited for three days');
    else due.push(state);
  }
  return due;
}

function messageOf(run: Run, group: readonly State[], now: Instant): Message {
  const findings = group.flatMap(({ notice }) => run.findings.get(notice.findingId) ?? []);
  const [first] = findings;
  return first && findings.length === 1 ? findingMessage(first, now) : digestMessage(findings, now);
}

/** Whether it was taken. */
async function send(run: Run, channel: Channel, message: Message, group: readonly State[]): Promise<boolean> {
  const outcome = await channel.send(message);
  const now = run.deps.clock.now();
  for (const state of group) {
    const before = state.deliveries[channel.id];
    if (outcome.kind === 'taken') note(state, channel.id, { state: 'taken' });
    else {
      const after = afterFailure(before, outcome, { now, noticedAt: state.notice.at });
      if (after.state === 'dead') giveUp(run, state, channel.id, after.because);
      else note(state, channel.id, after);
    }
  }
  if (outcome.kind === 'taken') run.counts.messages += 1;
  else {
    run.counts.failed += 1;
    run.deps.log.warn('a message was not taken', { channel: channel.id, count: group.length, reason: outcome.because });
  }
  await write(run, group);
  return outcome.kind === 'taken';
}

function giveUp(run: Run, state: State, channel: string, because: string): void {
  note(state, channel, { state: 'dead', because });
  run.counts.dead += 1;
  const cure = "see that the receiver takes messages; the finding is in the lake ('lake findings')";
  run.deps.log.error('a finding was not delivered', { channel, finding: state.notice.findingId, count: 1, reason: because, cure });
}

function note(state: State, channel: string, delivery: Delivery): void {
  state.deliveries = { ...state.deliveries, [channel]: delivery };
  state.isNoted = false;
}

async function write({ deps }: Run, group: readonly State[]): Promise<void> {
  const now = deps.clock.now();
  await deps.outbox.noteDeliveries(
    group.map((state) => progressOf(state, deps.channels, now)),
    now,
  );
  for (const state of group) state.isNoted = true;
}

/** Settled where every channel has taken it or given it up; where there is no channel, once it is too old to be sent. */
function progressOf({ notice, deliveries }: State, channels: readonly Channel[], now: Instant): NoticeProgress {
  const { findingId } = notice;
  const open = channels.flatMap(({ id }) => {
    const delivery = deliveries[id];
    if (delivery === undefined) return [now];
    return delivery.state === 'waiting' ? [delivery.dueAt] : [];
  });
  return open.length > 0 ? { findingId, deliveries, dueAt: Math.min(...open) } : { findingId, deliveries };
}

/** What no message was sent for, and is settled all the same: given up here, or taken before a channel went away. */
async function settle(run: Run): Promise<void> {
  const { channels, clock } = run.deps;
  const now = clock.now();
  const left = [...run.states.values()].filter((state) => {
    if (!state.isNoted) return true;
    if (channels.length === 0) return isStale(state.notice.at, now);
    return progressOf(state, channels, now).dueAt === undefined;
  });
  if (left.length > 0) await write(run, left);
}
