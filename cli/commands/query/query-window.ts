/** `--since` and `--until` as people write them. */

import { days, hours, minutes, type Instant } from '../../../shared/domain/window.ts';
import { UsageError } from '../../../local/exit.ts';

/**
 * An instant: so long ago (`30m`, `24h`, `7d`), a date, or a time; without zone it is UTC.
 *
 * @throws UsageError when it is none of these.
 */
export function readInstant(option: string, text: string, now: Instant): Instant {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return now - (units[unit] ?? days)(Number(count));
  const isTime = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text);
  const zone = /(Z|[+-]\d{2}:\d{2})$/.test(text) || text.length === 10 ? '' : 'Z';
  const instant = isTime ? Date.parse(`${text.replace(' ', 'T')}${zone}`) : NaN;
  if (Number.isNaN(instant)) {
    throw new UsageError(`${option} is '${text}': give a span (30m, 24h, 7d), a date (2026-11-20) or a time (2026-11-20T08:00)`);
  }
  return instant;
}

const units: Readonly<Record<string, (count: number) => number>> = { m: minutes, h: hours, d: days };
