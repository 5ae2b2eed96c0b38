import { minutes, seconds } from '../domain/window.ts';

const mebibytes = (count: number): number => count * 1_048_576;

/** A limit on everything that Microsoft's answers could make large or long. */
export interface Limits {
  /** Name, TCP and TLS together. */
  readonly connectMs: number;
  /** From the request sent to the first byte of the answer. */
  readonly headersMs: number;
  /** The same for a Graph window of more than an hour, where the caller has the time: 300 s are reported for a day of a large tenant. */
  readonly longWindowHeadersMs: number;
  /** Between two pieces of a body. */
  readonly idleMs: number;
  /** One request from beginning to end, the body included. */
  readonly requestMs: number;
  /** Waits before the second, third, ... attempt at a request that failed quickly (5xx without Retry-After, reset connection, damaged body). */
  readonly quickRetriesMs: readonly number[];
  /** Waits before asking again whether a tenant really lacks Entra ID P1: Microsoft is wrong about it now and then. */
  readonly licenceRetriesMs: readonly number[];
  /** A wait for the pace that is longer than this is refused as `throttled` instead. */
  readonly paceMs: number;
  /** An error's or a token's body. */
  readonly smallBytes: number;
  /** One page of a content list, unpacked. */
  readonly listBytes: number;
  /** One page of a Graph collection, unpacked. */
  readonly pageBytes: number;
  /** One content blob, unpacked; no more than landing holds (landing/records.ts). */
  readonly blobBytes: number;
  /** Unpacked to packed bytes; checked above `ratioFreeBytes` of unpacked bytes. */
  readonly ratio: number;
  readonly ratioFreeBytes: number;
  /** Pages, rows and bytes of one content list, which is held in memory. An hour of what a tenant may fetch has 120,000 blobs. */
  readonly listPages: number;
  readonly listRows: number;
  readonly listTotalBytes: number;
  /** Pages that a probe follows before it answers `rows`. */
  readonly probePages: number;
}

/** A person waits for a check: what passes only after many seconds is reported instead of waited for. */
export const checkLimits: Partial<Limits> = {
  headersMs: seconds(30),
  requestMs: minutes(1),
  quickRetriesMs: [250, 500],
  licenceRetriesMs: [250, 750],
};

/** The limits of collecting: a Lambda worker has 15 minutes, and one tenant's slow answers may not hold up the others. */
export const defaultLimits: Limits = {
  connectMs: seconds(10),
  headersMs: seconds(45),
  longWindowHeadersMs: minutes(6),
  idleMs: seconds(30),
  requestMs: minutes(5),
  quickRetriesMs: [250, 1_000, 3_000],
  licenceRetriesMs: [2_000, 4_000],
  paceMs: seconds(30),
  smallBytes: mebibytes(1),
  listBytes: mebibytes(32),
  pageBytes: mebibytes(128),
  blobBytes: mebibytes(1_024),
  ratio: 100,
  ratioFreeBytes: mebibytes(16),
  listPages: 10_000,
  listRows: 250_000,
  listTotalBytes: mebibytes(192),
  probePages: 10,
};
