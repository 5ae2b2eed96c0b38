/** Impossible travel: two places of one entity that are too far apart for the time between. */

import type { DetectionKind } from '../detection.ts';
import type { Instant } from '../../domain/window.ts';
import { eachOnce, type Hit } from './hit.ts';
import { floorTo, type Occurrence } from './window.ts';

type TravelKind = Extract<DetectionKind, { kind: 'travel' }>;

/** A pair of hits makes an occurrence of the bucket of the later one. A hit's value is `latitude\nlongitude`; others are nowhere. */
export function travelOccurrences(timeline: readonly Hit[], kind: TravelKind): readonly Occurrence[] {
  const latestAt = new Map<string, { readonly hit: Hit; readonly place: GeoPlace }>();
  const found = new Map<Instant, { readonly pairs: Set<Hit>; speed: number }>();
  for (const hit of eachOnce(timeline)) {
    const place = placeOf(hit);
    if (!place) continue;
    // Of each place the last time there: nothing earlier is nearer in time.
    for (const other of latestAt.values()) {
      const speed = speedBetween(other.hit, other.place, hit, place, kind);
      if (speed === undefined) continue;
      const bucket = floorTo(hit.time, kind.bucketMs);
      const entry = found.get(bucket) ?? { pairs: new Set<Hit>(), speed: 0 };
      found.set(bucket, entry);
      entry.speed = Math.max(entry.speed, speed);
      entry.pairs.add(other.hit).add(hit);
    }
    latestAt.set(hit.value ?? '', { hit, place });
  }
  return [...found].map(([bucket, { pairs, speed }]) => ({ bucket, count: Math.round(Math.min(speed, fastest)), hits: [...pairs] }));
}

/** What is shown where no time lies between. */
const fastest = 1_000_000;

interface GeoPlace {
  readonly latitude: number;
  readonly longitude: number;
}

function placeOf({ value }: Hit): GeoPlace | undefined {
  const [latitude = Number.NaN, longitude = Number.NaN] = (value ?? '').split('\n').map(Number);
  const isPlace = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && value?.includes('\n') === true;
  // 0, 0 is where databases put what they do not know.
  return isPlace && (latitude !== 0 || longitude !== 0) ? { latitude, longitude } : undefined;
}

/** In km per hour; undefined where it is no impossible travel. */
function speedBetween(from: Hit, start: GeoPlace, to: Hit, end: GeoPlace, kind: TravelKind): number | undefined {
  if (to.time - from.time >= kind.withinMs) return undefined;
  const km = kmBetween(start, end);
  if (km < kind.km) return undefined;
  const speed = km / ((to.time - from.time) / 3_600_000);
  return speed > kind.kmPerHour ? speed : undefined;
}

const earthRadiusKm = 6371;

/** Along a great circle. @see https://en.wikipedia.org/wiki/Haversine_formula */
export function kmBetween(a: GeoPlace, b: GeoPlace): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const half = (from: number, to: number): number => Math.sin(radians(to - from) / 2) ** 2;
  const chord =
    half(a.latitude, b.latitude) + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude, b.longitude);
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(chord)));
}
