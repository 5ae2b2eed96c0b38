/** Findings of rules in a deployment that name somebody. They are few, and are read whole: nobody compacts them, and no query is needed. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import { droppedRowsSql, type DroppedRows } from '../../local/compaction/dropped-rows.ts';
import { findObjects, rewriteDeciding, type FoundObject } from '../../local/erasure/found-objects.ts';
import { asPattern } from '../../local/lake-sql.ts';
import type { LockedVersion } from '../../shared/aws/erase-objects.ts';
import { objectsUnder } from '../../shared/aws/lake-inventory.ts';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import { literal } from '../../shared/domain/literal.ts';
import { fetchTo, putBack, type PersonPlace } from './person-objects.ts';

/** Objects that are on this machine at once, and those that are under way. */
const [objectsAtOnce, requestsAtOnce] = [500, 8];

/** An object of findings with rows that go. */
export interface FindingsObject extends FoundObject {
  /** Of the rows that go. */
  readonly findingIds: readonly string[];
}

/** The objects with findings that name the person, in the order of their keys. They stay in the folder of the place. */
export async function findFindings(rows: DroppedRows, place: PersonPlace, onProgress: (text: string) => void): Promise<FindingsObject[]> {
  const keys: string[] = [];
  const { client, bucket } = place.bucket;
  for await (const { key } of objectsUnder(client, bucket, `raw/${findingsDataset}/`)) keys.push(key);
  const found = new Map<string, FindingsObject>();
  for (let from = 0; from < keys.length; from += objectsAtOnce) {
    onProgress(`looking into ${findingsDataset}: ${String(from)} of ${String(keys.length)} objects`);
    const some = keys.slice(from, from + objectsAtOnce);
    await pMap(some, (key) => fetchTo(key, place), { concurrency: requestsAtOnce });
    for (const object of await findObjects(findingsDataset, rows, place))
      if (!found.has(object.key)) found.set(object.key, { ...object, findingIds: await idsOf(object.key, rows, place) });
    for (const key of some) if (!found.has(key)) await rm(join(place.root, key), { force: true });
  }
  return [...found.values()];
}

async function idsOf(key: string, rows: DroppedRows, { root, connection }: PersonPlace): Promise<string[]> {
  const sql = `SELECT DISTINCT finding_id FROM read_parquet(${literal(asPattern(join(root, key)))}) WHERE ${droppedRowsSql(rows)}`;
  return (await connection.runAndReadAll(sql)).getRows().map(([id]) => String(id));
}

/** Rewrites one: it stays at its key, for it decides what its job has found. @returns Older versions that Object Lock holds. */
export async function eraseFindings(object: FindingsObject, rows: DroppedRows, place: PersonPlace): Promise<LockedVersion[]> {
  await rewriteDeciding(object, rows, place, 'finding_id');
  return putBack(object.key, { erased: String(object.rows) }, place);
}
