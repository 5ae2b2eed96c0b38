import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openJobs } from '../../local/jobs.ts';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import { jobsContract } from '../contracts/jobs-contract.ts';
import { at, blobs, due, pass } from '../contracts/samples.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const throttleOf = (logType: string): string => (logType === 'alerts' ? 'security' : 'reporting');

describe('the queue on one machine', () => {
  jobsContract(async () => openJobs(join(await makeFolder(), 'queue.sqlite'), { throttleOf }));
});

test('a run that opens the queue after a killed one gets what that one had in flight, at once and in order', async () => {
  const file = join(await makeFolder(), 'queue.sqlite');
  const now = at('09:00');
  const windows = [pass(0, '06:00', '06:05'), pass(0, '06:05', '06:10')].map((job) => ({ ref: jobRef(job), dueAt: due }));
  const killed = openJobs(file, { throttleOf });
  await killed.send([{ ref: jobRef(blobs('a')), dueAt: due }, ...windows]);
  await killed.receive('content', 1, 60_000, now);
  await killed.receive('window', 1, 60_000, now);
  expect(await killed.size(now)).toEqual({ queued: 3, inFlight: 2 });
  killed.close();

  const next = openJobs(file, { throttleOf, redeliver: true });
  expect(await next.size(now)).toEqual({ queued: 3, inFlight: 0 });
  expect(await next.receive('content', 10, 60_000, now)).toHaveLength(1);
  expect((await next.receive('window', 10, 60_000, now)).map(({ queued }) => queued)).toEqual(windows.slice(0, 1));
  next.close();
});
