import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { openWorkspace } from '../../local/workspace.ts';
import { expect, test } from '@jest/globals';
import { workspaceContract } from '../contracts/workspace-contract.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();

describe('the workspace on one machine', () => {
  workspaceContract(async () => ({
    workspace: await openWorkspace(join(await makeFolder(), 'work')),
    write: (file) => writeFile(file, 'x'),
    has: existsSync,
  }));

  test('what a killed run left in the base is removed when it is opened', async () => {
    const base = join(await makeFolder(), 'work');
    await mkdir(join(base, 'attempt-of-a-dead-run', 'pages'), { recursive: true });
    await openWorkspace(base);
    expect(await readdir(base)).toEqual([]);
  });
});
