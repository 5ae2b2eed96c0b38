/** Values as people read them. Whatever is invisible or turns text around is made visible: records hold what anybody may have sent. */

import type { Value } from '../api/common.ts';

const number = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
/** 12,345 */
export const count = (n: number): string => number.format(n);
/** 12.3K */
export const shortCount = (n: number): string => short.format(n);

/** 1.2 GB */
export function bytes(n: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, n)) / Math.log(1_024)));
  return `${(n / 1_024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? 'B'}`;
}

/** 2026-11-20 09:14:03, UTC. */
export const time = (iso: string): string => iso.slice(0, 19).replace('T', ' ');
/** The same of milliseconds. */
export const timeOfMs = (ms: number): string => time(new Date(ms).toISOString());

/** 3 min, 5 h, 2 d */
export function span(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 120) return `${String(minutes)} min`;
  return minutes < 2_880 ? `${String(Math.round(minutes / 60))} h` : `${String(Math.round(minutes / 1_440))} d`;
}

const mostShown = 2_000;

/** A value as one visible text, cut where it is very long. */
export function shown(value: Value, most = mostShown): string {
  if (value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const visible = text
    .slice(0, most)
    .replaceAll(unseen, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
  return text.length > most ? `${visible}… (${count(text.length)} characters)` : visible;
}

/** Controls, and what changes the direction or has no width. */
const unseen = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** RFC 4180; a text that a spreadsheet would run as a formula gets a ' in front. */
export function csv(rows: readonly (readonly Value[])[]): string {
  return rows.map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

function csvField(value: Value): string {
  if (value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = typeof value !== 'number' && /^(?:[\t\r\n]|[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20])/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Offers a text as a file. */
export function download(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
