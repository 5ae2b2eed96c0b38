/** Microsoft as one sandbox sees it. */

import { minutes, overlaps, seconds, type Instant, type Window } from '../../shared/domain/window.ts';
import { defaultLimits } from '../../shared/microsoft/limits.ts';
import type { TurnOf } from '../../shared/microsoft/pacing.ts';
import type { Microsoft, Refusal } from '../../shared/ports/microsoft.ts';
import { contentServedMs, type Blob } from './content-world.ts';
import type { Effect } from './faults.ts';
import { spanOf, type Harness } from './harness.ts';
import { hash32 } from './random.ts';
import type { Sandbox } from './scheduler.ts';
import { inMemory, type ServedFile } from './stand-in-landing.ts';
import { rowsServedMs } from './window-world.ts';
import { refusal } from './world.ts';

/** What goes wrong on the way to Microsoft is a refusal, as the port says; a caller that dies on the way is dead all the same. */
export function microsoftPort(harness: Harness, sandbox: Sandbox): Microsoft {
  const { world, scheduler, random } = harness;
  const { traffic } = harness.plan;
  const slow = (): number => random.between(50, random.chance(0.1) ? seconds(20) : seconds(2));
  return {
    clockLeadMs: () => sandbox.process.leadMs,
    // A token that a process has is asked for elsewhere, once an hour: no limit counts it, and no proxy is in its way.
    identify: () => {
      const isAtHand = traffic !== undefined || harness.plan.outages.some(({ kind }) => kind === 'proxied');
      return isAtHand
        ? Promise.resolve(identityNow(harness, sandbox))
        : ask(harness, sandbox, 'identify', 'listing', () => identityNow(harness, sandbox));
    },
    listSubscriptions: () =>
      ask(harness, sandbox, 'listSubscriptions', 'listing', (now) => {
        const isEnabled = world.content?.isSubscribed(now) ?? false;
        return { kind: 'ok', value: [{ contentType: 'Audit.General', isEnabled }] };
      }),
    startSubscription: () => {
      noteStart(harness, sandbox);
      return ask(harness, sandbox, 'startSubscription', 'listing', (now) => {
        world.content?.subscribe(now);
        return { kind: 'ok', value: null };
      });
    },
    listBlobs: (_tenant, _logType, window) =>
      ask(harness, sandbox, 'listBlobs', 'listing', (now) => serveList(harness, window, now), {
        detail: () => spanOf(window),
        latencyMs: traffic?.listMs ?? slow(),
      }),
    fetchBlob: (_tenant, _logType, { contentId }, file, keptBytes = 0) => {
      const how = { detail: () => contentId, latencyMs: traffic?.fetchMs ?? slow() };
      harness.files.write(file, { kind: 'garbage', bytes: '<html>' } satisfies ServedFile);
      const isKept = keptBytes > 0 && isSmall(contentId);
      return ask(harness, sandbox, 'fetchBlob', 'fetching', (now) => serveBlob(harness, sandbox, { contentId, file, isKept, now }), how);
    },
    probeWindow: (_tenant, _logType, window) =>
      ask(harness, sandbox, 'probeWindow', 'listing', (now) => serveProbe(harness, sandbox, window, now), { detail: () => spanOf(window) }),
    fetchWindow: (_tenant, _logType, window, folder, maxPages) => {
      const begun = scheduler.now;
      const how = { detail: () => spanOf(window), latencyMs: random.between(500, harness.plan.slowestReadMs) };
      return ask(
        harness,
        sandbox,
        'fetchWindow',
        'fetching',
        (now) => serveWindow(harness, sandbox, { window, folder, maxPages, begun, now }),
        how,
      );
    },
  };
}

const elsewhere = { kind: 'ok', value: { tenantId: 'ffffffff-0a5d-4c7e-9d38-3c0d8f1b7a10' } } as const;

type Ask<Served> = readonly [
  name: string,
  of: 'listing' | 'fetching',
  serve: (now: Instant) => Served | Refusal,
  how?: Pick<Effect<Served | Refusal>, 'detail' | 'latencyMs'>,
];

