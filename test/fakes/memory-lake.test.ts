import { describe } from '@jest/globals';
import { lakeContract } from '../contracts/lake-contract.ts';
import { FakeFiles } from './fake-files.ts';
import { MemoryLake } from './memory-lake.ts';

describe('the lake in memory', () => {
  lakeContract(() => {
    const files = new FakeFiles();
    let staged = 0;
    const stage = (value: unknown): Promise<string> => {
      staged += 1;
      files.write(`staged/${String(staged)}`, value);
      return Promise.resolve(`staged/${String(staged)}`);
    };
    return Promise.resolve({
      lake: new MemoryLake(files),
      folder: 'work/1',
      stage: (rows, metadata) => stage({ rows, metadata }),
      stageBytes: stage,
      bytesOf: (file) => Promise.resolve(files.read(file)),
    });
  });
});
