import type { Instant } from '../domain/window.ts';

/**
 * The instant of a time that Microsoft, or something between, has written: ISO 8601, or the date of a header.
 *
 * A time without a zone is in UTC: whoever left it out knew nothing of this machine's.
 *
 * @returns Undefined for what is no time.
 */
export function instantOf(text: string): Instant | undefined {
  const trimmed = text.trim();
  const instant = Date.parse(hasZone.test(trimmed) ? trimmed : `${trimmed}Z`);
  return Number.isNaN(instant) ? undefined : instant;
}

const hasZone = /(?:z|[a-z]{3}|[+-]\d\d:?\d\d)$/i;
