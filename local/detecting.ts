/** What evaluating rules needs on one machine. */

import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ruleSetFromJson, ruleSetToJson, type RuleSet } from '../shared/detections/rule-set.ts';
import { openFindingFiles } from '../shared/landing/finding-files.ts';
import { connectDuckDb } from '../shared/landing/landing.ts';
import { readRows } from '../shared/landing/read-rows.ts';
import type { Detecting, RuleSets } from '../shared/ports/detecting.ts';
import { openIndicators } from './indicator-lists.ts';
import type { LakeFolder } from './lake-folder.ts';
import { openSightings, type LocalSightings } from './sightings.ts';

/** See {@link openDetecting}. */
export interface LocalDetecting extends Detecting {
  readonly sightings: LocalSightings;
  close(): void;
}

/** What writing findings may hold in memory, in MB. */
const memoryMb = 100;

/**
 * Rules over one lake folder.
 *
 * @param rules The set in force; it is stored in the folder, where jobs that name it find it later.
 */
export async function openDetecting(folder: LakeFolder, rules: RuleSet): Promise<LocalDetecting> {
  const lists = openIndicators(folder.path);
  const sightings = openSightings(folder.sightingsFile);
  let connection: Promise<DuckDBConnection> | undefined;
  return {
    rules: await storedRules(join(folder.path, 'rule-sets'), rules),
    indicators: () => Promise.resolve(lists),
    sightings,
    readRows,
    files: openFindingFiles(() => (connection ??= connectDuckDb({ memoryMb, spillFolder: folder.spillTemp }))),
    close: () => {
      sightings.close();
      lists.close();
      void connection?.then((open) => {
        open.closeSync();
      });
    },
  };
}

/** A set is a file that is named by its hash, and never changes. */
async function storedRules(place: string, current: RuleSet): Promise<RuleSets> {
  const fileOf = (hash: string): string => join(place, `${hash}.json`);
  await mkdir(place, { recursive: true });
  if (!existsSync(fileOf(current.hash))) {
    await writeFile(`${fileOf(current.hash)}.new`, ruleSetToJson(current));
    await rename(`${fileOf(current.hash)}.new`, fileOf(current.hash));
  }
  const known = new Map([[current.hash, Promise.resolve(current)]]);
  return {
    current: () => Promise.resolve(current.detections.length === 0 ? undefined : current.hash),
    read: async (hash = current.hash) => {
      // One that is gone was of a lake that was made again, or is another lake's: today's rules are asked then.
      if (!known.has(hash) && !existsSync(fileOf(hash))) return current;
      const set = known.get(hash) ?? readFile(fileOf(hash), 'utf8').then((text) => ruleSetFromJson(text, hash));
      known.set(hash, set);
      return set;
    },
  };
}
