/** A lake whose ledger is gone would be filled a second time: every blob that Microsoft still serves looks new. */

import { join } from 'node:path';
import { UsageError } from './exit.ts';
import type { LakeFolder } from './lake-folder.ts';
import type { LocalLake } from './lake.ts';
import { metadataNames } from './parquet-footer.ts';

/**
 * Asks the ledger, and the lake only where the ledger knows no stream: at the first start, and when it was lost.
 *
 * @param ledger Of a file that is gone, one that knows nothing.
 * @throws UsageError with the cure, when the lake has an object that was collected. Imported ones are no sign: no ledger knows of them.
 */
export async function refuseLostLedger(
  folder: LakeFolder,
  ledger: { streams(): Promise<readonly unknown[]> },
  lake: Pick<LocalLake, 'list'>,
): Promise<void> {
  if ((await ledger.streams()).length > 0) return;
  const found = await firstCollected(folder, await lake.list('raw/'));
  if (found === undefined) return;
  throw new UsageError(
    `the lake in '${folder.path}' has objects, such as ${found}, and its ledger knows no job: everything that Microsoft still serves would land a second time. ` +
      `If '${folder.ledgerFile}' was lost, run 'lake reconcile --rebuild --lake ${folder.path}' with your tenants file, which makes it again from the lake`,
  );
}

/** Footers that are read by one statement. */
const batch = 500;

/**
 * Looks into every object, until one is found that a job of ours put: among many imported ones there may be a single one. Reading a footer
 * takes about 0.6 ms (5,000 files, on a loaded machine), once for a lake that began with imports.
 */
async function firstCollected({ path }: LakeFolder, keys: readonly string[]): Promise<string | undefined> {
  for (let from = 0; from < keys.length; from += batch) {
    const names = await metadataNames(keys.slice(from, from + batch).map((key) => join(path, key)));
    const found = names.findIndex((has) => has.has('stream') && !has.has('import'));
    if (found >= 0) return keys[from + found];
  }
  return undefined;
}
