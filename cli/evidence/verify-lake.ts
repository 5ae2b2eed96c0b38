/** Verifying: chains, objects and ledger of a lake held against each other. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chainedDatasets } from '../../shared/datasets/chained-datasets.ts';
import { adoptAll } from '../../shared/domain/evidence/chain.ts';
import { judgeObjects, type FoundObject, type Judged, type TamperFinding } from '../../shared/domain/evidence/judge-objects.ts';
import { entriesOf, notesOf, type EvidenceNote, type StandingEntry } from '../../shared/domain/evidence/manifest.ts';
import { readChain, type ReadChain } from '../../shared/domain/evidence/read-chain.ts';
import type { JobRecord } from '../../shared/domain/fetch-job.ts';
import { jobOfKey } from '../../shared/domain/landing-key.ts';
import { hours, utcHour, type Instant } from '../../shared/domain/window.ts';
import { systemClock } from '../../local/clock.ts';
import { connectDuckDb, openLanding } from '../../shared/landing/landing.ts';
import { rawDatasets } from '../../shared/log-types/index.ts';
import { examine, type ExamineTools } from './examine.ts';
import type { VerifyPlace } from './verify-place.ts';

/** What is verified, and how closely. */
export interface VerifyRequest {
  readonly datasets?: readonly string[];
  /** Objects of landing dates from this one on; chains are always read whole. */
  readonly since?: string;
  /** Digests alone. */
  readonly isQuick?: boolean;
  /** Objects that no manifest lists, and that nothing speaks against, are listed from now on as they stand. */
  readonly adoptAt?: Instant;
  readonly onProgress?: (dataset: string, objects: number) => void;
}

/** What was found of one dataset. */
export interface VerifiedDataset extends Omit<Judged, 'findings'> {
  readonly dataset: string;
  readonly manifests: number;
  /** SHA-256 of the newest manifest, as the ledger knows it: kept elsewhere, it proves the whole chain. */
  readonly head?: string;
  readonly objects: number;
  readonly rows: number;
  readonly adopted: number;
  readonly findings: readonly TamperFinding[];
}

/** Memory of each embedded DuckDB. */
const memoryMb = 256;

