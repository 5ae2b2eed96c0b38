/** The index: what is listed is found, nothing else, while it is valid. */

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { IndicatorEntry } from '../../../../shared/detections/indicator-lists/entry.ts';
import { IndexBuilder } from '../../../../shared/detections/indicator-lists/index-builder.ts';
import { openIndex, type IndexBytes } from '../../../../shared/detections/indicator-lists/open-index.ts';

function indexOf(entries: Iterable<IndicatorEntry>): Buffer {
  const builder = new IndexBuilder();
  const parts = [builder.begin()];
  for (const entry of entries) parts.push(builder.add(entry) ?? Buffer.alloc(0));
  return Buffer.concat([...parts, ...builder.end()]);
}

const bytesOf = (file: Buffer): IndexBytes => ({
  length: file.length,
  read: (position, length) => file.subarray(position, position + length),
});
const open = (...entries: IndicatorEntry[]) => openIndex(bytesOf(indexOf(entries)));
const address = (value: string, more: Partial<IndicatorEntry> = {}): IndicatorEntry => ({ type: 'ip', value, source: 'cert', ...more });

describe('an index', () => {
  test('finds what is listed, as its list writes it', () => {
    const index = open(address('203.0.113.7', { about: 'relay' }), address('2001:db8::/32'));
    expect(index.find('ip', '203.0.113.7', 0)).toEqual({ value: '203.0.113.7', source: 'cert', about: 'relay' });
    expect(index.find('ip', '2001:db8::9', 0)).toEqual({ value: '2001:db8::/32', source: 'cert' });
    expect(index.find('ip', '203.0.113.8', 0)).toBeUndefined();
    expect(index.find('user-agent', '203.0.113.7', 0)).toBeUndefined();
  });

  test('counts within the validity, by the time of the record', () => {
    const index = open(address('203.0.113.7', { from: 1000, until: 2000 }));
    expect([999, 1000, 1999, 2000, undefined].map((time) => index.find('ip', '203.0.113.7', time) !== undefined)).toEqual([
      false,
      true,
      true,
      false,
      true,
    ]);
  });

  test('looks at every list that has a value, until one counts', () => {
    const index = open(address('203.0.113.7', { until: 1000 }), address('203.0.113.7', { source: 'isac' }));
    expect(index.find('ip', '203.0.113.7', 500)?.source).toBe('cert');
    expect(index.find('ip', '203.0.113.7', 1500)?.source).toBe('isac');
  });

  test('is empty without indicators, and takes none that is not of its type', () => {
    expect(open().find('ip', '203.0.113.7', 0)).toBeUndefined();
    expect(open(address('nowhere')).head.count).toBe(0);
  });

  test('finds all of any set and nothing beside it, as a set of texts would', () => {
    const value = fc.oneof(fc.ipV4(), fc.domain(), fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), fc.array(value, { maxLength: 60 }), (listed, others) => {
        const index = open(...listed.map((text): IndicatorEntry => ({ type: 'user-agent', value: text, source: 'cert' })));
        const known = new Set(listed.map((text) => text.trim().toLowerCase()).filter((text) => text !== ''));
        const differing = [...listed, ...others].filter(
          (text) =>
            !/\[|\(|\{|hxxp/i.test(text) && (index.find('user-agent', text, 0) !== undefined) !== known.has(text.trim().toLowerCase()),
        );
        expect(differing).toEqual([]);
      }),
    );
  });

  test('of a hundred thousand addresses finds each, and no other of a hundred thousand', () => {
    const text = (number: number) => [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.');
    const scattered = (number: number) => Math.imul(number, 2654435761) >>> 0;
    const entries = Array.from({ length: 100_000 }, (_, number) => address(text(scattered(2 * number))));
    const index = openIndex(bytesOf(indexOf(entries)));
    expect(entries.filter(({ value }) => index.find('ip', value, 0)?.value !== value)).toEqual([]);
    expect(
      Array.from({ length: 100_000 }, (_, number) => text(scattered(2 * number + 1))).filter((value) => index.find('ip', value, 0)),
    ).toEqual([]);
  });
});

test.each([
  ['that is empty', (file: Buffer) => file.subarray(0, 0)],
  ['that was cut off', (file: Buffer) => file.subarray(0, -9)],
  ['of another kind', () => Buffer.from('a text that is long enough to be looked at')],
])('a file %s is refused', (_, damaged) => {
  expect(() => openIndex(bytesOf(damaged(indexOf([address('203.0.113.7')]))))).toThrow(
    'is no index of indicators, or was cut off; import the lists again',
  );
});
