/** The simulator of a benchmark, in a process of its own. Arguments: records, bytes a record (0: as real ones are), blobs. */

import { systemClock } from '../../local/clock.ts';
import { benchWorld } from '../../simulator/bench-world.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { auditRecord, randomNumbers } from '../records.ts';

const [records, recordBytes, blobs] = process.argv.slice(2).map(Number);
const startAt = systemClock.now();
const realistic = recordBytes === 0 ? { record: realisticRecord() } : {};
const world = benchWorld({ startAt, records: records ?? 0, recordBytes: recordBytes ?? 0, blobs: blobs ?? 0, ...realistic });
const simulator = await startSimulator({ world, clock: systemClock, throttle: 'off' });

process.on('message', () => {
  const requests = [...simulator.requestLog.requests.values()].flatMap((byStatus) => [...byStatus.values()]);
  process.send?.({ requests: requests.reduce((sum, count) => sum + count, 0) });
});
process.send?.({ baseUrl: simulator.baseUrl, startAt });

/** Exchange records with the fields and sizes of real ones; a record is asked for once, in any order. */
function realisticRecord(): (number: number, created: number) => string {
  return (number, created) => {
    const random = randomNumbers(number);
    return JSON.stringify(auditRecord('audit-exchange', created - Math.floor(random() * 600_000), random));
  };
}
