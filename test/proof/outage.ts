/** `npm run proof:outage`: Microsoft is away for six hours, 36,000 content blobs wait, and then it is back. In virtual time. */

import { drainQuickly } from './drain.ts';
import { outageScenarios, runOutage, sixHours, type OutageResult } from './outage-scenario.ts';

drainQuickly();
const begun = performance.now();
let failed = 0;
for (const scenario of outageScenarios(sixHours)) {
  const result = await runOutage(scenario);
  console.log(printed(scenario.name, result));
  for (const fault of result.faults) console.log(`  FAILED: ${fault}`);
  failed += result.faults.length;
}
console.log(`${String(sixHours.blobs)} blobs each; ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
process.exitCode = failed > 0 ? 1 : 0;

function printed(name: string, { listedMs, landedMs, fetchesPerBlob, deadLetters, early }: OutageResult): string {
  const minutesOf = (ms: number): string => `${(ms / 60_000).toFixed(1)} min`;
  return [
    `${name}:`,
    `listed after ${minutesOf(listedMs)}, landed after ${minutesOf(landedMs)},`,
    `${fetchesPerBlob.toFixed(2)} fetches a blob, ${String(deadLetters)} dead letters,`,
    `${String(early)} requests before the time that Microsoft had named`,
  ].join(' ');
}