/** Every dataset that has a chain or an object. */
export async function verifyLake(place: VerifyPlace, request: VerifyRequest): Promise<VerifiedDataset[]> {
  const folder = await mkdtemp(join(tmpdir(), 'm365-audit-lake-verify-'));
  const connection = await connectDuckDb({ memoryMb, spillFolder: join(folder, 'spill') });
  const landing = await openLanding({ memoryMb, spillFolder: join(folder, 'spill') });
  try {
    const witness = witnessOf(await place.jobs());
    const verified: VerifiedDataset[] = [];
    for (const { dataset } of chainedDatasets)
      if (request.datasets?.includes(dataset) ?? true)
        verified.push(await verifyDataset(dataset, place, witness, request, { connection, landing, folder }));
    return verified.filter(({ objects, manifests, findings }) => objects + manifests + findings.length > 0);
  } finally {
    landing.close();
    connection.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the ledger says, beside the manifests. */
interface Witness {
  /** By key, of all datasets. */
  readonly entries: ReadonlyMap<string, StandingEntry>;
  /** Job ids. */
  readonly pending: ReadonlySet<string>;
}

function witnessOf(jobs: readonly JobRecord[]): Witness {
  const isPending = ({ state }: JobRecord): boolean => state.state === 'pending';
  const entries = jobs.flatMap(({ job, state }) => entriesOf(job.isAgain ? 'again' : 'landed', job, state.objects ?? []));
  return {
    entries: new Map(entries.map((entry) => [entry.key, entry])),
    pending: new Set(jobs.filter(isPending).map(({ job }) => job.jobId)),
  };
}

async function verifyDataset(
  dataset: string,
  place: VerifyPlace,
  witness: Witness,
  request: VerifyRequest,
  tools: ExamineTools,
): Promise<VerifiedDataset> {
  const prefix = `raw/${dataset}/`;
  const isAsked = (key: string): boolean => key.startsWith(prefix) && isSince(key, request);
  const notes = await place.notes(dataset);
  const chain = readChain(dataset, await place.chain(dataset), await place.manifests(dataset), notes);
  const asked = { ...chain, standing: new Map([...chain.standing].filter(([key]) => isAsked(key))) };
  const ledger = new Map([...witness.entries].filter(([key]) => isAsked(key)));
  const found = await findObjects(dataset, asked, ledger, place, request, tools);
  const { findings, ...judged } = judgeObjects(found, {
    chain: asked,
    ledger,
    runningHour: utcHour(systemClock.now() + hours(1)),
    isPending: (key) => witness.pending.has(jobOfKey(key)?.jobId ?? ''),
    ...(place.expiredBefore !== undefined && { expiredBefore: place.expiredBefore }),
  });
  const adopting = request.adoptAt === undefined ? [] : adoptable(asked, found, findings);
  if (request.adoptAt !== undefined) await place.adopt(adoptionOf(dataset, adopting, chain, request, request.adoptAt));
  return {
    ...judged,
    dataset,
    manifests: chain.manifests,
    ...(chain.head !== undefined && { head: chain.head }),
    objects: found.size,
    rows: [...found.values()].reduce((sum, { rows = 0 }) => sum + rows, 0),
    adopted: adopting.length,
    findings: [...chain.faults.map((what): TamperFinding => ({ kind: 'chain', what })), ...withoutAdopted(findings, adopting)],
  };
}

function withoutAdopted(findings: readonly TamperFinding[], adopting: readonly [string, FoundObject][]): TamperFinding[] {
  const keys = new Set<string | undefined>(adopting.map(([key]) => key));
  return findings.filter(({ key }) => !keys.has(key));
}

const isSince = (key: string, { since = '' }: VerifyRequest): boolean => (jobOfKey(key)?.landingHour ?? '~') >= since;

async function findObjects(
  dataset: string,
  { standing }: ReadChain,
  ledger: ReadonlyMap<string, StandingEntry>,
  place: VerifyPlace,
  request: VerifyRequest,
  tools: ExamineTools,
): Promise<Map<string, FoundObject>> {
  const found = new Map<string, FoundObject>();
  const hasRecords = rawDatasets.some((name) => name === dataset);
  for await (const { key } of place.objects(dataset)) {
    if (!isSince(key, request)) continue;
    request.onProgress?.(dataset, found.size);
    const file = await place.file(key, tools.folder);
    if (file === undefined) continue;
    const expected = standing.get(key) ?? ledger.get(key);
    found.set(key, await examine(file, { expected, hasRecords, isQuick: request.isQuick ?? false }, tools));
    if (file.startsWith(tools.folder)) await rm(file, { force: true });
  }
  return found;
}

/** Objects without an entry. One that something speaks against waits until that is dealt with, but for being in no manifest. */
function adoptable(
  { standing, through, open }: ReadChain,
  found: ReadonlyMap<string, FoundObject>,
  findings: readonly TamperFinding[],
): [string, FoundObject][] {
  const against = new Set(findings.flatMap(({ key, kind }) => (key !== undefined && kind !== 'added' ? [key] : [])));
  const isClosed = (key: string): boolean => {
    const hour = jobOfKey(key)?.landingHour ?? '';
    return through !== undefined && hour <= through && !open.includes(hour);
  };
  return [...found].filter(([key]) => !standing.has(key) && !against.has(key) && isClosed(key));
}

function adoptionOf(
  dataset: string,
  adopting: readonly [string, FoundObject][],
  { begins }: ReadChain,
  { since }: VerifyRequest,
  at: Instant,
): EvidenceNote[] {
  const entries = adopting.map(([key, { sha256, bytes, rows }]): StandingEntry => ({
    kind: 'adopted',
    key,
    sha256,
    bytes,
    ...(rows !== undefined && { rows }),
    because: 'lake verify --adopt',
  }));
  // From then on the whole lake is in the chain.
  const isAll = since === undefined && begins !== undefined;
  return [...notesOf(at, 'adopt', entries), ...(isAll ? [{ dataset, id: `${new Date(at).toISOString()}#${adoptAll}`, entries: [] }] : [])];
}
