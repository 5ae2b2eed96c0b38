/**
 * Real processes under bad weather, against the simulator over HTTP.
 *
 * `npm run soak -- --minutes 10 [--seed N]`: one request in twenty goes wrong, in every way of soak/weather.ts, and `kill -9` every 20 s; at the end the
 *   verdict and how often each fault happened. Less than three minutes are too few for all of them.
 * `npm run soak -- --throttled 5`: Microsoft throttles for 5 minutes; at most one request a minute and stream.
 * `npm run soak -- --heals 5`: so many of a hundred answers fail; the last record is there at most 15 s later than in the calm.
 * `npm run soak -- --records 1000000`: memory after a quarter, a half and all of the records.
 */

import { parseArgs } from 'node:util';
import { soakHealing } from './soak/heals.ts';
import { soakMemory } from './soak/memory.ts';
import { soakThrottled } from './soak/throttled.ts';
import { soakUnderKills } from './soak/kills.ts';

const option = { type: 'string' } as const;
const { values } = parseArgs({
  options: { minutes: option, throttled: option, heals: option, records: option, seed: { ...option, default: '1' } },
});
const seed = numberOf('seed', values.seed);
const isNothingAsked = [values.minutes, values.throttled, values.heals, values.records].every((value) => value === undefined);

let held = true;
if (values.minutes !== undefined || isNothingAsked)
  held = (await soakUnderKills(numberOf('minutes', values.minutes ?? '10'), seed)) && held;
if (values.throttled !== undefined) held = (await soakThrottled(numberOf('throttled', values.throttled), seed)) && held;
if (values.heals !== undefined) held = (await soakHealing(numberOf('heals', values.heals), seed)) && held;
if (values.records !== undefined) held = (await soakMemory(numberOf('records', values.records))) && held;
console.log(held ? 'held' : 'FAILED');
process.exitCode = held ? 0 : 1;

function numberOf(name: string, text: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text) && Number(text) > 0) return Number(text);
  throw new Error(`--${name} is '${text}'; it has to be a number above 0`);
}
