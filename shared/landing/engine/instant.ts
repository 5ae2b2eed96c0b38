/** Texts as instants. */

/**
 * A date with time, `T` or a space between them: up to 9 fraction digits, then `Z`, `UTC`, an offset, or no zone, which means UTC. A date
 * alone is its midnight.
 *
 * @returns µs since 1970 (what is finer is cut off), a bigint beyond what a number holds. NULL for no instant, and before 1900: year 0001
 *   is how Microsoft writes "no time".
 */
export function instantOf(input: string): number | bigint | null {
  const text = isDigit(input.charCodeAt(0)) && isVisible(input.charCodeAt(input.length - 1)) ? input : input.trim();
  const ms = wholeSeconds(text.length === 10 ? `${text}T00:00:00` : text);
  if (Number.isNaN(ms)) return null;
  return text.length <= 19 || (text.length === 20 && text.endsWith('Z')) ? micros(ms, 0) : finer(ms, text.slice(19));
}

/** The first 19 characters as ms since 1970; NaN when they are no date and time. */
function wholeSeconds(text: string): number {
  const year = number(text, 0, 4);
  const month = number(text, 5, 2);
  const day = number(text, 8, 2);
  const hour = number(text, 11, 2);
  const minute = number(text, 14, 2);
  const second = number(text, 17, 2);
  const isTime = hour < 24 && minute < 60 && second < 60 && year >= 1900 && month >= 1 && month <= 12 && day >= 1;
  if (!isTime || !hasSeparators(text)) return NaN;
  return day <= 28 || day <= new Date(Date.UTC(year, month, 0)).getUTCDate() ? Date.UTC(year, month - 1, day, hour, minute, second) : NaN;
}

const [dash, colon, space, zero, nine] = [0x2d, 0x3a, 0x20, 0x30, 0x39];

function hasSeparators(text: string): boolean {
  const between = text.charCodeAt(10) | 0x20;
  return (
    text.charCodeAt(4) === dash &&
    text.charCodeAt(7) === dash &&
    (between === 0x74 || between === space) &&
    text.charCodeAt(13) === colon &&
    text.charCodeAt(16) === colon
  );
}

/** The decimal digits from a place; NaN when there is anything else. */
function number(text: string, at: number, digits: number): number {
  let value = 0;
  for (let place = at; place < at + digits; place += 1) {
    const code = text.charCodeAt(place);
    if (!isDigit(code)) return NaN;
    value = value * 10 + code - zero;
  }
  return value;
}

const isDigit = (code: number): boolean => code >= zero && code <= nine;
const isVisible = (code: number): boolean => code > space;

/** What follows the seconds. */
function finer(ms: number, rest: string): number | bigint | null {
  const [all, fraction = '', sign, hours = '0', minutes = '0'] = restPattern.exec(rest) ?? [];
  if (all === undefined) return null;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return micros(sign === '-' ? ms + offset : ms - offset, Number(fraction.slice(0, 6).padEnd(6, '0')));
}

const restPattern = /^(?:\.(\d{1,9}))?(?: ?(?:Z|UTC)|([+-])(\d\d)(?::?(\d\d))?)?$/i;

function micros(ms: number, more: number): number | bigint {
  const value = ms * 1_000 + more;
  return Number.isSafeInteger(value) ? value : BigInt(ms) * 1_000n + BigInt(more);
}
