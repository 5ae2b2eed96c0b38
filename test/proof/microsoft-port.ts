/** Microsoft as one sandbox sees it. */

import { seconds, type Instant, type Window } from '../../shared/domain/window.ts';
import { defaultLimits } from '../../shared/microsoft/limits.ts';
import type { Microsoft, Refusal } from '../../shared/ports/microsoft.ts';
import { contentServedMs, type Blob } from './content-world.ts';
import type { Effect } from './faults.ts';
import { spanOf, tenantId, type Harness } from './harness.ts';
import type { Sandbox } from './scheduler.ts';
import type { ServedFile } from './stand-in-landing.ts';
import { rowsServedMs } from './window-world.ts';
import { refusal } from './world.ts';

/** What goes wrong on the way to Microsoft is a refusal, as the port says; a caller that dies on the way is dead all the same. */
export function microsoftPort(harness: Harness, sandbox: Sandbox): Microsoft {
  const { world, scheduler, random } = harness;
  const { traffic } = harness.plan;
  const slow = (): number => random.between(50, random.chance(0.1) ? seconds(20) : seconds(2));
  return {
    clockLeadMs: () => sandbox.skewMs,
    // A token that a process has is asked for elsewhere, once an hour: no limit counts it.
    identify: () => (traffic ? Promise.resolve(identity) : ask(harness, sandbox, 'identify', 'listing', () => identity)),
    listSubscriptions: () =>
      ask(harness, sandbox, 'listSubscriptions', 'listing', (now) => {
        const isEnabled = world.content?.isSubscribed(now) ?? false;
        return { kind: 'ok', value: [{ contentType: 'Audit.General', isEnabled }] };
      }),
    startSubscription: () =>
      ask(harness, sandbox, 'startSubscription', 'listing', (now) => {
        world.content?.subscribe(now);
        return { kind: 'ok', value: null };
      }),
    listBlobs: (_tenant, _logType, window) =>
      ask(harness, sandbox, 'listBlobs', 'listing', (now) => serveList(harness, window, now), {
        detail: () => spanOf(window),
        latencyMs: traffic?.listMs ?? slow(),
      }),
    fetchBlob: (_tenant, _logType, { contentId }, file) => {
      const how = { detail: () => contentId, latencyMs: traffic?.fetchMs ?? slow() };
      return ask(harness, sandbox, 'fetchBlob', 'fetching', (now) => serveBlob(harness, sandbox, { contentId, file, now }), how);
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

const identity = { kind: 'ok', value: { tenantId } } as const;

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
  const process = harness.processOf(sandbox);
  if (!process) return request(harness, sandbox, name, ...rest);
  const turn = await process.pacing.turn('contoso', 'activity', defaultLimits.paceMs);
  if (turn.kind === 'too-far') return { ...refusal('throttled', 'paced'), retryAfterMs: turn.waitMs };
  const { scheduler } = harness;
  if (scheduler.now < process.toldUntil) process.early += 1;
  const answer = await request(harness, sandbox, name, ...rest);
  if (isThrottled(answer) && answer.retryAfterMs !== undefined) {
    process.toldUntil = Math.max(process.toldUntil, scheduler.now + answer.retryAfterMs);
    process.pacing.hold('contoso', 'activity', answer.retryAfterMs);
  }
  return answer;
}

function isThrottled(answer: { readonly kind: string }): answer is Extract<Refusal, { kind: 'throttled' }> {
  return answer.kind === 'throttled';
}

function request<Served>(
  { line, world, scheduler }: Harness,
  sandbox: Sandbox,
  ...[name, of, serve, how = {}]: Ask<Served>
): Promise<Served | Refusal> {
  return line.call<Served | Refusal>(sandbox, `microsoft.${name}`, {
    isLocal: name !== 'startSubscription',
    refuse: () => refusal('unavailable', 'timeout'),
    apply: () => world.refuse(of, scheduler.now) ?? serve(scheduler.now),
    ...how,
  });
}

function serveList({ world }: Harness, window: Window, now: Instant) {
  if (!world.content?.isSubscribed(now)) return refusal('not-subscribed', 'AF20022');
  if (window.start < now - contentServedMs) return refusal('out-of-range', 'AF20030');
  return { kind: 'ok' as const, value: world.content.listed(window, now) };
}

interface BlobRequest {
  readonly contentId: string;
  readonly file: string;
  readonly now: Instant;
}

function serveBlob(harness: Harness, sandbox: Sandbox, { contentId, file, now }: BlobRequest) {
  const { world, files, counts } = harness;
  const blob = world.content?.blob(contentId);
  if (!blob) throw new Error('there is no content in this world');
  counts.fetches += 1;
  const what = whatComes(harness, blob, now);
  if (what === 'missing') return refusal('missing', 'AF20050');
  if (what === 'expired') return refusal('expired', 'AF20051');
  if (what === 'death') sandbox.die();
  const { rows, nature } = blob;
  const isGarbage = what === 'malformed' || what === 'garbled';
  const served: ServedFile = isGarbage
    ? { kind: 'garbage', bytes: `[{"Id": "${contentId}` }
    : { kind: 'records', rows, isPoison: nature === 'poison-landing' };
  files.write(file, served);
  return what === 'malformed' ? refusal('malformed', 'truncated') : { kind: 'ok' as const, value: { bytes: 100 * rows.length } };
}

function whatComes({ world, plan, random }: Harness, { nature, expires }: Blob, now: Instant) {
  const isWell = world.content?.isWell(now) ?? true;
  if (nature === 'missing-always') return 'missing';
  if (now >= expires) return 'expired';
  if (nature === 'missing' || (!isWell && random.chance(plan.flaky))) return 'missing';
  if (!isWell && random.chance(plan.truncated)) return random.chance(0.5) ? 'malformed' : 'garbled';
  if (nature === 'malformed' || nature === 'garbled') return nature;
  return nature === 'poison-fetch' ? 'death' : 'records';
}

function serveProbe(harness: Harness, sandbox: Sandbox, window: Window, now: Instant) {
  const answer = harness.world.windows?.probe(window, now) ?? 'empty';
  harness.notesOf(sandbox).probes.push({ window, at: now + sandbox.skewMs, trueAt: now, answer });
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
  const { pages, read } = world.windows.read(window, begun, now);
  if (pages.length > maxPages) return { kind: 'too-many-pages' as const };
  const written = pages.map((rows, page) => {
    const file = `${folder}/page-${String(page)}.json`;
    files.write(file, { kind: 'records', rows, isPoison: false } satisfies ServedFile);
    return file;
  });
  harness.notesOf(sandbox).reads.set(spanOf(window), read);
  return { kind: 'ok' as const, value: { files: written } };
}
