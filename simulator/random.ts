/** Chance that can be repeated: the same words always give the same numbers, on every machine and after every restart. */
export interface Random {
  /** `0 <= x < 1`. */
  next(): number;
  /** A whole number, both ends included. */
  int(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** One of the values, as often as its weight says. */
  weighted<T>(from: readonly (readonly [weight: number, value: T])[]): T;
  hex(digits: number): string;
  guid(): string;
}

/** @param words What the numbers are a function of: seed, tenant, log type, slot, … */
export function random(...words: readonly (string | number)[]): Random {
  const next32 = smallFastCounter(...scatter(words.join('\u0000')));
  const next = () => next32() / 4_294_967_296;
  const hex8 = () => next32().toString(16).padStart(8, '0');
  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits) text += hex8();
    return text.slice(0, digits);
  };
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (from) => element(from, Math.floor(next() * from.length)),
    weighted: (from) => weighted(from, next()),
    hex,
    guid: () => guidFromHex(hex(32)),
  };
}

/** The GUID that belongs to some words, for ids that must be known before anything is served. */
export function guidOf(...words: readonly (string | number)[]): string {
  return random(...words).guid();
}

/** A version 4 GUID from 32 hex digits. */
function guidFromHex(hex: string): string {
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function weighted<T>(from: readonly (readonly [number, T])[], at: number): T {
  let left = at * from.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, value] of from) {
    left -= weight;
    if (left < 0) return value;
  }
  return element(from, from.length - 1)[1];
}

/** @throws When there is no such element: an empty list was given to choose from. */
export function element<T>(from: readonly T[], index: number): T {
  if (index >= from.length || index < 0) throw new Error(`cannot choose element ${String(index)} of ${String(from.length)}`);
  return from[index] as T;
}

/** Four 32-bit words from a text (cyrb128: short, and well scattered; nothing here needs cryptography). */
function scatter(text: string): [number, number, number, number] {
  let [a, b, c, d] = [1_779_033_703, 3_144_134_277, 1_013_904_242, 2_773_480_762];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = b ^ Math.imul(a ^ code, 597_399_067);
    b = c ^ Math.imul(b ^ code, 2_869_860_233);
    c = d ^ Math.imul(c ^ code, 951_274_213);
    d = a ^ Math.imul(d ^ code, 2_716_044_179);
  }
  a = Math.imul(c ^ (a >>> 18), 597_399_067);
  b = Math.imul(d ^ (b >>> 22), 2_869_860_233);
  c = Math.imul(a ^ (c >>> 17), 951_274_213);
  d = Math.imul(b ^ (d >>> 19), 2_716_044_179);
  return [a ^ b ^ c ^ d, b, c, d];
}

/** The sfc32 generator. @see https://pracrand.sourceforge.net/RNG_engines.txt */
function smallFastCounter(a: number, b: number, c: number, d: number): () => number {
  const next = () => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) next();
  return next;
}
