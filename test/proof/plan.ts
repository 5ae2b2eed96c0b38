/** What a seed does: how long, how often each fault, what Microsoft has. Rates are drawn per seed, so that seeds differ in kind. */

import type { Instant, Window } from '../../shared/domain/window.ts';

/** The kinds of trouble for content; docs/exactly-once.md says what each is. */
export const contentModes = [
  'mixed',
  'race',
  'long',
  'expiring',
  'stuck',
  'throttled',
  'restore',
  'clock',
  'landing',
  'proxy',
  'broken',
  'late',
  'refused',
  'begin',
] as const;
/** The kinds of trouble for windows. */
export const windowModes = [
  'graph-mixed',
  'graph-race',
  'graph-target',
  'graph-long',
  'graph-zombie',
  'graph-clock',
  'graph-stuck',
  'graph-refused',
  'graph-begin',
] as const;
/** Several tenants with several streams each in one run: of the Lambda functions, of `follow`, or of `drain` again and again. */
export const fleetModes = ['functions', 'follow', 'drain'] as const;
/** The kind of trouble of one seed. */
export type Mode = (typeof contentModes)[number] | (typeof windowModes)[number] | (typeof fleetModes)[number];
/** Every mode. */
export const modes: readonly Mode[] = [...contentModes, ...windowModes, ...fleetModes];

/** Modes in which content may expire though nothing is wrong with it. */
export const isLate = (mode: Mode): boolean => mode === 'long' || mode === 'expiring' || mode === 'begin';
/** Modes about one rule each, which half of the seeds show in the calm, where what it wants is exact. */
export const isAboutRules = (mode: Mode): boolean => ['late', 'refused', 'begin', 'graph-refused', 'graph-begin'].includes(mode);

/** Shares of port calls that go wrong in each way. */
export interface FaultRates {
  /** Fails and has done nothing. */
  readonly before: number;
  /** Is done, and the answer is lost. */
  readonly after: number;
  readonly crashBefore: number;
  readonly crashAfter: number;
  /** The caller dies now, the call takes effect up to 15 minutes later. */
  readonly crashLate: number;
  /** Takes 5 to 400 seconds. */
  readonly stall: number;
}

/** A time in which Microsoft does not serve. */
export interface Outage extends Window {
  /** `proxied`: something in between answers every request with a page of its own; `silent`: no answer comes, and none says what time it is. */
  readonly kind: 'throttled' | 'unavailable' | 'refused' | 'proxied' | 'silent';
  readonly of: 'everything' | 'listing' | 'fetching';
}

/**
 * What mends what went wrong, and hides it from whoever looks at the outcome alone: the overlap, the deep lists (both switched off by
 * the runner, while Microsoft lists nothing late), and the sweep, which rests until the faults are over unless it is `sweep-only`.
 */
export type Healing = 'on' | 'sweep-only' | 'off';

/** The ledger is lost and comes back as it was at an earlier time; the lake is as it is. */
export interface Restore {
  /** The ledger comes back as it was then; before the start: empty. */
  readonly asOf: Instant;
  /** List, fetch and sweep are stopped. What is under way goes on to its end. */
  readonly stoppedAt: Instant;
  /** Nothing is under way any more: the ledger is put back, and then rebuilt from the lake; after that everything starts. */
  readonly restoredAt: Instant;
}

/** A time in which the clock of everything of ours is wrong. */
export interface ClockJump extends Window {
  /** What it is ahead of the true time; negative where it is slow. */
  readonly leadMs: number;
}

/** An hour of the content list that Microsoft does not list, while it lists all others. */
export interface BrokenHour {
  readonly hour: Window;
  readonly until: Instant;
  readonly kind: 'malformed' | 'unavailable';
}

/** Microsoft's pace: how long its answers take, and how many requests it allows a tenant. Without it, answers take long and any number is served. */
export interface Traffic {
  readonly listMs: number;
  readonly fetchMs: number;
  /** Within any minute; one that is refused counts as well. */
  readonly requestsPerMinute: number;
  /** Each keeps a pace of its own, as `shared/microsoft/pacing.ts` does it. */
  readonly processes: number;
}

/** What Microsoft publishes as content. Shares are of all blobs. */
export interface BlobPlan {
  readonly count: number;
  readonly lateShare: number;
  readonly latestMs: number;
  readonly sameInstantShare: number;
  readonly repeatShare: number;
  /** Content that can never be read, is never there, kills its worker when it is fetched or when it is landed. */
  readonly malformedShare: number;
  readonly missingShare: number;
  readonly poisonShare: number;
  /** Landing throws over it, every time; called malformed though it can be read. */
  readonly throwingShare: number;
  readonly mislabelledShare: number;
  /** contentCreated differs between two listings. */
  readonly driftShare: number;
  /** When most is published. */
  readonly busy: readonly Window[];
  /** The subscription is off then. */
  readonly off?: Window;
}

