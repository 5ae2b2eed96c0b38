/** What a lake folder simulates. It is remembered in the folder, so that a later run meets the same Microsoft. */

import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Instant } from '../../shared/domain/window.ts';
import { asUsage, UsageError } from '../../local/exit.ts';
import type { LakeFolder } from '../../local/lake-folder.ts';
import { recordsWorld } from '../../simulator/records-world.ts';

const schema = z.strictObject({
  /** Start of the simulated world. Seed data began a day before; records of a folder became available in the hours before. */
  startAt: z.number(),
  seed: z.number().optional(),
  records: z.string().optional(),
});

/** Records from a seed, or the records of a folder. */
export interface Simulation {
  readonly startAt: Instant;
  /** An earlier run began it. */
  readonly isRemembered: boolean;
  readonly seed?: number;
  readonly records?: string;
}

const fileName = 'simulation.json';
const defaultSeed = 1;

/**
 * The simulation of a lake: remembered, or begun now.
 *
 * @throws When the lake holds another simulation, or records of real tenants: simulated records never mix with others.
 */
export async function openSimulation(
  folder: LakeFolder,
  wanted: { seed?: number; records?: string },
  hasStreams: boolean,
  now: Instant,
): Promise<Simulation> {
  const asked = wanted.records === undefined ? { seed: wanted.seed ?? defaultSeed } : { records: resolve(wanted.records) };
  const known = await readSimulation(folder);
  if (!known) {
    if (hasStreams)
      throw new UsageError(
        `the lake in '${folder.path}' holds records of real tenants: use another folder for a simulation, with --lake DIR`,
      );
    await writeSimulation(folder, { startAt: now, ...asked });
    return { startAt: now, isRemembered: false, ...asked };
  }
  const isSame =
    wanted.records === undefined
      ? known.records === undefined && known.seed === (wanted.seed ?? known.seed)
      : known.records === asked.records;
  if (isSame) return known;
  throw new UsageError(
    `the lake in '${folder.path}' simulates ${nameOf(known)}, not ${nameOf(asked)}: use another folder, with --lake DIR, or delete this one`,
  );
}

/**
 * Looks at the records that a simulation is to serve, before anything is made.
 *
 * @throws UsageError when the folder or its files cannot be read, or have no record in them.
 */
export async function checkRecords(folder: string, now: Instant): Promise<void> {
  const { served, skipped } = await asUsage(() => recordsWorld({ folder, startAt: now }));
  if (served.values().some((records) => records > 0)) return;
  const [first] = skipped;
  const why = first ? `; ${first.file}${first.line === undefined ? '' : `:${String(first.line)}`}: ${first.why}` : '';
  throw new UsageError(`there is no record in '${folder}'${why}: give a file of JSON lines, an object a line, named for a log type`);
}

/** @throws When the lake is a simulated one: real records never mix with others. */
export async function refuseSimulation(folder: LakeFolder): Promise<void> {
  const known = await readSimulation(folder);
  if (known)
    throw new UsageError(
      `the lake in '${folder.path}' holds simulated records (${nameOf(known)}): use another folder for real tenants, with --lake DIR`,
    );
}

function nameOf({ seed, records }: { seed?: number; records?: string }): string {
  return records === undefined ? `records from seed ${String(seed ?? defaultSeed)}` : `the records of '${records}'`;
}

/** The simulation of a lake folder; undefined when its records are real ones. */
export async function readSimulation(folder: Pick<LakeFolder, 'path'>): Promise<Simulation | undefined> {
  const file = join(folder.path, fileName);
  if (!existsSync(file)) return undefined;
  const { startAt, seed, records } = schema.parse(JSON.parse(await readFile(file, 'utf8')));
  return { startAt, isRemembered: true, ...(seed === undefined ? {} : { seed }), ...(records === undefined ? {} : { records }) };
}

async function writeSimulation(folder: LakeFolder, simulation: z.infer<typeof schema>): Promise<void> {
  const draft = join(folder.workTemp, fileName);
  await writeFile(draft, `${JSON.stringify(simulation)}\n`);
  await rename(draft, join(folder.path, fileName));
}
