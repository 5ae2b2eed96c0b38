/** The simulator of a benchmark, in a process of its own. Arguments: records, bytes a record, blobs. */

import { systemClock } from '../../local/clock.ts';
import { benchWorld } from '../../simulator/bench-world.ts';
import { startSimulator } from '../../simulator/simulator.ts';

const [records, recordBytes, blobs] = process.argv.slice(2).map(Number);
const startAt = systemClock.now();
const world = benchWorld({ startAt, records: records ?? 0, recordBytes: recordBytes ?? 0, blobs: blobs ?? 0 });
const simulator = await startSimulator({ world, clock: systemClock, throttle: 'off' });

process.on('message', () => {
  const requests = [...simulator.requestLog.requests.values()].flatMap((byStatus) => [...byStatus.values()]);
  process.send?.({ requests: requests.reduce((sum, count) => sum + count, 0) });
});
process.send?.({ baseUrl: simulator.baseUrl, startAt });
