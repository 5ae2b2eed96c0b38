/** The status for people: a line for each log type, and what they have to do. */

import { hours, iso, type Instant } from '../../shared/domain/window.ts';
import { sparkline } from '../terminal/bar.ts';
import type { TerminalStyle } from '../terminal/terminal-style.ts';
import { printable } from '../../shared/printable.ts';
import { count, span } from '../terminal/quantity.ts';
import { table, type Cell, type Column } from '../terminal/table.ts';
import type { LakeStatus, TenantStatus } from './lake-status.ts';
import type { StreamStatus } from './stream-status.ts';

const columns: readonly Column[] = [
  { name: 'tenant' },
  { name: 'log type' },
  { name: 'state' },
  { name: 'lag', align: 'right' },
  { name: 'newest, ago', align: 'right' },
  { name: 'rows, hour', align: 'right' },
  { name: 'rows, day', align: 'right' },
  { name: 'last 24 h' },
  { name: 'pending', align: 'right' },
  { name: 'parked until' },
  { name: 'expires in', align: 'right' },
  { name: 'lost', align: 'right' },
  { name: 'gaps', align: 'right' },
];

/** Ends without a line end. */
export function statusPage({ at, tenants, needs, retrying }: LakeStatus, style: TerminalStyle): string {
  const isEveryRowNamed = style.layout === 'tab-separated';
  const rows = tenants.flatMap((tenant) => rowsOf(tenant, at, isEveryRowNamed));
  const shown = rows.length === 0 ? 'no tenant is configured and nothing was collected yet' : filledColumns(rows, style);
  const time = `${iso(at).slice(0, 19)}Z`;
  const needed = needs.length === 0 ? style.dim(`${time}: nothing needs you`) : titled(style.bold(`${time}: this needs you`), needs);
  if (retrying.length === 0) return `${shown}\n\n${needed}`;
  return `${shown}\n\n${needed}\n${titled('this fails, and is tried again without you', retrying)}`;
}

function titled(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${printable(line)}`)].join('\n');
}

/** Without the columns that no row has anything in. */
function filledColumns(rows: readonly (readonly Cell[])[], style: TerminalStyle): string {
  const filled = columns.map((_, index) => rows.some((row) => row[index] !== ''));
  const kept = <T>(of: readonly T[]): T[] => of.filter((_, index) => filled[index]);
  return table(kept(columns), rows.map(kept), { ...style, long: 'wrap' });
}

/** People see the name of a tenant once; a program that takes a row apart needs it in each. */
function rowsOf({ name, state, streams }: TenantStatus, at: Instant, isEveryRowNamed: boolean): Cell[][] {
  if (streams.length === 0) return [[name, '', state, ...columns.slice(3).map(() => '')]];
  return streams.map((stream, index) => [index === 0 || isEveryRowNamed ? name : '', ...cellsOf(stream, at)]);
}

function cellsOf(stream: StreamStatus, at: Instant): Cell[] {
  const { logType, state, because, lagMs, newest, parkedUntil, parkedBecause, nextExpiry, quarantined, expired, gaps, pending } = stream;
  return [
    logType,
    because === undefined ? state : `${state}: ${because}`,
    lagMs === undefined ? '' : roughly(lagMs),
    newest === undefined ? '' : roughly(at - newest),
    count(stream.rowsLastHour),
    count(stream.rowsLastDay),
    stream.rowsLastDay === 0 ? '' : sparkline(stream.rowsByHour),
    pending === 0 ? '' : count(pending),
    parkedUntil === undefined ? '' : `${time(parkedUntil, at)}${parkedBecause === undefined ? '' : ` (${parkedBecause})`}`,
    nextExpiry === undefined ? '' : roughly(nextExpiry - at),
    lostWords(quarantined, expired),
    gaps === 0 ? '' : count(gaps),
  ];
}

/** A span in its largest unit. @example roughly(5_400_000) // '1 h' */
function roughly(ms: number): string {
  return span(ms).split(' ').slice(0, 2).join(' ');
}

function lostWords(quarantined: number, expired: number): string {
  const parts = [...(quarantined > 0 ? [`${count(quarantined)} quarantined`] : []), ...(expired > 0 ? [`${count(expired)} expired`] : [])];
  return parts.join(', ');
}

/** Of today, the time alone. */
function time(instant: Instant, at: Instant): string {
  return Math.abs(instant - at) < hours(12) ? iso(instant).slice(11, 16) : iso(instant).slice(0, 16).replace('T', ' ');
}