/** As the real client does it: a request waits for its turn, and none goes out before the time that Microsoft has named. */
async function ask<Served extends { readonly kind: string }>(
  harness: Harness,
  sandbox: Sandbox,
  ...[name, ...rest]: Ask<Served>
): Promise<Served | Refusal> {
  if (!harness.plan.traffic) return request(harness, sandbox, name, ...rest);
  const { process } = sandbox;
  const turn = await process.pacing.turn(turnOf(harness), defaultLimits.paceMs);
  if (turn.kind === 'too-far') return { ...refusal('throttled', 'paced'), retryAfterMs: turn.waitMs };
  const { scheduler } = harness;
  if (scheduler.now < process.waitUntil) process.early += 1;
  const answer = await request(harness, sandbox, name, ...rest);
  if (isThrottled(answer) && answer.retryAfterMs !== undefined) {
    process.waitUntil = Math.max(process.waitUntil, scheduler.now + answer.retryAfterMs);
    process.pacing.hold(turnOf(harness), answer.retryAfterMs);
  }
  return answer;
}

function turnOf({ stream }: Harness): TurnOf {
  return { bucket: 'contoso', pace: 'activity', logType: stream.logType };
}

function isThrottled(answer: { readonly kind: string }): answer is Extract<Refusal, { kind: 'throttled' }> {
  return answer.kind === 'throttled';
}

/** Only workers are throttled: a list would go on with the stream of another tenant, which this world has not. */
function identityNow(harness: Harness, sandbox: Sandbox) {
  const { tenantId } = harness.stream;
  if (sandbox.name === 'list' || !harness.isElsewhere('tenant')) return { kind: 'ok', value: { tenantId } } as const;
  harness.movedElsewhere.add(sandbox);
  return elsewhere;
}

/** Microsoft wants fifteen minutes between two starts. They count from when the earlier run began; a ledger that went back knows of none. */
function noteStart(harness: Harness, sandbox: Sandbox): void {
  const { plan, scheduler } = harness;
  const last = harness.startedBy.at(-1);
  const isKnown = plan.restore === undefined && plan.clockJumps.length === 0;
  const leastMs = isKnown ? minutes(15) - 2 * plan.skewMs : minutes(4);
  if (last && sandbox.startedAt > last.startedAt && scheduler.now - last.startedAt < leastMs)
    harness.misdeeds.push('a subscription was started again within fifteen minutes');
  harness.startedBy.push(sandbox);
}

/** A stream whose credential or permission is refused rests for an hour; clocks of ours differ by ten minutes. */
function noteRefused(harness: Harness, sandbox: Sandbox): void {
  if (sandbox.name !== 'list' || !harness.plan.isCalm) return;
  const { now } = harness.scheduler;
  if (harness.refusedAt !== undefined && now - harness.refusedAt < minutes(49))
    harness.misdeeds.push('a stream that was refused was asked for again within the hour');
  harness.refusedAt = now;
}

function request<Served>(harness: Harness, sandbox: Sandbox, ...[name, of, serve, how = {}]: Ask<Served>): Promise<Served | Refusal> {
  const { line, world, scheduler } = harness;
  return line.call<Served | Refusal>(sandbox, `microsoft.${name}`, {
    isLocal: name !== 'startSubscription',
    refuse: () => refusal('unavailable', 'timeout'),
    apply: () => {
      // Every answer has a date, a proxy's too; a token is at hand for an hour, and nobody is asked for it.
      if (name !== 'identify' && !world.isSilent(of, scheduler.now)) sandbox.process.leadMs = harness.clockOf(sandbox) - scheduler.now;
      const refused = world.refuse(of, scheduler.now);
      if (refused?.kind === 'refused') noteRefused(harness, sandbox);
      return refused ?? serve(scheduler.now);
    },
    ...how,
  });
}

function serveList(harness: Harness, window: Window, now: Instant) {
  const { world, plan } = harness;
  const { brokenHour } = plan;
  if (brokenHour && now < brokenHour.until && overlaps(window, brokenHour.hour)) return refusal(brokenHour.kind, 'HTTP 504');
  if (!world.content?.isSubscribed(now)) return refusal('not-subscribed', 'AF20022');
  if (window.start < now - contentServedMs) return refusal('out-of-range', 'AF20030');
  return { kind: 'ok' as const, value: world.content.listed(window, now) };
}

