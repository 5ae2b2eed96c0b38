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
  return /^\s*\[?[0-9a-f]*[.:][0-9a-f.:]+(?:%[^\]]*)?\]?(?::\d+)?\s*$/i.test(text);
}

function find(text: string): Found {
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
