import { createHash } from 'node:crypto';
import { answer } from '../../local/answer.ts';
import { checkKey } from '../../shared/domain/lake-key.ts';
import type { ObjectMetadata } from '../../shared/domain/landing-key.ts';
import type { ObjectDigest } from '../../shared/domain/sealed-object.ts';
import type { LakeObject } from '../../shared/domain/lake-object.ts';
import type { Lake, LakeInventory } from '../../shared/ports/lake.ts';
import type { FakeFiles } from './fake-files.ts';
import { freeze } from './freeze.ts';

interface StoredObject {
  readonly content: unknown;
  readonly metadata: ObjectMetadata;
  readonly putAt: number;
}

/** The lake in memory: an object is whatever value the staged file held. The first write of a key wins. */
export class MemoryLake implements Lake, LakeInventory {
  private readonly files: FakeFiles;
  private readonly now: () => number;
  private readonly stored = new Map<string, StoredObject>();

  /** @param now When an object is put; it stands in the inventory only. */
  constructor(files: FakeFiles, now: () => number = () => 0) {
    this.files = files;
    this.now = now;
  }

  head(key: string): Promise<ObjectMetadata | undefined> {
    return answer(() => this.stored.get(checkKey(key))?.metadata);
  }

  putOnce(key: string, file: string, metadata: ObjectMetadata): Promise<'put' | 'taken'> {
    return answer(() => {
      const content = this.files.read(file);
      if (this.stored.has(checkKey(key))) return 'taken';
      this.stored.set(key, freeze({ content, metadata: { ...metadata }, putAt: this.now() }));
      return 'put';
    });
  }

  get(key: string, folder: string): Promise<string | undefined> {
    return answer(() => {
      const object = this.stored.get(checkKey(key));
      if (!object) return undefined;
      const file = `${folder}/${key.replaceAll('/', '_')}`;
      this.files.write(file, object.content);
      return file;
    });
  }

  digest(key: string): Promise<ObjectDigest | undefined> {
    return answer(() => {
      const object = this.stored.get(checkKey(key));
      return object && { sha256: createHash('sha256').update(JSON.stringify(object.content)).digest('hex'), bytes: 1 };
    });
  }

  list(prefix: string): Promise<readonly string[]> {
    return answer(() => [...this.stored.keys()].filter((key) => key.startsWith(prefix)).sort());
  }

  async *objects(prefix: string): AsyncGenerator<LakeObject> {
    for (const key of await this.list(prefix)) yield { key, putAt: this.stored.get(key)?.putAt ?? 0, bytes: 1 };
  }

  /** A staged file that says something of itself says it here, as a Parquet file does. */
  describe(key: string): Promise<ObjectMetadata | undefined> {
    return answer(() => {
      const object = this.stored.get(checkKey(key));
      if (!object) return undefined;
      const { metadata = {} } = (typeof object.content === 'object' ? object.content : {}) as { metadata?: ObjectMetadata };
      return { ...metadata, ...object.metadata };
    });
  }

  /** For tests of what follows: somebody deletes the object. */
  remove(key: string): void {
    this.stored.delete(key);
  }

  /** For oracles: whether any key begins like this. */
  hasPrefix(prefix: string): boolean {
    return [...this.stored.keys()].some((key) => key.startsWith(prefix));
  }

  /** For oracles: what stands at a key. */
  objectAt(key: string): StoredObject | undefined {
    return this.stored.get(key);
  }

  /** For oracles: every object, in the order of writing. */
  all(): ReadonlyMap<string, StoredObject> {
    return this.stored;
  }
}