/** Two of three stay in memory, as most real ones do; the others go through files. */
const isSmall = (contentId: string): boolean => hash32(contentId) % 3 > 0;

interface BlobRequest {
  readonly contentId: string;
  readonly file: string;
  readonly isKept: boolean;
  readonly now: Instant;
}

function serveBlob(harness: Harness, sandbox: Sandbox, { contentId, file, isKept, now }: BlobRequest) {
  const { world, files, counts } = harness;
  const blob = world.content?.blob(contentId);
  if (!blob) throw new Error('there is no content in this world');
  counts.fetches += 1;
  if (harness.movedElsewhere.has(sandbox) && harness.isWithin(harness.plan.tenantElsewhere))
    harness.misdeeds.push(`${contentId} was fetched for a tenant that leads elsewhere`);
  const what = whatComes(harness, blob, now);
  if (what === 'missing') return refusal('missing', 'AF20050');
  if (what === 'expired') return refusal('expired', 'AF20051');
  if (what === 'death') sandbox.die();
  const { rows, nature } = blob;
  const isGarbage = what === 'malformed' || what === 'garbled';
  const records = { kind: 'records', rows, isPoison: nature === 'poison-landing', isThrowing: nature === 'throwing' } as const;
  const served: ServedFile = isGarbage ? { kind: 'garbage', bytes: `[{"Id": "${contentId}` } : records;
  const isMalformed = what === 'malformed' || what === 'mislabelled';
  if (isMalformed || !isKept) files.write(file, served);
  if (isMalformed) return refusal('malformed', 'truncated');
  return { kind: 'ok' as const, value: { bytes: 100 * rows.length, ...(isKept && { content: inMemory(served) }) } };
}

function whatComes({ world, plan, random }: Harness, { nature, expires }: Blob, now: Instant) {
  const isWell = world.content?.isWell(now) ?? true;
  if (nature === 'missing-always') return 'missing';
  if (now >= expires) return 'expired';
  if (nature === 'missing' || (!isWell && random.chance(plan.flaky))) return 'missing';
  if (!isWell && random.chance(plan.truncated)) return random.chance(0.5) ? 'malformed' : 'garbled';
  if (nature === 'malformed' || nature === 'garbled' || nature === 'mislabelled') return nature;
  return nature === 'poison-fetch' ? 'death' : 'records';
}

function serveProbe(harness: Harness, sandbox: Sandbox, window: Window, now: Instant) {
  const { fragile } = harness.plan.rows ?? {};
  if (fragile?.isProbeToo && window.end - window.start > fragile.overMs) return refusal('unavailable', 'timeout');
  const answer = harness.world.windows?.probe(window, now) ?? 'empty';
  harness.notesOf(sandbox).probes.push({ window, at: now, answer });
  return { kind: 'ok' as const, value: answer };
}

interface WindowRequest {
  readonly window: Window;
  readonly folder: string;
  readonly maxPages: number;
  readonly begun: Instant;
  readonly now: Instant;
}

function serveWindow(harness: Harness, sandbox: Sandbox, { window, folder, maxPages, begun, now }: WindowRequest) {
  const { world, random, files, counts } = harness;
  if (!world.windows) throw new Error('there are no windows in this world');
  counts.fetches += 1;
  if (window.end <= now - rowsServedMs && random.chance(0.5)) return refusal('out-of-range', 'UnsupportedQuery');
  const { fragile } = harness.plan.rows ?? {};
  const isFragile = fragile && window.end - window.start > fragile.overMs;
  if (isFragile && fragile.how === 'times out') return refusal('unavailable', 'timeout');
  if (isFragile && fragile.how === 'kills') sandbox.die();
  const { pages, read } = world.windows.read(window, begun, now);
  if (pages.length > maxPages) return { kind: 'too-many-pages' as const };
  const written = pages.map((rows, page) => {
    const file = `${folder}/page-${String(page)}.json`;
    const garbage: ServedFile = { kind: 'garbage', bytes: '[{"id"' };
    files.write(file, isFragile && fragile.how === 'garbled' ? garbage : ({ kind: 'records', rows, isPoison: false } satisfies ServedFile));
    return file;
  });
  if (!isFragile) harness.notesOf(sandbox).reads.set(spanOf(window), read);
  return { kind: 'ok' as const, value: { files: written } };
}
