/** MD5 (RFC 1321), of what a record key is made of. */

const shifts: StaticArray<u8> = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
// prettier-ignore
const sines: StaticArray<u32> = [
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
  0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
  0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
  0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
  0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
  0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
  0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
  0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
];

let a: u32 = 0;
let b: u32 = 0;
let c: u32 = 0;
let d: u32 = 0;

/** Writes the hash as 32 hex digits. @param start Bytes, with room for 72 more after them. */
export function md5(start: usize, length: u32, into: usize): void {
  const padded = pad(start, length);
  a = 0x67452301;
  b = 0xefcdab89;
  c = 0x98badcfe;
  d = 0x10325476;
  for (let at: u32 = 0; at < padded; at += 64) block(start + at);
  writeHex(a, into);
  writeHex(b, into + 8);
  writeHex(c, into + 16);
  writeHex(d, into + 24);
}

function pad(start: usize, length: u32): u32 {
  const padded = ((length + 8) & ~63) + 64;
  memory.fill(start + length, 0, padded - length);
  store<u8>(start + length, 0x80);
  store<u64>(start + padded - 8, (<u64>length) << 3);
  return padded;
}

function block(words: usize): void {
  let w = a;
  let x = b;
  let y = c;
  let z = d;
  for (let index: u32 = 0; index < 64; index += 4) {
    const round = index >> 4;
    w = x + rotl<u32>(w + mixed(round, x, y, z) + added(words, round, index), shift(round, 0));
    z = w + rotl<u32>(z + mixed(round, w, x, y) + added(words, round, index + 1), shift(round, 1));
    y = z + rotl<u32>(y + mixed(round, z, w, x) + added(words, round, index + 2), shift(round, 2));
    x = y + rotl<u32>(x + mixed(round, y, z, w) + added(words, round, index + 3), shift(round, 3));
  }
  a += w;
  b += x;
  c += y;
  d += z;
}

// @ts-ignore: decorator
@inline
function mixed(round: u32, x: u32, y: u32, z: u32): u32 {
  if (round == 0) return (x & y) | (~x & z);
  if (round == 1) return (z & x) | (~z & y);
  return round == 2 ? x ^ y ^ z : y ^ (x | ~z);
}

// @ts-ignore: decorator
@inline
function added(words: usize, round: u32, index: u32): u32 {
  const word = round == 0 ? index : round == 1 ? 5 * index + 1 : round == 2 ? 3 * index + 5 : 7 * index;
  return unchecked(sines[index]) + load<u32>(words + (word & 15) * 4);
}

// @ts-ignore: decorator
@inline
function shift(round: u32, step: u32): u32 {
  return unchecked(shifts[(round << 2) | step]);
}

const digits = '0123456789abcdef';

function writeHex(word: u32, into: usize): void {
  for (let byte: u32 = 0; byte < 4; byte++) {
    const value = (word >> (byte * 8)) & 0xff;
    store<u8>(into + byte * 2, <u8>digits.charCodeAt(value >> 4));
    store<u8>(into + byte * 2, <u8>digits.charCodeAt(value & 15), 1);
  }
}
