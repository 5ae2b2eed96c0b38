/** What an import has come to, counted. */

/** `read` is the sum of the others. */
export interface ImportCounts {
  readonly read: number;
  readonly landed: number;
  /** With equal content in the dataset before, or earlier in this import. */
  readonly alreadyThere: number;
  /** Records that belong elsewhere: another organization's, or of a kind that is not collected. Nothing is kept of them. */
  readonly refused: number;
  /** What could not be read; kept in `quarantine/`. */
  readonly quarantined: number;
}

/** What landed as one log type of one tenant. */
export interface RouteCount {
  readonly logType: string;
  readonly dataset: string;
  readonly cloud: string;
  readonly tenantId: string;
  readonly landed: number;
  readonly alreadyThere: number;
  readonly objects: readonly string[];
}

/** Something that happened so many times. */
export interface Reason {
  readonly why: string;
  readonly count: number;
}

/** So many different reasons are counted apart; an attacker can write more. */
const maxReasons = 20;

/** Counts as the import goes on. */
export class Tally {
  counts: ImportCounts = { read: 0, landed: 0, alreadyThere: 0, refused: 0, quarantined: 0 };
  private readonly routesByKey = new Map<string, RouteCount>();
  /** Of the refused, those that are another organization's. */
  refusedOfOthers = 0;
  private readonly refusalsByWhy = new Map<string, number>();
  private readonly guessesByWhat = new Map<string, number>();

  /** In the order in which the first of each landed. */
  get routes(): readonly RouteCount[] {
    return [...this.routesByKey.values()];
  }

  get refusals(): readonly Reason[] {
    return reasons(this.refusalsByWhy);
  }

  get guesses(): readonly Reason[] {
    return reasons(this.guessesByWhat);
  }

  add(more: Partial<ImportCounts>): void {
    const { read, landed, alreadyThere, refused, quarantined } = this.counts;
    this.counts = {
      read: read + (more.read ?? 0),
      landed: landed + (more.landed ?? 0),
      alreadyThere: alreadyThere + (more.alreadyThere ?? 0),
      refused: refused + (more.refused ?? 0),
      quarantined: quarantined + (more.quarantined ?? 0),
    };
  }

  addLanded(
    to: Pick<RouteCount, 'logType' | 'dataset' | 'cloud' | 'tenantId'>,
    landed: number,
    alreadyThere: number,
    object: string | undefined,
  ): void {
    const key = `${to.tenantId} ${to.logType}`;
    const before = this.routesByKey.get(key) ?? { ...to, landed: 0, alreadyThere: 0, objects: [] };
    this.routesByKey.set(key, {
      ...before,
      landed: before.landed + landed,
      alreadyThere: before.alreadyThere + alreadyThere,
      objects: object === undefined ? before.objects : [...before.objects, object],
    });
    this.add({ landed, alreadyThere });
  }

  /** @param of What the record is of that this import does not take. */
  addRefused(of: 'other organization' | 'other category', why: string): void {
    count(this.refusalsByWhy, why);
    this.add({ refused: 1 });
    if (of === 'other organization') this.refusedOfOthers += 1;
  }

  addGuess(what: string): void {
    count(this.guessesByWhat, what);
  }

  /** @throws When a record was counted and nothing became of it: a bug of ours that nobody may overlook. */
  close(): ImportCounts {
    const { read, landed, alreadyThere, refused, quarantined } = this.counts;
    if (read !== landed + alreadyThere + refused + quarantined)
      throw new Error(`the counts of this import do not sum up: ${JSON.stringify(this.counts)}`);
    return this.counts;
  }
}

function count(byWhat: Map<string, number>, what: string): void {
  const key = byWhat.has(what) || byWhat.size < maxReasons ? what : 'other';
  byWhat.set(key, (byWhat.get(key) ?? 0) + 1);
}

const reasons = (byWhat: ReadonlyMap<string, number>): Reason[] => [...byWhat].map(([why, many]) => ({ why, count: many }));
