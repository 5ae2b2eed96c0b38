/** What happened in a simulated tenant, and the objects in which it landed: late, unordered, and some of it twice. */

import type { Row } from '../../shared/detections/compile/row.ts';
import { days, hours, minutes, type Instant } from '../../shared/domain/window.ts';
import type { Draw } from '../compaction/draw.ts';

/** One raw object. */
export interface SimulatedObject {
  readonly logType: 'directory-audits' | 'sign-ins-interactive';
  readonly rows: readonly Row[];
}

const start = Date.parse('2026-11-20T00:00:00Z');
const actors = ['lee', 'megan', 'pat'];
const addresses = ['203.0.113.1', '203.0.113.2', '198.51.100.9'];
const places = [
  [53.1, 8.8],
  [1.4, 103.8],
  [40.7, -74],
  [0, 0],
] as const;

/** The objects of one seed, in the order in which they land. */
export function simulatedObjects(draw: Draw): readonly SimulatedObject[] {
  const audits = [...bursts(draw), ...uses(draw), ...(draw.chance(0.4) ? floods(draw) : [])];
  const signIns = journeys(draw);
  const objects = [...dealt(audits, 'directory-audits', draw), ...dealt(signIns, 'sign-ins-interactive', draw)];
  return shuffled(objects, draw);
}

/** Most has happened by then, and none of that is old. */
export const firstEvening: Instant = start + hours(22);

/** The time of the last event, and somewhat more. */
export const afterEverything = (): Instant => start + days(9);

let serial = 0;
const audit = (time: Instant, more: Row): Row => ({
  event_time: new Date(time),
  record_id: `r${String((serial += 1))}`,
  record_key: `k${String(serial)}`,
  ...more,
});

/** Many of a kind at nearly one time: around the edges of windows and buckets. */
function bursts(draw: Draw): Row[] {
  const rows: Row[] = [];
  for (let burst = draw.upTo(3); burst >= 0; burst -= 1) {
    const edge = draw.chance(0.5) ? hours(draw.upTo(20)) : minutes(draw.upTo(1200));
    const spread = minutes(1 + draw.upTo(60));
    for (let event = draw.upTo(14); event >= 0; event -= 1) {
      const time = start + edge - minutes(15) + Math.floor(draw.next() * spread);
      const operation = draw.of(['fail', 'fail', 'fail', 'deny', 'grant', 'bad', 'other']);
      rows.push(audit(time, { operation, actor_upn: draw.of(actors), source_ip: draw.of(addresses), source_port: draw.upTo(9) }));
    }
  }
  return rows;
}

/** So much of one group that not all of it is kept: sparse hours with something dense in the middle. */
function floods(draw: Draw): Row[] {
  const [actor, address] = [draw.of(actors), draw.of(addresses)];
  const from = start + hours(draw.upTo(20));
  const dense = from + minutes(draw.upTo(50));
  return Array.from({ length: 20 + draw.upTo(50) }, (_, index) => {
    const time = index % 3 === 0 ? dense + Math.floor(draw.next() * minutes(9)) : from + Math.floor(draw.next() * hours(2));
    const operation = draw.chance(0.6) ? 'fail' : draw.of(['deny', 'grant']);
    const who = draw.chance(0.5) ? actor : draw.of(['ada', 'kim', 'joe', ...actors]);
    return audit(time, {
      operation,
      actor_upn: who,
      source_ip: draw.chance(0.8) ? address : draw.of(addresses),
      source_port: draw.upTo(3),
    });
  });
}

/** Values that come, stay away for some days, and come again. */
function uses(draw: Draw): Row[] {
  return Array.from({ length: draw.upTo(16) }, () => {
    const time = start + days(draw.upTo(8)) + hours(draw.upTo(23));
    const target = draw.of(['payroll', 'wiki', 'vault']);
    return audit(time, { operation: 'use', actor_upn: draw.of(actors), source_ip: draw.of(addresses), target_name: target });
  });
}

function journeys(draw: Draw): Row[] {
  return Array.from({ length: draw.upTo(14) }, () => {
    const [latitude, longitude] = draw.of(places);
    const time = start + minutes(draw.upTo(1500));
    return audit(time, { operation: 'Sign-in', log_type: 'sign-ins-interactive', actor_upn: draw.of(actors), latitude, longitude });
  });
}

/** Each record into one object, and one in eight into another as well. */
function dealt(rows: readonly Row[], logType: SimulatedObject['logType'], draw: Draw): SimulatedObject[] {
  const objects = Array.from({ length: 1 + draw.upTo(draw.of([0, 1, 6])) }, (): Row[] => []);
  for (const row of rows) for (let copies = draw.chance(0.12) ? 2 : 1; copies > 0; copies -= 1) draw.of(objects).push(row);
  return objects.filter((own) => own.length > 0).map((own) => ({ logType, rows: own }));
}

function shuffled<T>(list: readonly T[], draw: Draw): T[] {
  return list
    .map((item) => ({ item, at: draw.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
