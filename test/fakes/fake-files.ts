import { freeze } from './freeze.ts';

/** Files that are values: the fake Landing writes them, the fake Lake takes them. Reading one that is not there throws, as a file would. */
export class FakeFiles {
  private readonly files = new Map<string, unknown>();

  write(path: string, value: unknown): void {
    this.files.set(path, freeze(value));
  }

  read(path: string): unknown {
    if (!this.files.has(path)) throw new Error(`no such file: ${path}`);
    return this.files.get(path);
  }

  has(path: string): boolean {
    return this.files.has(path);
  }

  /** Removes a file, or a folder with all that is in it. */
  remove(path: string): void {
    for (const file of this.files.keys()) if (file === path || file.startsWith(`${path}/`)) this.files.delete(file);
  }

  get size(): number {
    return this.files.size;
  }
}
