/** The ports of a rebuild, for a lake folder and for a bucket. In both cases the embedded DuckDB of this machine does the work. */

import { createReadStream } from 'node:fs';
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { openInventory } from '../../shared/aws/lake-inventory.ts';
import { notesOf } from '../../shared/domain/evidence/manifest.ts';
import { checkKey } from '../../shared/domain/lake-key.ts';
import { digestOfStream } from '../../shared/file-digest.ts';
import { openLanding } from '../../shared/landing/landing.ts';
import { readDeployment } from '../aws/deployment.ts';
import { systemClock } from '../../local/clock.ts';
import { asUsage } from '../../local/exit.ts';
import { forgetParts } from '../../local/compaction/compact-lake.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openEvidence } from '../../local/evidence/local-evidence.ts';
import { NotingLake } from '../../local/evidence/noting-lake.ts';
import { readFooter } from '../../local/parquet-footer.ts';
import { openWorkspace } from '../../local/workspace.ts';
import { NotedBucket } from './noted-bucket.ts';
import type { RebuildDeps } from './rebuild.ts';

type RebuildPlace = RebuildDeps & { close(): Promise<void> };

const memoryMb = 512;

/** A lake folder, held for the rebuild alone. */
export async function openFolderForRebuild(path: string): Promise<RebuildPlace> {
  const folder = await asUsage(() => openLakeFolder(path, { exclusive: true }));
  const landing = await openLanding({ memoryMb, spillFolder: folder.spillTemp });
  const evidence = openEvidence(folder);
  const noting = { evidence, clock: systemClock, because: 'lake normalize' };
  const lake = new NotingLake({ root: folder.path, temp: folder.objectsTemp }, noting);
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
      // Before it is in place: a run that dies between the two is run again, and replaces it then.
      const entry = {
        kind: 'rewritten' as const,
        key,
        ...(await digestOfStream(createReadStream(copy))),
        because: 'lake normalize --replace',
      };
      await evidence.add(notesOf(systemClock.now(), key, [entry]));
      await rename(copy, join(folder.path, checkKey(key)));
    },
    close: () => {
      landing.close();
      evidence.close();
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

/** The bucket of the deployment. */
export async function openBucketForRebuild(): Promise<RebuildPlace> {
  const { bucketName, tableName, objectLock } = await readDeployment();
  const client = new S3Client({});
  const dynamodb = new DynamoDBClient({});
  const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const noted = new NotedBucket({
    s3: client,
    bucket: bucketName,
    lock: objectLock,
    table: { documents, name: tableName, clock: systemClock },
  });
  const temp = await mkdtemp(join(tmpdir(), 'm365-audit-lake-normalize-'));
  const landing = await openLanding({ memoryMb, spillFolder: join(temp, 'spill') });
  return {
    lake: noted.lake,
    replace: (key, file) => noted.replace(key, file),
    inventory: openInventory(client, bucketName, readFooter),
    landing,
    workspace: await openWorkspace(join(temp, 'work')),
    close: async () => {
      await noted.end();
      landing.close();
      client.destroy();
      dynamodb.destroy();
      await rm(temp, { recursive: true, force: true });
    },
  };
}
