/** Addresses and ranges of them, as one text each, so that they can be looked up like any other indicator. */

import { isIPv4, isIPv6 } from 'node:net';

/** The bytes of an address, 4 or 16. IPv4 within IPv6 is IPv4. */
export type AddressBytes = readonly number[];

/** An IPv4 address as a number, its sign as it comes; undefined for what is none. Quick: it is asked of every record. */
export function ipv4Number(text: string): number | undefined {
  if (text.length > 15) return undefined;
  let number = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 46) {
      if (digits === 0) return undefined;
      number = (number << 8) | octet;
      octet = 0;
      digits = 0;
      dots += 1;
    } else if (code >= 48 && code <= 57 && (digits === 0 || octet > 0)) {
      octet = 10 * octet + code - 48;
      digits += 1;
      if (octet > 255) return undefined;
    } else return undefined;
  }
  return dots === 3 && digits > 0 ? (number << 8) | octet : undefined;
}

/** The bytes of an address; undefined for what is none. A zone (`fe80::1%eth0`) is left out. */
export function addressBytes(text: string): AddressBytes | undefined {
  if (isIPv4(text)) return text.split('.').map(Number);
  const [address = ''] = text.split('%');
  if (!isIPv6(address)) return undefined;
  const bytes = ipv6Bytes(address);
  return isMapped(bytes) ? bytes.slice(12) : bytes;
}

function ipv6Bytes(address: string): number[] {
  const last = address.slice(address.lastIndexOf(':') + 1);
  const dotted = last.includes('.') ? last.split('.').map(Number) : [];
  const groups = dotted.length > 0 ? address.slice(0, -last.length) : address;
  const [before = '', after = ''] = groups.split('::');
  const [head, tail] = [groupBytes(before), [...groupBytes(after), ...dotted]];
  return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail];
}

const groupBytes = (groups: string): number[] =>
  groups
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]);

const isMapped = (bytes: readonly number[]): boolean =>
  bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;

/** A range (`192.0.2.0/24`), or an address, which is a range of one. */
export interface AddressRange {
  readonly bytes: AddressBytes;
  /** Bits that all of its addresses share. */
  readonly bits: number;
}

/** The range that a text names; undefined for what is none. */
export function addressRange(text: string): AddressRange | undefined {
  const [address = '', bits, ...rest] = text.split('/');
  const bytes = addressBytes(address);
  if (!bytes || rest.length > 0) return undefined;
  if (bits === undefined) return { bytes, bits: 8 * bytes.length };
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > 8 * bytes.length) return undefined;
  return { bytes, bits: Number(bits) };
}

/** One text for all addresses of a range: its network and its length. @example 'ip c0000200/24' */
export function rangeKey(bytes: AddressBytes, bits: number): string {
  const masked = bytes.map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, bits - 8 * index))) & 0xff);
  return `ip ${masked.map((byte) => byte.toString(16).padStart(2, '0')).join('')}/${String(bits)}`;
}
