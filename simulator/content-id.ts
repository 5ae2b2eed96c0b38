/** Ids of content blobs, as Microsoft makes them: opaque, with `$`, and the time of creation in the leading digits. */

import { iso, type Instant } from '../shared/domain/window.ts';

/**
 * @param number Distinguishes blobs of one instant.
 * @example 20261122060512123000007$20261122060512123000007$audit_exchange$Audit_Exchange$emea0036
 */
export function contentIdOf(created: Instant, number: number, contentType: string): string {
  const stamp = `${iso(created).replaceAll(/\D/g, '')}${String(number).padStart(6, '0')}`;
  const [lower, upper] = [contentType.toLowerCase(), contentType].map((name) => name.replace('.', '_'));
  return `${stamp}$${stamp}$${lower ?? ''}$${upper ?? ''}$emea0036`;
}

/** When the blob of this id was created, and of which type it is; undefined when it is no id of ours. */
export function readContentId(contentId: string): { readonly created: Instant; readonly contentType: string } | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{3})\d{6}\$\d+\$\w+\$(\w+)\$/.exec(contentId);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, millisecond, type] = match;
  const created = Date.parse(
    `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}.${millisecond ?? ''}Z`,
  );
  return Number.isNaN(created) ? undefined : { created, contentType: (type ?? '').replace('_', '.') };
}
