/** The ports of a rebuild, for a lake folder and for a bucket. In both cases the embedded DuckDB of this machine does the work. */

import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { openInventory } from '../../shared/aws/lake-inventory.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { checkKey } from '../../shared/domain/lake-key.ts';
import { openLanding } from '../../shared/landing/landing.ts';
import { readDeployment } from '../aws/deployment.ts';
import { systemClock } from '../../local/clock.ts';
import { asUsage } from '../../local/exit.ts';
import { forgetParts } from '../../local/compaction/compact-lake.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { LocalLake } from '../../local/lake.ts';
import { readFooter } from '../../local/parquet-footer.ts';
import { openWorkspace } from '../../local/workspace.ts';
import type { RebuildDeps } from './rebuild.ts';

type RebuildPlace = RebuildDeps & { close(): Promise<void> };

const memoryMb = 512;

/** A lake folder, held for the rebuild alone. */
export async function openFolderForRebuild(path: string): Promise<RebuildPlace> {
  const folder = await asUsage(() => openLakeFolder(path, { exclusive: true }));
  const landing = await openLanding({ memoryMb, spillFolder: folder.spillTemp });
  const lake = new LocalLake({ root: folder.path, temp: folder.objectsTemp });
  const forgotten = onceEach((dataset) => forgetParts(folder, dataset, systemClock));
  return {
    lake,
    inventory: lake,
    landing,
    workspace: await openWorkspace(folder.workTemp),
    replace: async (key, file) => {
      // First of all: from then on the dataset is read from its objects, and none of the old rows from a part.
      await forgotten(datasetOf(key));
      const copy = join(folder.objectsTemp, 'replacement');
      await copyFile(file, copy);
      await rename(copy, join(folder.path, checkKey(key)));
    },
    close: () => {
      landing.close();
      folder.close();
      return Promise.resolve();
    },
  };
}

/** Does the work the first time that a name is given. */
function onceEach(work: (name: string) => Promise<void>): (name: string) => Promise<void> {
  const done = new Set<string>();
  return async (name) => {
    if (done.has(name)) return;
    await work(name);
    done.add(name);
  };
}

const datasetOf = (key: string): string => key.split('/')[1] ?? '';

/** The bucket of the deployment. Its objects are written once: none is replaced. */
export async function openBucketForRebuild(): Promise<RebuildPlace> {
  const { bucketName } = await readDeployment();
  const client = new S3Client({});
  const temp = await mkdtemp(join(tmpdir(), 'm365-audit-lake-normalize-'));
  const landing = await openLanding({ memoryMb, spillFolder: join(temp, 'spill') });
  return {
    lake: openLake(client, bucketName, systemClock),
    inventory: openInventory(client, bucketName, readFooter),
    landing,
    workspace: await openWorkspace(join(temp, 'work')),
    close: async () => {
      landing.close();
      client.destroy();
      await rm(temp, { recursive: true, force: true });
    },
  };
}
