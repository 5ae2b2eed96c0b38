import { join } from 'node:path';
import { describe } from '@jest/globals';
import { openJobs } from '../../local/jobs.ts';
import { jobsContract } from '../contracts/jobs-contract.ts';
import { temporaryFolders } from './temporary-folder.ts';

const makeFolder = temporaryFolders();
const throttleOf = (logType: string): string => (logType === 'alerts' ? 'security' : 'reporting');

describe('the queue on one machine', () => {
  jobsContract(async () => openJobs(join(await makeFolder(), 'queue.sqlite'), { throttleOf }));
});
