import { beforeEach, expect, test } from '@jest/globals';
import type { Workspace } from '../../shared/ports/workspace.ts';

/** A workspace under test, and how its files are written and looked for. */
export interface WorkspaceSetup {
  readonly workspace: Workspace;
  readonly write: (file: string) => Promise<void>;
  readonly has: (file: string) => boolean;
}

/** What every workspace keeps, whatever its folders are made of. */
export function workspaceContract(make: () => Promise<WorkspaceSetup>): void {
  let setup: WorkspaceSetup;
  beforeEach(async () => {
    setup = await make();
  });

  test('a folder and what is in it is there during the work, and gone afterwards', async () => {
    const file = await setup.workspace.use(async (folder) => {
      await setup.write(`${folder}/page.json`);
      expect(setup.has(`${folder}/page.json`)).toBe(true);
      return `${folder}/page.json`;
    });
    expect(setup.has(file)).toBe(false);
  });

  test('it is gone as well when the work fails, and the failure is the caller’s', async () => {
    let file = '';
    const work = setup.workspace.use(async (folder) => {
      file = `${folder}/page.json`;
      await setup.write(file);
      throw new Error('no more disk');
    });
    await expect(work).rejects.toThrow('no more disk');
    expect(setup.has(file)).toBe(false);
  });

  test('files of the same bytes have one digest, and a file that is not there has none', async () => {
    await setup.workspace.use(async (folder) => {
      await setup.write(`${folder}/a`);
      await setup.write(`${folder}/b`);
      const digest = await setup.workspace.digest(`${folder}/a`);
      expect(digest).toMatch(/^[0-9a-f]{64}$/);
      expect(await setup.workspace.digest(`${folder}/b`)).toBe(digest);
      await expect((async () => setup.workspace.digest(`${folder}/c`))()).rejects.toThrow();
    });
  });

  test('two at work at once have folders of their own', async () => {
    const { workspace, write, has } = setup;
    await workspace.use(async (first) => {
      await write(`${first}/page.json`);
      await workspace.use(async (second) => {
        expect(second).not.toBe(first);
        expect(has(`${second}/page.json`)).toBe(false);
        await write(`${second}/page.json`);
      });
      expect(has(`${first}/page.json`)).toBe(true);
    });
  });
}
