/** What the chain of a dataset does next. Decisions over values: the station carries them out. */

import { lastDueHour } from '../hour-compaction.ts';
import { hourLater, type LandingHour } from '../landing-hour.ts';
import { iso, type Instant } from '../window.ts';
import { digestOfText, parseManifest, type EvidenceNote, type Manifest, type ManifestEntry } from './manifest.ts';

/** How far a dataset's chain is. */
export interface ChainPosition {
  /** Of the newest manifest; 0 before the first. */
  readonly sequence: number;
  /** SHA-256 of its file. */
  readonly head?: string;
  /** Every hour up to this one is in a manifest, but for open ones. */
  readonly through?: LandingHour;
  readonly open: readonly LandingHour[];
  readonly begins?: LandingHour;
}

/** A position as it is stored: 0 before the first write, and every write adds one. */
export type ChainState = ChainPosition & { readonly version: number };

/** What {@link nextLink} is given. */
export interface ChainSituation {
  /** Before pending hours were asked for. */
  readonly asOf: Instant;
  /** Landing hours of pending jobs of the dataset. */
  readonly pending: ReadonlySet<LandingHour>;
  /** The oldest hours after `through` that have objects, in their order, asked for after `pending`. */
  readonly hours: readonly LandingHour[];
}

/** Which hours the next manifest closes, and where the chain stands then. */
export interface NextLink {
  readonly closes: readonly LandingHour[];
  readonly to: Pick<ChainPosition, 'open' | 'begins'> & { readonly through: LandingHour };
}

/** Hours of one manifest. */
const mostHours = 48;

/**
 * An hour is closed once: when it is over, every job of it is in the ledger, and none is pending. Hours with a pending job are left open, and later ones
 * go on without them. A job that is landed again, after its hour was closed, comes by a note.
 */
export function nextLink(state: ChainPosition, { asOf, pending, hours }: ChainSituation, most = mostHours): NextLink {
  const due = lastDueHour(asOf);
  const isNew = (hour: LandingHour): boolean => hour <= due && (state.through === undefined || hour > state.through);
  const closable = [...state.open, ...hours.filter(isNew)].filter((hour) => !pending.has(hour)).sort();
  const closes = closable.slice(0, most);
  // Where not all have room, nothing after the last one is looked at yet.
  const limit = closes.length < closable.length ? laterOf(closes.at(-1), state.through) : laterOf(due, state.through);
  const waiting = [...pending].filter((hour) => isNew(hour) && hour <= limit);
  const open = [...new Set([...state.open, ...waiting])].filter((hour) => !closes.includes(hour)).sort();
  return { closes, to: { through: limit, open, ...(state.begins !== undefined && { begins: state.begins }) } };
}

const laterOf = (hour: LandingHour | undefined, other: LandingHour | undefined): LandingHour =>
  [hour ?? '', other ?? ''].sort().at(-1) ?? '';

/** Where the chain of a lake begins that has objects of an earlier version, which no ledger has the digests of: with the hour after those that are over. */
export function beginAfter(asOf: Instant): Pick<ChainPosition, 'through' | 'begins'> {
  const due = lastDueHour(asOf);
  return { through: due, begins: hourLater(due) };
}

/** The manifest that follows. @param entries Of the hours that it closes. */
export function manifestAfter(
  dataset: string,
  state: ChainPosition,
  { closes, to }: NextLink,
  lists: { readonly entries: readonly ManifestEntry[]; readonly notes: readonly EvidenceNote[]; readonly at: Instant },
): Manifest {
  const adoptsAll = lists.notes.some(({ id }) => id.includes(adoptAll));
  const { begins, ...rest } = to;
  return {
    format: 1,
    dataset,
    sequence: state.sequence + 1,
    previous: state.head ?? null,
    madeAt: iso(lists.at),
    ...rest,
    ...(begins !== undefined && !adoptsAll && { begins }),
    hours: closes,
    notes: lists.notes.map(({ id }) => id),
    entries: [...lists.entries, ...lists.notes.flatMap(({ entries }) => entries)],
  };
}

/**
 * Keys of entries that only notes make, in a manifest that the ledger does not know yet, and that no note has there: then it is not ours. Whoever can write the
 * bucket alone could excuse with them what he changed or took away.
 *
 * @param notes All that no manifest has listed, as far as the ledger knows.
 */
export function foreignKeys(manifest: Pick<Manifest, 'notes' | 'entries'>, notes: readonly EvidenceNote[]): string[] {
  const own = notes.filter(({ id }) => manifest.notes.includes(id)).flatMap(({ entries }) => entries.map((entry) => JSON.stringify(entry)));
  const ofNotes = manifest.entries.filter(({ kind }) => kind !== 'landed' && kind !== 'adopted');
  return ofNotes.filter((entry) => !own.includes(JSON.stringify(entry))).map(({ key }) => key);
}

/** In the id of the note that ends an adoption of everything: from then on no object may be without an entry. */
export const adoptAll = 'adopt-all';

/**
 * Where the chain stands after the manifest that lies at the next key, whoever has put it.
 *
 * @throws When it does not follow: then somebody else wrote there, and a person has to look.
 */
export function positionAfter(
  dataset: string,
  state: ChainPosition,
  key: string,
  text: string,
): ChainPosition & { readonly notes: readonly string[] } {
  const manifest = parseManifest(text);
  const follows = manifest?.dataset === dataset && manifest.sequence === state.sequence + 1 && manifest.previous === (state.head ?? null);
  if (!follows)
    throw new Error(`the object at ${key} is no manifest that follows the one before: run 'lake verify', and see docs/security.md`);
  const { sequence, through, open, begins, notes } = manifest;
  return { sequence, head: digestOfText(text), through, open, notes, ...(begins !== undefined && { begins }) };
}
