/** 48 bits of a key: enough that a million indicators meet a foreign value once in 3 * 10^8, and a match is compared whole all the same. */

/** A range of IPv4 addresses, by its network's number and its length: no text has to be made of an address to look it up. */
export function hashIpv4(network: number, bits: number, into: Uint32Array): void {
  const a = Math.imul(network ^ Math.imul(bits + 1, 0x9e3779b1) ^ (network >>> 16), 2246822507);
  const b = Math.imul(a ^ (a >>> 13), 3266489909) ^ network;
  into[0] = Math.imul(b ^ (b >>> 16), 2654435761);
  into[1] = (Math.imul(b ^ (b >>> 15), 1597334677) >>> 16) & 0xffff;
}

/** The hash of a key as {@link indicatorKey} makes it: the same as {@link hashIpv4} for a range of IPv4. */
export function hashKey(key: string, into: Uint32Array): void {
  const ipv4 = /^ip ([0-9a-f]{8})\/(\d+)$/.exec(key);
  if (ipv4) hashIpv4(parseInt(ipv4[1] ?? '', 16) | 0, Number(ipv4[2]), into);
  else hash48(key, into);
}

/** The upper 32 bits and the lower 16, written into `into`: asked for each value of each record, it makes nothing that has to be collected. */
function hash48(text: string, into: Uint32Array): void {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  const upper = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  into[0] = upper;
  into[1] = (Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul((upper >>> 0) ^ (upper >>> 13), 3266489909)) & 0xffff;
}
