import { describe } from '@jest/globals';
import { jobsContract } from '../contracts/jobs-contract.ts';
import { MemoryJobs } from './memory-jobs.ts';

describe('the queue in memory', () => {
  jobsContract(() => Promise.resolve(new MemoryJobs()));
});
