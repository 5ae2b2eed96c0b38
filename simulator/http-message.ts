/** HTTP messages without sockets: one request and its answer. Everything the simulator decides is a function from one to the other. */

import type { Instant } from '../shared/domain/window.ts';

/** What kind of call it is; faults and the request log go by it. routes.ts has them all. */
export type Route = string;

/** What a host is: the token endpoint of a cloud, or one of the two APIs. */
export type HostKind = 'authority' | 'management-activity' | 'graph';

/** A request, with the host it was meant for. */
export interface SimulatedRequest {
  /** The host that is played, `manage.office.com`. */
  readonly host: string;
  readonly method: string;
  /** Without the host, percent-decoded nowhere. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly now: Instant;
}

/** An answer before it is packed and sent. */
export interface SimulatedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Makes the body when it is not known under `cacheKey`; a content blob is served again and again, and made and packed once. */
  readonly content?: () => Buffer;
  readonly cacheKey?: string;
  readonly facts?: AnswerFacts;
}

/** What the request log keeps of an answer. */
export interface AnswerFacts {
  readonly tenantId?: string;
  readonly logTypeIds?: readonly string[];
  readonly contentId?: string;
  readonly window?: { readonly start: Instant; readonly end: Instant };
  readonly isThrottled?: boolean;
  readonly rows?: number;
}

/** An answer with a JSON body. */
export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  facts: AnswerFacts = {},
): SimulatedAnswer {
  return { status, headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(body), facts };
}

/** The first value of a header. */
export function header(request: SimulatedRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The token after `Bearer`. */
export function bearer(request: SimulatedRequest): string | undefined {
  return /^Bearer (.+)$/i.exec(header(request, 'authorization') ?? '')?.[1];
}
