/** `at('10:05')` is that time on 2026-11-22 UTC; `at('2026-11-20T10:05')` any other day. */
export function at(text: string): number {
  return Date.parse(text.includes('T') ? `${text}:00Z` : `2026-11-22T${text}:00Z`);
}

/** The other way, to the minute, for readable expectations. */
export function shown(instant: number): string {
  return new Date(instant).toISOString().slice(0, 16).replace('2026-11-22T', '');
}
