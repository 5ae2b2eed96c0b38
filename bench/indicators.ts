/**
 * What a million indicators cost: `npm run bench:indicators`. Memory of the index, and CPU time of looking up a million records' addresses
 * and links, in one run.
 */

import { IndexBuilder } from '../shared/detections/indicator-lists/index-builder.ts';
import { openIndex } from '../shared/detections/indicator-lists/open-index.ts';
import type { IndicatorEntry } from '../shared/detections/indicator-lists/entry.ts';

const million = 1_000_000;
const scattered = (number: number): number => Math.imul(number, 2654435761) >>> 0;
const address = (number: number): string => [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.');
const entry = (number: number): IndicatorEntry =>
  number % 2 === 0
    ? { type: 'ip', value: address(scattered(number)), source: 'bench' }
    : { type: 'domain', value: `host${String(number)}.fabrikam.example`, source: 'bench' };

const [file, building] = cpu(() => {
  const builder = new IndexBuilder();
  const parts = [builder.begin()];
  for (let number = 0; number < million; number += 1) parts.push(builder.add(entry(number)) ?? Buffer.alloc(0));
  return Buffer.concat([...parts, ...builder.end()]);
});
globalThis.gc?.();
const before = process.memoryUsage();
const index = openIndex({ length: file.length, read: (position, length) => file.subarray(position, position + length) });
globalThis.gc?.();
const after = process.memoryUsage();
const held = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6;

const records = Array.from({ length: million }, (_, number) => address(scattered(2 * number + 1)));
const links = Array.from({ length: million }, (_, number) => `https://www${String(number)}.contoso.example/a`);
const [foundAddresses, ofAddresses] = cpu(() => records.reduce((sum, text) => sum + (index.find('ip', text, 0) ? 1 : 0), 0));
const [foundLinks, ofLinks] = cpu(() => links.reduce((sum, text) => sum + (index.find('domain', text, 0) ? 1 : 0), 0));

process.stdout.write(`| a million indicators | |
| --- | --- |
| file, MB | ${(file.length / 1e6).toFixed(1)} |
| held in memory, MB | ${held.toFixed(1)} |
| building the index, CPU s | ${building.toFixed(1)} |
| looking up a million addresses, CPU s | ${ofAddresses.toFixed(2)} (${String(foundAddresses)} found) |
| looking up a million links' domains, CPU s | ${ofLinks.toFixed(2)} (${String(foundLinks)} found) |
`);

/** What it answers, and the CPU seconds that it took. */
function cpu<Value>(work: () => Value): [Value, number] {
  const begun = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(begun);
  return [value, (user + system) / 1e6];
}
