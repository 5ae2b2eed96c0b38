/**
 * `npm run quiet-month`: ordinary activity of the simulator's company for a month, after one for learning, evaluated by all rules. Prints what they find.
 *
 * `--records 3000` a day, of 60 accounts: about what 60 people do. More of it takes more memory (1 GB for 9,000).
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ruleLibrary } from '../rules/library.ts';
import { ruleSetOf } from '../shared/detections/rule-set.ts';
import { days } from '../shared/domain/window.ts';
import { openLanding } from '../shared/landing/landing.ts';
import { noiseOf, noiseTable, perDay } from './quiet-month/findings-a-day.ts';
import { quietTenant, quietRecords } from './quiet-month/quiet-records.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '3000' },
    days: { type: 'string', default: '30' },
    seed: { type: 'string', default: 'quiet' },
  },
});
const [count, recordsPerDay] = [Number(values.days), Number(values.records)];
const learning = 30;
const startAt = Date.UTC(2026, 8, 1);
const { detections } = ruleSetOf(ruleLibrary());

const folder = await mkdtemp(join(tmpdir(), 'quiet-month-'));
const landing = await openLanding({ memoryMb: 200, spillFolder: folder });
try {
  const place = { landing, folder, tenantId: quietTenant.tenantId };
  const lake = await quietRecords(place, detections, { seed: values.seed, startAt, days: learning + count, recordsPerDay });
  const rows = lake.reduce((total, one) => total + one.rows.length, 0);
  const noise = noiseOf(detections, lake, { tenantId: quietTenant.tenantId, after: startAt + days(learning), days: count });
  process.stdout.write(`${noiseTable(noise)}\n\n`);
  process.stdout.write(
    `${rows.toLocaleString('en')} rows in ${String(learning + count)} days; ${perDay(noise, count).toFixed(2)} findings a day\n`,
  );
} finally {
  landing.close();
  await rm(folder, { recursive: true, force: true });
}
