import { iso, type Instant } from '../shared/domain/window.ts';
import { contentHash } from './canonical.ts';
import { render } from './graph-rows.ts';
import { simulatedLogType } from './log-types/index.ts';
import type { GraphLogType } from './log-types/log-type.ts';
import { example, type Counts, type Comparison } from './comparison.ts';
import type { Expected } from './expected.ts';
import type { Version, World } from './world.ts';

/** Rows of one Graph log type: how often each content is there, and the time that each names. */
export interface LandedVersions {
  readonly counts: Counts;
  readonly times: Map<string, Instant>;
}

/** Every required version once in one of its forms; nothing twice; nothing that was never served. */
export function compareVersions({ world, versions }: Expected, landed: ReadonlyMap<string, LandedVersions>, comparison: Comparison): void {
  for (const { logType, version } of versions) {
    comparison.served++;
    const counts = landed.get(logType.id)?.counts;
    if (counts && formsOf(version, logType, world).some((form) => counts.has(form))) continue;
    comparison.missing++;
    example(comparison, `${logType.id}: the version of ${iso(version.time)}, visible from ${iso(version.visibleFrom)}, is missing`);
  }
  for (const [logTypeId, { counts, times }] of landed) {
    const logType = simulatedLogType(logTypeId);
    for (const [hash, count] of counts) {
      const wasServed = logType.kind === 'graph' && isOfWorld(world, logType, hash, times.get(hash));
      noteSurplus(logTypeId, count, wasServed, comparison);
    }
  }
}

function noteSurplus(logTypeId: string, count: number, wasServed: boolean, comparison: Comparison): void {
  const surplus = wasServed ? count - 1 : count;
  comparison.repeated += surplus;
  if (surplus > 0)
    example(comparison, `${logTypeId}: a row is ${wasServed ? `there ${String(count)} times` : 'of no version that was ever served'}`);
}

/** Whether some version reads like this; the versions of one millisecond are few. */
function isOfWorld(world: World, logType: GraphLogType, hash: string, time: Instant | undefined): boolean {
  if (time === undefined || Number.isNaN(time)) return false;
  const window = { start: time, end: time + 1 };
  const versions = world.tenants.flatMap((tenant) => world.versions(tenant.tenantId, logType.id, window));
  return versions.some((version) => formsOf(version, logType, world).includes(hash));
}

/** One version reads differently through v1.0 and beta, and with and without Policy.Read.*; each form is that version. */
function formsOf(version: Version, logType: GraphLogType, world: World): readonly string[] {
  const ways = [true, false].flatMap((hasPolicyRead) =>
    (['beta', 'v1.0'] as const).map((api) => ({ api, hasPolicyRead, knowsNewMembers: true })),
  );
  const texts = new Set(ways.map((way) => render({ logType, version }, way, world.records)));
  return [...texts].map(contentHash);
}
