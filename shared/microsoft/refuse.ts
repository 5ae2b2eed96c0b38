import type { Refusal } from '../ports/microsoft.ts';

/** Any refusal; a time to wait is kept for the kinds that have one. */
export function refuse(kind: Refusal['kind'], cause: Refusal['cause'], retryAfterMs?: number): Refusal {
  if (kind !== 'throttled' && kind !== 'unavailable') return { kind, cause };
  return { kind, cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
