/** Lists of indicators of a deployment: objects of its bucket. The index is made on this machine, and workers fetch it within five minutes. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { indexFileOf, indicatorLists, listFileOf, prepareLists, rebuildIndex, writeIndicatorList } from '../../local/indicator-lists.ts';
import {
  deleteList,
  getIndex,
  getList,
  listObjects,
  putIndex,
  putList,
  type IndicatorPlace,
  type ListObject,
} from '../../shared/aws/indicator-objects.ts';
import type { IndicatorStore } from '../indicators/store.ts';
import { readDeployment } from './deployment.ts';

/** The bucket of the deployment that this shell's credentials and `LAKE_DEPLOYMENT` name. */
export async function openDeploymentIndicators(): Promise<IndicatorStore> {
  const { bucketName: bucket } = await readDeployment();
  return indicatorsInBucket({ client: new S3Client({}), bucket });
}

/** @param place The bucket, as whoever runs the command may use it. */
export function indicatorsInBucket(place: IndicatorPlace): IndicatorStore {
  return {
    what: 'the deployment',
    lists: () =>
      inFolder(async (folder) => {
        await getIndex(place, indexFileOf(folder));
        return indicatorLists(folder);
      }),
    write: (name, entries) =>
      inFolder(async (folder) => {
        await writeIndicatorList(folder, name, entries);
        await putList(place, name, listFileOf(folder, name));
        return makeIndex(place, folder);
      }),
    remove: (name) =>
      inFolder(async (folder) => {
        if (!(await listObjects(place)).some((list) => list.name === name)) return false;
        await deleteList(place, name);
        await makeIndex(place, folder);
        return true;
      }),
  };
}

/** Two that import at once make the index one after the other: each looks again whether the lists are those that it read. */
async function makeIndex(place: IndicatorPlace, folder: string): Promise<number> {
  for (;;) {
    const lists = await listObjects(place);
    await prepareLists(folder);
    for (const { name } of lists) await getList(place, name, listFileOf(folder, name));
    const { count } = await rebuildIndex(folder);
    await putIndex(place, indexFileOf(folder));
    if (isSame(lists, await listObjects(place))) return count;
  }
}

const isSame = (before: readonly ListObject[], after: readonly ListObject[]): boolean => JSON.stringify(before) === JSON.stringify(after);

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'm365-audit-lake-indicators-'));
  try {
    await prepareLists(folder);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
