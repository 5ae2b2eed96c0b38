/** Microsoft's APIs as the stations ask them. */

import type { Member } from '../domain/fetch-job.ts';
import type { Tenant } from '../domain/tenant.ts';
import type { Instant, Window } from '../domain/window.ts';
import type { LogType } from '../log-types/log-type.ts';

/** Why Microsoft (or the way to it) did not give what was asked for. */
export interface Cause {
  /** Microsoft's own code where there is one (`AF20022`, `AADSTS7000222`, `Authentication_…`), else `HTTP 503`, `timeout`, … */
  readonly code: string;
  /** What is wrong, in one sentence without secrets or records. */
  readonly message: string;
  /** What to do about it; empty where retrying is all there is to do. */
  readonly cure: string;
}

/** Why Microsoft did not give what was asked for, by what a caller can do about it. */
export type Refusal =
  /** Too many requests; retry after the time Microsoft names, if it names one. */
  | { readonly kind: 'throttled'; readonly retryAfterMs?: number; readonly cause: Cause }
  /** Microsoft or the network fails; retry later. */
  | { readonly kind: 'unavailable'; readonly retryAfterMs?: number; readonly cause: Cause }
  /** Credential, consent, permission, licence or tenant: a person is needed. */
  | { readonly kind: 'refused'; readonly cause: Cause }
  /** The content type has no enabled subscription. */
  | { readonly kind: 'not-subscribed'; readonly cause: Cause }
  /** The window is older than Microsoft serves, or the clocks disagree. */
  | { readonly kind: 'out-of-range'; readonly cause: Cause }
  /** The content blob is older than Microsoft keeps it. */
  | { readonly kind: 'expired'; readonly cause: Cause }
  /** Not there (yet). */
  | { readonly kind: 'missing'; readonly cause: Cause }
  /** An answer came, and cannot be read; the bytes are in the file it was fetched to. */
  | { readonly kind: 'malformed'; readonly cause: Cause }
  /** This cloud does not offer the log type, or Microsoft has retired it. */
  | { readonly kind: 'not-offered'; readonly cause: Cause };

/**
 * Whether a refusal may have come without any answer: a timeout, or a request that was not even sent. Only answers say what time it is, so
 * nothing that depends on the time is written by one of these.
 */
export function mayBeUnanswered(answer: {
  readonly kind: string;
}): answer is Extract<Refusal, { readonly kind: 'unavailable' | 'throttled' }> {
  return answer.kind === 'unavailable' || answer.kind === 'throttled';
}

/** Microsoft's answer: the value, or the reason why there is none. */
export type Answer<T> = { readonly kind: 'ok'; readonly value: T } | Refusal;

/** A subscription to one content type, as Microsoft lists it. */
export interface Subscription {
  readonly contentType: string;
  readonly isEnabled: boolean;
}

/** A content blob that came whole. */
export interface FetchedBlob {
  readonly bytes: number;
  /** The blob itself, where it stayed in memory: there is no file then. */
  readonly content?: Buffer;
}

/** What a Graph window came to. */
export interface FetchedWindow {
  /** JSON array files, one a page, in the order served. */
  readonly files: readonly string[];
}

/**
 * Microsoft's two APIs, as seen by one tenant. Every call is paced, timed out and bounded; a token only ever goes to the
 * host of the log type's cloud. Nothing is thrown for what Microsoft does: that is a {@link Refusal}.
 */
export interface Microsoft {
  /** The tenant's GUID as the token names it, which the APIs insist on. */
  identify(tenant: Tenant, logType: LogType): Promise<Answer<{ readonly tenantId: string }>>;
  listSubscriptions(tenant: Tenant, logType: LogType): Promise<Answer<readonly Subscription[]>>;
  /** Starts the log type's subscription; one that is enabled already is `ok`. */
  startSubscription(tenant: Tenant, logType: LogType): Promise<Answer<null>>;
  /** All pages of what became available within the window; a contentId may be there twice. At most 24 hours, whole seconds. */
  listBlobs(tenant: Tenant, logType: LogType, window: Window): Promise<Answer<readonly Member[]>>;
  /**
   * The blob's JSON array, unpacked: in memory where it has at most `keptBytes` and comes in one piece, else in a file. On `malformed` the
   * file holds what came.
   */
  fetchBlob(tenant: Tenant, logType: LogType, member: Member, file: string, keptBytes?: number): Promise<Answer<FetchedBlob>>;
  /** Whether the window has any row. */
  probeWindow(tenant: Tenant, logType: LogType, window: Window): Promise<Answer<'empty' | 'rows'>>;
  /**
   * Writes all rows of the window into files of `folder`, a page a file; rows of both boundaries may be among them.
   *
   * @param until When the caller's own time is over: as long as that allows, a slow first byte of a long window is waited for.
   */
  fetchWindow(
    tenant: Tenant,
    logType: LogType,
    window: Window,
    folder: string,
    maxPages: number,
    until?: Instant,
  ): Promise<Answer<FetchedWindow> | { readonly kind: 'too-many-pages' }>;
  /**
   * How far our clock is ahead of Microsoft's, by the `Date` of the last answer that had one, token answers included; in ms,
   * negative where ours is slow, undefined before the first answer. Right to about a second, for as long as our clock runs evenly.
   */
  clockLeadMs(): number | undefined;
}
