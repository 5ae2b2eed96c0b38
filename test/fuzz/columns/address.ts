/** Addresses in texts, by the parsers of Node. */

import { isIPv4, isIPv6 } from 'node:net';

interface Found {
  readonly address: string | null;
  readonly port: bigint | null;
}

export const addressIn = (text: string | null): string | null => (text === null ? null : find(text).address);
export const portIn = (text: string | null): bigint | null => (text === null ? null : find(text).port);

/** Of several texts, the first that looks like one is taken, be it one or not. */
export function looksLikeAddress(text: string): boolean {
  return text.split(',').some((part) => /^\s*\[?[0-9a-f]*[.:][0-9a-f.:]+(?:%[^\]]*)?\]?(?::\d+)?\s*$/i.test(part));
}

/** Of several with commas between them, the first that is public, else the first. */
function find(text: string): Found {
  const found = text.split(',').map(findOne);
  if (found.length === 1) return found[0] ?? { address: null, port: null };
  const addresses = found.filter(({ address }) => address !== null);
  return addresses.find(({ address }) => !isWithin(address ?? '', privateNetworks)) ?? addresses[0] ?? findOne(text);
}

const privateNetworks = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
];

/** Whether it is of no network of the internet. */
export const isPrivate = (address: string): boolean => isWithin(address, privateNetworks);

/** By the bits of both, as numbers. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  return networks.some((network) => {
    const [base = '', bits = ''] = network.split('/');
    if (isIPv6(base) !== isIPv6(address)) return false;
    const rest = BigInt((isIPv6(base) ? 128 : 32) - Number(bits));
    return bitsOf(base) >> rest === bitsOf(address) >> rest;
  });
}

function bitsOf(address: string): bigint {
  if (isIPv4(address)) return address.split('.').reduce((all, part) => all * 256n + BigInt(part), 0n);
  const [head = '', tail] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].reduce((all, group) => all * 65536n + BigInt(`0x${group}`), 0n);
}

function findOne(text: string): Found {
  const trimmed = text.trim();
  const [, bracketed, portOfV6] = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(trimmed) ?? [];
  if (bracketed !== undefined) return { address: canonical(bracketed), port: numberOf(portOfV6) };
  if (isIPv6(trimmed.replace(/%.*$/, ''))) return { address: canonical(trimmed), port: null };
  const [, host = trimmed, port] = /^(.*[^:]):(\d{1,5})$/.exec(trimmed) ?? [];
  return { address: canonical(host), port: canonicalV4(host) === null ? null : numberOf(port) };
}

function numberOf(text: string | undefined): bigint | null {
  return text === undefined ? null : BigInt(text);
}

function canonicalV4(text: string): string | null {
  const mapped = text.replace(/^\[?::ffff:/i, '');
  return isIPv4(mapped) ? mapped : null;
}

/** RFC 5952; addresses that stand for no address are no address. */
function canonical(text: string): string | null {
  const v4 = canonicalV4(text);
  if (v4 !== null) return v4 === '0.0.0.0' ? null : v4;
  const bare = text.replace(/%.*$/, '');
  if (!isIPv6(bare)) return null;
  const address = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  return address === '::' ? null : address;
}
