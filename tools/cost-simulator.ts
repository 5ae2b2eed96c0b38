/**
 * The simulator of `npm run cost`, in a process of its own, so that its processor time is nobody else's. Arguments: start time (ms), records,
 * bytes a record, blobs. A message sets its clock, or 0 leaves it as it is; the answer is how many requests it had.
 */

import { benchWorld } from '../simulator/bench-world.ts';
import { startSimulator } from '../simulator/simulator.ts';

const [startAt = 0, records = 0, recordBytes = 0, blobs = 0] = process.argv.slice(2).map(Number);
let now = startAt;
const clock = {
  now: () => now,
  sleep: (ms: number) => {
    now += ms;
    return Promise.resolve();
  },
};
const { baseUrl, requestLog } = await startSimulator({
  world: benchWorld({ startAt, records, recordBytes, blobs }),
  clock,
  throttle: 'off',
});

process.on('message', (time) => {
  now = Number(time) || now;
  const byStatus = [...requestLog.requests.values()].flatMap((counts) => [...counts.values()]);
  process.send?.({ requests: byStatus.reduce((sum, count) => sum + count, 0) });
});
process.send?.({ baseUrl });
