import { createHash } from 'node:crypto';
import type { Workspace } from '../../shared/ports/workspace.ts';
import type { FakeFiles } from './fake-files.ts';

/** Folders that are only names; what was written into one is gone afterwards. */
export class FakeWorkspace implements Workspace {
  private readonly files: FakeFiles;
  private count = 0;

  constructor(files: FakeFiles) {
    this.files = files;
  }

  digest(file: string): Promise<string> {
    return Promise.resolve(
      createHash('sha256')
        .update(JSON.stringify(this.files.read(file)))
        .digest('hex'),
    );
  }

  async use<T>(work: (folder: string) => Promise<T>): Promise<T> {
    this.count += 1;
    const folder = `work/${String(this.count)}`;
    try {
      return await work(folder);
    } finally {
      this.files.remove(folder);
    }
  }
}
