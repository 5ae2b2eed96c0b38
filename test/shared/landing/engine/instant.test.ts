import { describe, expect, test } from '@jest/globals';
import { instantOf } from '../../../../shared/landing/engine/instant.ts';

describe('a time', () => {
  test.each([
    { text: '2026-11-22T06:05:09', time: '2026-11-22T06:05:09.000000Z', why: 'without zone it is UTC' },
    { text: '2026-11-22T06:05:09Z', time: '2026-11-22T06:05:09.000000Z', why: 'UTC' },
    { text: '2026-11-22 06:05:09 UTC', time: '2026-11-22T06:05:09.000000Z', why: 'with the name of the zone' },
    { text: '2026-11-22T06:05:09+02:00', time: '2026-11-22T04:05:09.000000Z', why: 'with an offset' },
    { text: '2026-11-22T06:05+02', time: null, why: 'as long as a time without zone, and none' },
    { text: '2026-11-22T06:05:09.1234567Z', time: '2026-11-22T06:05:09.123456Z', why: 'seven digits, cut off after six' },
    { text: '2026-11-22T06:05:09.123456789Z', time: '2026-11-22T06:05:09.123456Z', why: 'nine digits' },
    { text: '2026-11-22T06:05:09.5+00:00', time: '2026-11-22T06:05:09.500000Z', why: 'the Event Hub form' },
    { text: 'infinity', time: null, why: 'no time at all, though DuckDB has one by that name' },
    { text: '0001-01-01T00:00:00', time: null, why: "Microsoft's way to say none" },
    { text: '0001-01-01T00:00:00Z', time: null, why: 'the same with zone' },
    { text: '1900-01-01T00:00:00Z', time: '1900-01-01T00:00:00.000000Z', why: 'the earliest that counts' },
    { text: '2026-13-22T06:05:09', time: null, why: 'no such month' },
    { text: 'yesterday', time: null, why: 'no time' },
    { text: '', time: null, why: 'nothing' },
  ])('$text is $time: $why', ({ text, time }) => {
    const instant = instantOf(text);
    expect(instant === null ? null : shown(BigInt(instant))).toBe(time);
  });
});

/** To the µs, which dates do not have. */
function shown(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const second = Number((micros - fraction) / 1_000_000n);
  return new Date(second * 1_000).toISOString().replace('.000Z', `.${String(fraction).padStart(6, '0')}Z`);
}
