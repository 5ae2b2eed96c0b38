/** What `lake verify` looks at, in a lake folder or in a bucket. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainState } from '../../shared/domain/evidence/chain.ts';
import { manifestPrefix, sequenceOfKey, type EvidenceNote } from '../../shared/domain/evidence/manifest.ts';
import type { ManifestFile } from '../../shared/domain/evidence/read-chain.ts';
import type { JobRecord } from '../../shared/domain/fetch-job.ts';
import type { LakeObject } from '../../shared/domain/lake-object.ts';
import { openEvidence } from '../../local/evidence/local-evidence.ts';
import { asUsage } from '../../local/exit.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { LocalLake } from '../../local/lake.ts';

/** Read only, but for `adopt`. */
export interface VerifyPlace {
  chain(dataset: string): Promise<ChainState>;
  /** That no manifest has listed yet. */
  notes(dataset: string): Promise<readonly EvidenceNote[]>;
  /** In the order of their numbers. */
  manifests(dataset: string): Promise<readonly ManifestFile[]>;
  objects(dataset: string): AsyncIterable<LakeObject>;
  /** The object's bytes as a file; none when it has gone meanwhile. @param folder For a copy. */
  file(key: string, folder: string): Promise<string | undefined>;
  /** Every job that the ledger remembers; their members may be missing. */
  jobs(): Promise<readonly JobRecord[]>;
  /** Landing dates before this one have expired by the bucket's own rule. */
  readonly expiredBefore?: string;
  /** Notes for the next manifests. */
  adopt(notes: readonly EvidenceNote[]): Promise<void>;
  close(): void;
}

/** A lake folder. @param exclusive To adopt: no collector may be at work then. */
export async function openFolderToVerify(path: string, { exclusive }: { readonly exclusive: boolean }): Promise<VerifyPlace> {
  await asUsage(() => openLakeFolder(path, { exclusive: false }));
  const folder = await asUsage(() => openLakeFolder(path, { exclusive }));
  const evidence = openEvidence(folder, { readOnly: !exclusive });
  const lake = new LocalLake({ root: folder.path, temp: folder.objectsTemp });
  return {
    chain: (dataset) => evidence.load(dataset),
    notes: (dataset) => evidence.notes(dataset, Infinity),
    manifests: async (dataset) => {
      const files: ManifestFile[] = [];
      for (const key of await lake.list(manifestPrefix(dataset))) {
        const sequence = sequenceOfKey(key);
        if (sequence !== undefined) files.push({ sequence, text: await readFile(join(folder.path, key), 'utf8') });
      }
      return files;
    },
    objects: (dataset) => lake.objects(`raw/${dataset}/`),
    file: (key) => lake.get(key),
    jobs: () => Promise.resolve(evidence.jobs()),
    adopt: (notes) => evidence.add(notes),
    close: () => {
      evidence.close();
      folder.close();
    },
  };
}
