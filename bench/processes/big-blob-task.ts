/** Lands one blob, in a process of its own. Argument: the blob's file. */

import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { contentJob } from '../../shared/domain/fetch-job.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { openLanding } from '../../shared/landing/landing.ts';
import { peakRssMb } from './peak-rss.ts';

const [blob = ''] = process.argv.slice(2);
const folder = dirname(blob);
await mkdir(join(folder, 'spill'), { recursive: true });
const landing = await openLanding({ memoryMb: 300, spillFolder: join(folder, 'spill') });
const logType = logTypeById('audit-exchange');
const job = contentJob({ cloud: 'enterprise', tenantId: '11111111-1111-4111-8111-111111111111', logType: logType.id }, 'contoso', [], 0);
const landed = await landing.toParquet({
  logType,
  job,
  from: [{ file: blob, contentId: 'blob' }],
  into: join(folder, 'blob.parquet'),
  landedAt: 0,
  without: [],
  metadata: { job: job.jobId },
});
if (landed.kind !== 'written') throw new Error('the blob is unreadable');
const { user, system } = process.cpuUsage();
process.send?.({ rows: landed.rows, cpuSeconds: (user + system) / 1e6, peakRssMb: await peakRssMb() });
landing.close();
process.disconnect();
