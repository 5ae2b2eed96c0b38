import { answer } from '../../local/answer.ts';
import { checkKey } from '../../shared/domain/lake-key.ts';
import type { ObjectMetadata } from '../../shared/domain/landing-key.ts';
import type { Lake } from '../../shared/ports.ts';
import type { FakeFiles } from './fake-files.ts';
import { freeze } from './freeze.ts';

interface StoredObject {
  readonly content: unknown;
  readonly metadata: ObjectMetadata;
}

/** The lake in memory: an object is whatever value the staged file held. The first write of a key wins. */
export class MemoryLake implements Lake {
  private readonly files: FakeFiles;
  private readonly objects = new Map<string, StoredObject>();

  constructor(files: FakeFiles) {
    this.files = files;
  }

  head(key: string): Promise<ObjectMetadata | undefined> {
    return answer(() => this.objects.get(checkKey(key))?.metadata);
  }

  putOnce(key: string, file: string, metadata: ObjectMetadata): Promise<'put' | 'taken'> {
    return answer(() => {
      const content = this.files.read(file);
      if (this.objects.has(checkKey(key))) return 'taken';
      this.objects.set(key, freeze({ content, metadata: { ...metadata } }));
      return 'put';
    });
  }

  get(key: string, folder: string): Promise<string | undefined> {
    return answer(() => {
      const object = this.objects.get(checkKey(key));
      if (!object) return undefined;
      const file = `${folder}/${key.replaceAll('/', '_')}`;
      this.files.write(file, object.content);
      return file;
    });
  }

  list(prefix: string): Promise<readonly string[]> {
    return answer(() => [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort());
  }

  /** For oracles: what stands at a key. */
  objectAt(key: string): StoredObject | undefined {
    return this.objects.get(key);
  }

  /** For oracles: every object, in the order of writing. */
  all(): ReadonlyMap<string, StoredObject> {
    return this.objects;
  }
}