/** What Microsoft serves as rows of Graph. Shares are of all rows. */
export interface RowPlan {
  readonly logType: 'sign-ins-interactive' | 'alerts';
  readonly count: number;
  readonly lateShare: number;
  readonly latestMs: number;
  readonly correctedShare: number;
  readonly rowsPerPage: number;
  /** Rows that are served only after an outage, while everything that it held up is read. */
  readonly heldBack?: { readonly until: Window; readonly share: number };
  /** Reads of longer windows never succeed, in one of these ways. */
  readonly fragile?: {
    readonly overMs: number;
    readonly how: 'times out' | 'kills' | 'garbled';
    /** Whether a request for one row of such a window times out, too. */
    readonly isProbeToo: boolean;
  };
  /** Rows that fall together into a few minutes, so that a window has too many pages. */
  readonly burstShare: number;
}

/** All that a seed decides before it begins. */
export interface Plan {
  readonly seed: number;
  readonly mode: Mode;
  /** Rules are evaluated: a job is final only with its findings. */
  readonly areRulesOn?: true;
  /** No fault at all: what is asserted of the calm holds then as well. */
  readonly isCalm: boolean;
  readonly start: Instant;
  /** Microsoft has published since then; where it is absent, since the start. The stream begins with what is still served. */
  readonly begunEarlier?: Instant;
  /** Microsoft publishes until then. */
  readonly publishUntil: Instant;
  readonly faultsUntil: Instant;
  /** Everything has to be in order by then. */
  readonly end: Instant;
  /** The pipeline is switched off then: no tick, no delivery. */
  readonly off?: Window;
  readonly faults: FaultRates;
  /** Calls that have rates of their own. */
  readonly ofCall: Readonly<Record<string, FaultRates>>;
  readonly doubleDelivery: number;
  readonly doubleWithinMs: number;
  readonly lateDelivery: number;
  readonly doubleTick: number;
  readonly missedTick: number;
  /** A read of a window takes at most that long. */
  readonly slowestReadMs: number;
  readonly listEveryMs: number;
  readonly sweepEveryMs: number;
  /** Claims that an eventually consistent read misses. */
  readonly staleClaims: number;
  readonly staleIndexMs: number;
  readonly listTimeoutMs: number;
  readonly fetchTimeoutMs: number;
  readonly messagesPerWorker: number;
  readonly workers: number;
  readonly maxReceives: number;
  readonly skewMs: number;
  readonly maxBlobsPerJob: number;
  readonly throttled: number;
  readonly longRetryAfter: number;
  readonly flaky: number;
  readonly truncated: number;
  /** The tenant is not configured then. */
  readonly tenantGone?: Window;
  /** Throttling and flakiness do not end with the other faults. */
  readonly isMicrosoftNeverWell: boolean;
  readonly healing: Healing;
  readonly outages: readonly Outage[];
  readonly traffic?: Traffic;
  readonly restore?: Restore;
  readonly clockJumps: readonly ClockJump[];
  /** An earlier version of this program has run by a clock that was ahead, and left its times in the cursor. */
  readonly leftAhead?: { readonly at: Instant; readonly leadMs: number };
  /** Whatever is landed then throws. */
  readonly landingThrows?: Window;
  /** Every worker is killed soon after it has begun. */
  readonly crashLoop?: Window;
  readonly brokenHour?: BrokenHour;
  /** The tenant leads to another Microsoft tenant then, or is configured for another cloud. */
  readonly tenantElsewhere?: Window & { readonly how: 'tenant' | 'cloud' };
  readonly blobs?: BlobPlan;
  readonly rows?: RowPlan;
  /** Of several streams: what runs them, and the plan of each. What they share is the same in all, and in this plan. */
  readonly fleet?: { readonly runner: (typeof fleetModes)[number]; readonly streams: readonly Plan[] };
}

/** The mode of a seed when none is asked for: most seeds are content, every mode comes often. */
export function modeOf(seed: number): Mode {
  const mix: readonly Mode[] = [
    ...['mixed', 'race', 'mixed', 'long', 'mixed', 'race', 'stuck', 'mixed', 'race', 'mixed', 'expiring', 'restore', 'throttled'],
    ...['clock', 'landing', 'proxy', 'broken', 'graph-clock', 'graph-stuck'],
    ...['graph-mixed', 'graph-race', 'graph-target', 'graph-long', 'graph-zombie', ...fleetModes],
    ...['late', 'refused', 'begin', 'graph-refused', 'graph-begin'],
  ] as Mode[];
  return mix[seed % mix.length] ?? 'mixed';
}

/** Of a calm seed. */
export const noFaults: FaultRates = { before: 0, after: 0, crashBefore: 0, crashAfter: 0, crashLate: 0, stall: 0 };
