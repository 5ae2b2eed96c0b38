import { describe } from '@jest/globals';
import { workspaceContract } from '../contracts/workspace-contract.ts';
import { FakeFiles } from './fake-files.ts';
import { FakeWorkspace } from './fake-workspace.ts';

describe('the workspace in memory', () => {
  workspaceContract(() => {
    const files = new FakeFiles();
    const write = (file: string): Promise<void> => {
      files.write(file, 'x');
      return Promise.resolve();
    };
    return Promise.resolve({ workspace: new FakeWorkspace(files), write, has: (file) => files.has(file) });
  });
});
