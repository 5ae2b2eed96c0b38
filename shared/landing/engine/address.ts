/** Addresses in texts. */

import { isIPv4, isIPv6 } from 'node:net';
import { isPrivate } from './networks.ts';

/**
 * The address within `ip`, `ip:port`, `[v6]:port`, `::ffff:v4`, an IPv6 address as RFC 5952 writes it; NULL for what is no address, and for
 * the addresses that mean "no address". Of several (`a, b`, as proxies write them) the first that is public, else the first.
 */
export function addressOf(text: string): string | null {
  if (isPlainV4.test(text)) return text === '0.0.0.0' ? null : text;
  return parsed(text).address;
}

/** What a text holds. */
interface Parsed {
  readonly address: string | null;
  readonly port: number | null;
}

/** Of the texts that were asked for last: several columns of a record ask for the same. */
const known = new Map<string, Parsed>();
const mostKnown = 1_000;

function parsed(text: string): Parsed {
  let found = known.get(text);
  if (found === undefined) {
    found = parse(text);
    if (known.size === mostKnown) known.clear();
    known.set(text, found);
  }
  return found;
}

function parse(text: string): Parsed {
  const { host, port } = hostAndPort(chosenOf(text));
  const address = canonicalOrNull(host);
  return { address: isNoAddress(address) ? null : address, port: port === undefined || address === null ? null : Number(port) };
}

/** The text itself, or one of the addresses in it. */
function chosenOf(text: string): string {
  if (!text.includes(',')) return text;
  const parts = text.split(',').filter((part) => canonical(hostAndPort(part).host) !== null);
  return parts.find((part) => !isPrivate(canonical(hostAndPort(part).host) ?? '')) ?? parts[0] ?? text;
}

/** The port beside that address. */
export const portOf = (text: string): number | null => (text.includes(':') ? parsed(text).port : null);

/** Of several texts, the first that looks like an address is taken, be it one or not. */
export function looksLikeAddress(text: string): boolean {
  if (isPlainV4.test(text)) return true;
  return text.split(',').some((part) => /^\s*\[?[0-9a-f]*[.:][0-9a-f.:]+(?:%[^\]]*)?\]?(?::\d+)?\s*$/i.test(part));
}

const octet = '(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])';
const isPlainV4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

const plainV4AndPort = /^(\d+\.\d+\.\d+\.\d+):(\d{1,5})$/;

function hostAndPort(text: string): { readonly host: string; readonly port?: string | undefined } {
  const trimmed = text.trim();
  const [, v4, portOfV4] = plainV4AndPort.exec(trimmed) ?? [];
  if (v4 !== undefined && isIPv4(v4)) return { host: v4, port: portOfV4 };
  const [, bracketed, portAfter] = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(trimmed) ?? [];
  if (bracketed !== undefined) return { host: bracketed, port: portAfter };
  if (isIPv6(bare(trimmed))) return { host: trimmed };
  const [, host = trimmed, port] = /^(.*[^:]):(\d{1,5})$/.exec(trimmed) ?? [];
  return mappedV4(host) === null ? { host: trimmed } : { host, port };
}

function canonical(host: string): string | null {
  const address = canonicalOrNull(host);
  return isNoAddress(address) ? null : address;
}

const isNoAddress = (address: string | null): boolean => address === '0.0.0.0' || address === '::';

function canonicalOrNull(host: string): string | null {
  const v4 = mappedV4(host);
  if (v4 !== null || !isIPv6(bare(host))) return v4;
  return new URL(`http://[${bare(host)}]/`).hostname.slice(1, -1);
}

/** Without the zone of a link-local address. */
const bare = (host: string): string => host.replace(/%.*$/, '');

function mappedV4(host: string): string | null {
  const mapped = host.replace(/^::ffff:/i, '');
  return isIPv4(mapped) ? mapped : null;
}
