/** Everything that a reconciliation needs, from a lake folder. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { normalizedDatasets } from '../../shared/datasets/index.ts';
import type { HostOverride } from '../../shared/microsoft/host-override.ts';
import { connectMicrosoft } from '../../shared/microsoft/connect.ts';
import { openLanding } from '../../shared/landing/landing.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Tenants } from '../../shared/ports/tenants.ts';
import { asUsage, UsageError } from '../../local/exit.ts';
import { throttleOf } from '../../local/connect.ts';
import { openJobs } from '../../local/jobs.ts';
import { openLakeFolder, type LakeFolder } from '../../local/lake-folder.ts';
import { LocalLake } from '../../local/lake.ts';
import { openLedger } from '../../local/ledger.ts';
import { playSimulation } from '../run/play-simulation.ts';
import { readSimulation } from '../run/simulation.ts';
import { LocalTenants } from '../../local/tenants.ts';
import { openWorkspace } from '../../local/workspace.ts';
import type { ReconcileDeps } from './reconciling.ts';

/** The ports of a reconciliation. Whoever opened them calls `close`. */
export interface Connected {
  readonly deps: ReconcileDeps;
  readonly close: () => Promise<void>;
}

/** Which lake folder to reconcile, and how to reach its tenants. */
export interface LakePlace {
  readonly lake: string;
  /** Not needed for a lake that simulates: its Microsoft is played again. */
  readonly tenantsFile?: string;
  readonly simulator?: string;
  /** The lake is held against a collector, for the ledger is changed. */
  readonly isChanging: boolean;
}

/** What a comparison holds in memory before it spills. */
const memoryMb = 300;

/** @throws UsageError when there is no lake, another run has it and it is to be changed, or nobody says who the tenants are. */
export async function connectLake(place: LakePlace, clock: Clock, log: Log): Promise<Connected> {
  const folder = await asUsage(async () => {
    // A lake is never made here: what is not there is a slip in its name.
    const there = await openLakeFolder(place.lake, { exclusive: false });
    return place.isChanging ? openLakeFolder(there.path, { exclusive: true }) : there;
  });
  const ending: (() => unknown)[] = [
    () => {
      folder.close();
    },
  ];
  const close = async (): Promise<void> => {
    for (const end of ending.reverse()) await end();
  };
  try {
    const played = await microsoftOf(place, folder, clock);
    ending.push(played.close);
    const work = await mkdtemp(join(tmpdir(), 'm365-audit-lake-reconcile-'));
    ending.push(() => rm(work, { recursive: true, force: true }));
    const readOnly = !place.isChanging;
    const [ledger, jobs] = [openLedger(folder.ledgerFile, { readOnly }), openJobs(folder.queueFile, { throttleOf, readOnly })];
    const landing = await openLanding({ memoryMb, spillFolder: work });
    ending.push(
      () => {
        ledger.close();
      },
      () => {
        jobs.close();
      },
      () => {
        landing.close();
      },
    );
    const { tenants, hostOverride } = played;
    const lake = new LocalLake({ root: folder.path, temp: folder.objectsTemp });
    const microsoft = await asUsage(() => connectMicrosoft({ tenants, clock, log, ...(hostOverride && { hostOverride }) }));
    const workspace = await openWorkspace(join(work, 'attempts'));
    const deps = {
      ledger,
      jobs,
      lake,
      inventory: lake,
      landing,
      normalized: normalizedDatasets,
      workspace,
      clock,
      log,
      tenants,
      microsoft,
    };
    return { deps, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Played {
  readonly tenants: Tenants;
  readonly hostOverride?: HostOverride;
  readonly close: () => Promise<void>;
}

async function microsoftOf({ tenantsFile, simulator }: LakePlace, folder: LakeFolder, clock: Clock): Promise<Played> {
  const nothing = (): Promise<void> => Promise.resolve();
  const simulation = await readSimulation(folder);
  if (simulation) {
    const played = await playSimulation(simulation, clock);
    return { tenants: played.tenants, hostOverride: { baseUrl: played.simulator.baseUrl }, close: () => played.simulator.close() };
  }
  if (tenantsFile === undefined)
    throw new UsageError(`the lake in '${folder.path}' holds records of real tenants: say who they are, with --tenants FILE`);
  const tenants = new LocalTenants(tenantsFile, process.env);
  await asUsage(() => tenants.list());
  return { tenants, close: nothing, ...(simulator !== undefined && { hostOverride: { baseUrl: simulator } }) };
}
