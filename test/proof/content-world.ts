/** Microsoft's content blobs: what there is, when it is listed, and what comes when it is fetched. */

import type { Member } from '../../shared/domain/fetch-job.ts';
import { days, iso, minutes, type Instant, type Window } from '../../shared/domain/window.ts';
import { isAboutRules, type BlobPlan, type Plan } from './plan.ts';
import { Random } from './random.ts';
import type { ServedRow } from './stand-in-landing.ts';

/** One content blob as the simulated Microsoft has it. */
export interface Blob {
  readonly contentId: string;
  readonly created: Instant;
  /** Microsoft lists it from then on. */
  readonly listedAt: Instant;
  readonly expires: Instant;
  readonly rows: readonly ServedRow[];
  readonly nature: Nature;
  readonly drifts: boolean;
}

/**
 * - `malformed`, `garbled`: can never be read; the answer says so, or only the landing finds out
 * - `missing`: never there, and after its expiry served as expired; `missing-always` not even that
 * - `poison-fetch`, `poison-landing`: kills whoever fetches or lands it
 * - `throwing`: landing throws over it
 * - `mislabelled`: the answer is called malformed, and can be read
 */
export type Nature =
  'good' | 'malformed' | 'garbled' | 'missing' | 'missing-always' | 'poison-fetch' | 'poison-landing' | 'throwing' | 'mislabelled';

/** How long Microsoft serves content. */
export const contentServedMs = days(7);

/** Microsoft's content, and the state of the subscription to it. */
export class ContentWorld {
  readonly blobs: readonly Blob[];
  private readonly plan: Plan;
  private readonly blobPlan: BlobPlan;
  private readonly random: Random;
  private readonly byId: ReadonlyMap<string, Blob>;
  private isEnabled: boolean;
  /** When it was not enabled, oldest first; the last may still be open. */
  private readonly disabled: { start: Instant; end: Instant }[] = [];
  private isOffHandled = false;
  private promisedSince = Infinity;

  constructor(plan: Plan, blobPlan: BlobPlan) {
    this.plan = plan;
    this.blobPlan = blobPlan;
    this.random = new Random(plan.seed, 'content');
    this.blobs = makeBlobs(plan, blobPlan, new Random(plan.seed, 'blobs'));
    this.byId = new Map(this.blobs.map((blob) => [blob.contentId, blob]));
    // What a subscription has missed is in gap rows, which a restore may lose.
    this.isEnabled = plan.restore !== undefined || isAboutRules(plan.mode) || this.random.chance(0.5);
    if (!this.isEnabled) this.disabled.push({ start: 0, end: Infinity });
  }

  blob(contentId: string): Blob {
    const blob = this.byId.get(contentId);
    if (!blob) throw new Error(`nobody has published '${contentId}'`);
    return blob;
  }

  isSubscribed(now: Instant): boolean {
    const { off } = this.blobPlan;
    if (off && now >= off.start && !this.isOffHandled) {
      this.isOffHandled = true;
      if (this.isEnabled) this.disabled.push({ start: off.start, end: Infinity });
      this.isEnabled = false;
    }
    return this.isEnabled;
  }

  subscribe(now: Instant): void {
    this.subscriptionIsKnown(now);
    if (this.isSubscribed(now)) return;
    this.isEnabled = true;
    const open = this.disabled.at(-1);
    if (open) open.end = now;
  }

  /** Blobs that became available while the subscription was off are never served. */
  isPublished(blob: Blob): boolean {
    return !this.disabled.some(({ start, end }) => blob.created >= start && blob.created < end);
  }

  /** From now on, what becomes available is promised: a start has taken effect, or the cursor says that it was seen enabled. */
  subscriptionIsKnown(now: Instant): void {
    this.promisedSince = Math.min(this.promisedSince, now);
  }

  /** Not available, and from a time when nothing was promised. */
  isBeforeThePromise(blob: Blob): boolean {
    return blob.created < this.promisedSince && !this.isPublished(blob);
  }

  /** What a listing of the window says now; some of it twice. */
  listed(window: Window, now: Instant): Member[] {
    const found = this.blobs.flatMap((blob) => {
      if (blob.listedAt > now || blob.expires <= now || !this.isPublished(blob)) return [];
      const created = blob.drifts ? blob.created + this.random.between(-minutes(40), minutes(40)) : blob.created;
      return created >= window.start && created < window.end ? [memberOf(blob, created)] : [];
    });
    return this.random.shuffled(this.random.chance(0.1) ? [...found, ...found.slice(0, 2)] : found);
  }

  /** Microsoft is well again: nothing fails by chance any more. */
  isWell(now: Instant): boolean {
    return now >= this.plan.faultsUntil && !this.plan.isMicrosoftNeverWell;
  }
}

function memberOf(blob: Blob, created: Instant): Member {
  const { contentId, expires } = blob;
  return { contentId, contentUri: `https://manage.office.com/api/v1.0/contoso/activity/feed/audit/${contentId}`, created, expires };
}

function makeBlobs(plan: Plan, blobPlan: BlobPlan, random: Random): Blob[] {
  const blobs: Blob[] = [];
  const records: ServedRow[] = [];
  for (let index = 0; index < blobPlan.count; index += 1) {
    const before = blobs.at(-1);
    const busySpan = random.pick(blobPlan.busy);
    const created = before && random.chance(blobPlan.sameInstantShare) ? before.created : random.between(busySpan.start, busySpan.end);
    const listedAt =
      plan.healing !== 'on'
        ? created
        : created + (random.chance(blobPlan.lateShare) ? random.between(0, blobPlan.latestMs) : random.between(0, minutes(1)));
    const count = random.whole(1, 7);
    const rows = Array.from({ length: count }, (_, row) => {
      const repeated = records.length > 0 && random.chance(blobPlan.repeatShare) ? random.pick(records) : undefined;
      return repeated ?? { key: `record-${String(index)}-${String(row)}`, time: created };
    });
    records.push(...rows);
    blobs.push({
      contentId: contentIdOf(created, random),
      created,
      listedAt,
      expires: created + contentServedMs,
      rows,
      nature: natureOf(blobPlan, random),
      drifts: random.chance(blobPlan.driftShare),
    });
  }
  return blobs;
}

function natureOf(plan: BlobPlan, random: Random): Nature {
  if (random.chance(plan.malformedShare)) return random.pick(['malformed', 'garbled']);
  if (random.chance(plan.missingShare)) return random.pick(['missing', 'missing-always']);
  if (random.chance(plan.poisonShare)) return random.pick(['poison-fetch', 'poison-landing']);
  if (random.chance(plan.throwingShare)) return 'throwing';
  if (random.chance(plan.mislabelledShare)) return 'mislabelled';
  return 'good';
}

/** As Microsoft makes them: times, a hash, the content type, the region. */
function contentIdOf(created: Instant, random: Random): string {
  const stamp = iso(created).replace(/\D/g, '');
  return `${stamp}000$${stamp}000$${Math.floor(random.next() * 2 ** 32).toString(16)}$audit_general$na0001`;
}
