/** The station that makes manifests: what has landed of a dataset in hours that are over, chained. */

import {
  beginAfter,
  foreignKeys,
  manifestAfter,
  nextLink,
  positionAfter,
  type ChainPosition,
  type ChainState,
  type NextLink,
} from '../../shared/domain/evidence/chain.ts';
import { manifestKey, manifestText, parseManifest, type StandingEntry } from '../../shared/domain/evidence/manifest.ts';
import type { LandingHour } from '../../shared/domain/landing-hour.ts';
import type { Instant } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Evidence } from '../../shared/ports/evidence.ts';

/** What the station needs. */
export interface ManifestDeps {
  readonly evidence: Evidence;
  readonly clock: Clock;
  /** Asked before each manifest; what is left is for the next run. */
  readonly isOver: () => boolean;
}

/** What was pending, and when that was asked for. */
export interface PendingNow {
  /** Before the question, not after it. */
  readonly asOf: Instant;
  readonly hours: ReadonlySet<LandingHour>;
}

/**
 * Makes the manifests of a dataset that are due.
 *
 * The manifest is put first, at the key that follows from its number, and then the ledger is moved on to what lies there: of two runs one puts it, and
 * both go on from it. A run that dies between the two is ended by the next.
 *
 * @returns How many manifests the chain has grown by in this run.
 * @throws When something else lies where the next manifest belongs.
 */
export async function makeManifests(dataset: string, pending: PendingNow, deps: ManifestDeps): Promise<number> {
  let made = 0;
  while (!deps.isOver()) {
    const done = await step(dataset, pending, deps);
    if (done === 'nothing') return made;
    if (done === 'manifest') made += 1;
  }
  return made;
}

/** `again`: something has changed, and it is looked at anew. */
type Step = 'nothing' | 'manifest' | 'again';

async function step(dataset: string, { asOf, hours: waiting }: PendingNow, deps: ManifestDeps): Promise<Step> {
  const { evidence } = deps;
  const state = await evidence.load(dataset);
  const hours = await evidence.hours(dataset, state.through);
  if (state.version === 0 && (await isOfEarlierVersion(dataset, hours, evidence)))
    return saved(dataset, state, { sequence: 0, open: [], ...beginAfter(asOf) }, evidence);

  const link = nextLink(state, { asOf, pending: waiting, hours });
  const entries: StandingEntry[] = [];
  for (const hour of link.closes) entries.push(...(await evidence.landed(dataset, hour)));
  const notes = await evidence.notes(dataset);
  if (entries.length + notes.length > 0) return put(dataset, state, link, { entries, notes, at: deps.clock.now() }, evidence);
  return isMoving(state, link) ? saved(dataset, state, { ...positionOf(state), ...link.to }, evidence) : 'nothing';
}

/** Of a new lake the ledger knows the oldest hour, too. */
async function isOfEarlierVersion(dataset: string, [oldest]: readonly LandingHour[], evidence: Evidence): Promise<boolean> {
  return oldest !== undefined && !(await evidence.isKnown(dataset, oldest));
}

async function put(
  dataset: string,
  state: ChainState,
  link: NextLink,
  lists: Parameters<typeof manifestAfter>[3],
  evidence: Evidence,
): Promise<Step> {
  const manifest = manifestAfter(dataset, state, link, lists);
  const key = manifestKey(dataset, manifest.sequence);
  const there = await evidence.putManifest(key, manifestText(manifest));
  const { notes, ...to } = positionAfter(dataset, state, key, there);
  if (there !== manifestText(manifest)) {
    const isOvertaken = await refuseForeign(dataset, state, { key, text: there }, evidence);
    if (isOvertaken) return 'again';
  }
  return (await evidence.save(dataset, state.version, to, notes)) ? 'manifest' : 'again';
}

/**
 * Of a manifest that another run has put, what notes say has to be in notes of the ledger.
 *
 * @returns Whether the ledger has moved on meanwhile, by which notes go. @throws When it is not ours.
 */
async function refuseForeign(
  dataset: string,
  { version }: ChainState,
  { key, text }: { readonly key: string; readonly text: string },
  evidence: Evidence,
): Promise<boolean> {
  // Notes first: those that went before the version was read have moved it.
  const notes = await evidence.notes(dataset, Infinity);
  if ((await evidence.load(dataset)).version !== version) return true;
  const manifest = parseManifest(text);
  const [foreign] = manifest ? foreignKeys(manifest, notes) : [];
  if (foreign === undefined) return false;
  throw new Error(
    `the manifest at ${key} says of ${foreign} what no note of the ledger says: somebody else has put it; run 'lake verify', and see docs/security.md`,
  );
}

async function saved(dataset: string, { version }: ChainState, to: ChainPosition, evidence: Evidence): Promise<Step> {
  await evidence.save(dataset, version, to, []);
  return 'again';
}

/** A dataset of which nothing has landed yet has no chain. */
function isMoving({ through, open, version }: ChainState, { to }: NextLink): boolean {
  return to.open.join() !== open.join() || (through === undefined ? version === 0 : to.through > through);
}

function positionOf({ version: _version, ...position }: ChainState): ChainPosition {
  return position;
}
