/** Under which texts an indicator is kept, and under which a record's value is looked up. */

import { domainToASCII } from 'node:url';
import type { IndicatorType } from '../sigma/lake-block.ts';
import { addressBytes, addressRange, rangeKey } from './address.ts';

/** The lengths of the ranges that lists have, by the number of an address's bytes: each is looked up. */
export interface RangeLengths {
  readonly 4: readonly number[];
  readonly 16: readonly number[];
}

/** Of single addresses alone. */
export const singleAddresses: RangeLengths = { 4: [32], 16: [128] };

/** The key of an indicator; undefined where the text is none of its type. Defanged spellings (`hxxp`, `[.]`) are read as what they mean. */
export function indicatorKey(type: IndicatorType, value: string): string | undefined {
  const text = refanged(value.trim());
  if (type === 'ip') {
    const range = addressRange(text);
    return range && rangeKey(range.bytes, range.bits);
  }
  const named = spelled[type](text);
  return named === undefined || named === '' ? undefined : `${type} ${named}`;
}

/** What a record's value may be listed as: an address also as each range around it, a domain as those above it. */
export function lookUpKeys(type: IndicatorType, text: string, ranges: RangeLengths): readonly string[] {
  if (type === 'ip') {
    const bytes = addressBytes(text.trim());
    return bytes ? ranges[bytes.length as 4 | 16].map((bits) => rangeKey(bytes, bits)) : [];
  }
  if (type === 'domain') return domainsAbove(hostOf(text)).map((domain) => `domain ${domain}`);
  const named = spelled[type](text.trim());
  return named === undefined || named === '' ? [] : [`${type} ${named}`];
}

const spelled: Readonly<Record<Exclude<IndicatorType, 'ip'>, (text: string) => string | undefined>> = {
  domain: (text) => domainOf(text.replace(/^\*\./, '')),
  url: urlOf,
  sha256: digestOf(64),
  sha1: digestOf(40),
  md5: digestOf(32),
  email: (text) => (/^[^@\s]+@[^@\s]+$/.test(text) ? text.toLowerCase().replace(/^smtp:/, '') : undefined),
  'user-agent': (text) => text.toLowerCase(),
  'app-id': (text) => text.toLowerCase(),
};

function digestOf(length: number): (text: string) => string | undefined {
  const digest = new RegExp(`^[0-9a-f]{${String(length)}}$`);
  return (text) => (digest.test(text.toLowerCase()) ? text.toLowerCase() : undefined);
}

const plainHost = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/;

function domainOf(text: string): string | undefined {
  // Most are plain already, and the rules of international names take their time.
  if (plainHost.test(text)) return text;
  const ascii = domainToASCII(text.replace(/\.$/, ''));
  return plainHost.test(ascii) ? ascii : undefined;
}

/** Without scheme and fragment: `http` and `https` are the same page to whoever is lured there. */
function urlOf(text: string): string | undefined {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  return `${url.host}${url.pathname === '/' ? '' : url.pathname}${url.search}`;
}

/** The host of a link or of a mail address; a text that is neither is taken for a host. */
function hostOf(text: string): string {
  const plain = /^https?:\/\/([a-z0-9.-]+)(?:[/?#]|$)/.exec(text)?.[1];
  if (plain !== undefined) return domainOf(plain) ?? '';
  const url = text.includes('://') ? URL.parse(text.trim()) : undefined;
  return domainOf(url ? url.hostname : text.slice(text.lastIndexOf('@') + 1).trim()) ?? '';
}

/** At most eight: names have few labels, and whoever writes a longer one shall not make work. */
function domainsAbove(host: string): string[] {
  const found: string[] = [];
  let domain = host;
  for (let dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.')) {
    found.push(domain);
    domain = domain.slice(dot + 1);
  }
  return found.slice(-8);
}

/** How lists write links, so that nobody follows them by mistake. */
const refanged = (text: string): string =>
  text
    .replace(/^hxxp(s?):/i, 'http$1:')
    .replaceAll(/\[\.\]|\(\.\)|\{\.\}/g, '.')
    .replaceAll('[:]', ':')
    .replaceAll('[@]', '@');
