/** `1234567` as `1,234,567`. */
export function count(number: number | bigint): string {
  return number.toLocaleString('en-US');
}

/** Bytes in the unit that keeps the number short. @example bytes(1_536) // '1.5 KB' */
export function bytes(number: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, number)) / 10)));
  const value = number / 2 ** (10 * power);
  return `${power === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[power] ?? ''}`;
}

/** A span in its two largest units. @example span(3_723_000) // '1 h 2 min' */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const parts = [
    { unit: 'd', value: Math.floor(seconds / 86_400) },
    { unit: 'h', value: Math.floor(seconds / 3_600) % 24 },
    { unit: 'min', value: Math.floor(seconds / 60) % 60 },
    { unit: 's', value: seconds % 60 },
  ];
  const first = parts.findIndex(({ value }) => value > 0);
  const text = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2).filter(({ value }, index) => index === 0 || value > 0);
  return text.map(({ unit, value }) => `${String(value)} ${unit}`).join(' ');
}

const units = ['B', 'KB', 'MB', 'GB', 'TB'];
