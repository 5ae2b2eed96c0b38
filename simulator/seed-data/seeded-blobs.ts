/** Seed data of a content type: a blob or two a slot, late ones, records out of order, and some that were in an earlier blob already. */

import { gridFloor, minutes, type Instant, type Window } from '../../shared/domain/window.ts';
import { boundedCache } from '../bounded-cache.ts';
import { contentIdOf } from '../content-id.ts';
import type { ContentLogType } from '../log-types/log-type.ts';
import type { Company } from '../people.ts';
import { random } from '../random.ts';
import { contentLifetimeMs, type Blob } from '../world.ts';
import type { IncidentEvent } from './incident-event.ts';
import { recordsInSlot } from './rhythm.ts';

/** What the blobs of one content type of one tenant are made from. */
export interface SeededBlobsOptions {
  readonly seed: string;
  readonly company: Company;
  readonly logType: ContentLogType;
  /** Records of a usual day. */
  readonly perDay: number;
  /** Nothing is created before. */
  readonly from: Instant;
  readonly incidents: (window: Window) => readonly IncidentEvent[];
}

/** Blobs by the window of their creation. */
export type BlobsByWindow = (window: Window) => readonly Blob[];

/** Blobs are made when they are asked for; some of the last ones are kept. */
export function seededBlobs(options: SeededBlobsOptions): BlobsByWindow {
  const { from } = options;
  const slotMs = slotMsOf(options);
  const slots = boundedCache<readonly SlotBlob[]>((blobs) => blobs.length + 1, 20_000);
  const slot = (start: Instant): readonly SlotBlob[] =>
    slots.get(String(start), () => blobsOfSlot(options, start, (earlier) => (earlier < from ? [] : slot(earlier))));
  return (window) => {
    const blobs: Blob[] = [];
    for (let start = Math.max(gridFloor(window.start, slotMs), from); start < window.end; start += slotMs) {
      blobs.push(...slot(start).filter((blob) => blob.created >= window.start && blob.created < window.end));
    }
    return blobs.sort((a, b) => a.created - b.created);
  };
}

function slotMsOf({ logType }: SeededBlobsOptions): number {
  return minutes(logType.seedData.slotMinutes);
}

/** A blob whose own records can be had one at a time: later blobs repeat some of them. */
interface SlotBlob extends Blob {
  readonly ownCount: number;
  own(index: number): string;
}

function blobsOfSlot(options: SeededBlobsOptions, start: Instant, slot: (start: Instant) => readonly SlotBlob[]): readonly SlotBlob[] {
  const { seed, company, logType, perDay } = options;
  const slotMs = slotMsOf(options);
  const chance = random(seed, company.tenantId, logType.id, start);
  const count = recordsInSlot(chance, start, slotMs, perDay);
  const incidents = options.incidents({ start: start - aggregationMs, end: start - aggregationMs + slotMs });
  if (count + incidents.length === 0) return [];

  const created = start + chance.int(0, slotMs - 1_000);
  const isSplit = count > 8 && chance.chance(0.25);
  // Some blobs share the instant of their creation: it identifies nothing.
  const secondCreated = chance.chance(0.5) ? created : Math.min(created + chance.int(1, 240_000), start + slotMs - 1);
  const sizes = isSplit ? [Math.ceil(count / 2), Math.floor(count / 2)] : [count];
  return sizes.map((ownCount, number) => {
    const at = number === 0 ? created : secondCreated;
    return blobOf(options, { created: at, number, ownCount, incidents: number === 0 ? incidents : [], start }, slot);
  });
}

/** From an event to the blob that carries it, for incidents; other events lie 5 to 90 minutes before their blob. */
const aggregationMs = minutes(35);

interface BlobSeed {
  readonly created: Instant;
  readonly number: number;
  readonly ownCount: number;
  readonly incidents: readonly IncidentEvent[];
  readonly start: Instant;
}

function blobOf(options: SeededBlobsOptions, seed: BlobSeed, slot: (start: Instant) => readonly SlotBlob[]): SlotBlob {
  const { company, logType } = options;
  const { created, number, ownCount } = seed;
  const contentId = contentIdOf(created, number + 1, logType.contentType);
  const own = (index: number) => {
    const chance = random(options.seed, company.tenantId, contentId, index);
    const at = created - Math.round(minutes(5) + minutes(85) * chance.next() ** 2);
    return JSON.stringify(logType.seedData.make({ chance, company, at }));
  };
  return {
    contentId,
    logTypeId: logType.id,
    created,
    visibleAt: created + listingDelayMs(options, contentId),
    expires: created + contentLifetimeMs,
    ownCount,
    own,
    records: () => [
      ...Array.from({ length: ownCount }, (_, index) => own(index)),
      ...incidentTexts(options, seed, contentId),
      ...repeats(options, seed, contentId, slot),
    ],
  };
}

/** Most are listed within the minute, some much later than the moment they say they were created. */
function listingDelayMs({ seed, company }: SeededBlobsOptions, contentId: string): number {
  const chance = random(seed, company.tenantId, 'listed', contentId);
  return chance.weighted([
    [92, chance.int(2_000, 50_000)],
    [5, chance.int(minutes(3), minutes(25))],
    [3, chance.int(minutes(25), minutes(150))],
  ]);
}

function incidentTexts({ seed, company }: SeededBlobsOptions, { incidents }: BlobSeed, contentId: string): string[] {
  return incidents.map(({ at, make }, index) =>
    JSON.stringify(make({ chance: random(seed, company.tenantId, contentId, 'incident', index), company, at })),
  );
}

/** About 2 % were in a blob of the last hours: Microsoft delivers again rather than not at all. */
function repeats(
  options: SeededBlobsOptions,
  { ownCount, start }: BlobSeed,
  contentId: string,
  slot: (start: Instant) => readonly SlotBlob[],
): string[] {
  const chance = random(options.seed, options.company.tenantId, 'repeats', contentId);
  const wanted = Math.floor(ownCount * 0.02 + chance.next());
  return Array.from({ length: wanted }).flatMap(() => {
    const earlier = slot(start - chance.int(1, 6) * slotMsOf(options)).filter((blob) => blob.ownCount > 0);
    if (earlier.length === 0) return [];
    const blob = chance.pick(earlier);
    return [blob.own(chance.int(0, blob.ownCount - 1))];
  });
}
