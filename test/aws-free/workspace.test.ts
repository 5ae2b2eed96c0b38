import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openWorkspace } from '../../shared/aws/workspace.ts';
import { workspaceContract } from '../contracts/workspace-contract.ts';

let base = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'workspace-'));
});
afterEach(() => rm(base, { recursive: true }));

describe('the workspace of a sandbox', () => {
  workspaceContract(async () => ({
    workspace: await openWorkspace(base),
    write: (file) => writeFile(file, 'x'),
    has: existsSync,
  }));
});

test('what a process left that is dead, or had our own id, is removed; what a living one has stays', async () => {
  const [dead, living] = ['999999999', String(process.ppid)];
  for (const name of [dead, living, String(process.pid)]) await mkdir(join(base, name, 'attempt-1'), { recursive: true });
  await openWorkspace(base);
  expect([dead, living, String(process.pid)].map((name) => existsSync(join(base, name, 'attempt-1')))).toEqual([false, true, false]);
});
