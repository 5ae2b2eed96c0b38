/** How DuckDB and Trino (Athena) each say what a rule asks. */

import { literal } from '../../domain/literal.ts';
import type { Step } from '../fields/place.ts';

/** Pieces of SQL; a text is an expression of one. */
export interface Dialect {
  readonly name: 'duckdb' | 'trino';
  asText(value: string): string;
  asNumber(text: string): string;
  contains(text: string, part: string): string;
  startsWith(text: string, part: string): string;
  matches(text: string, expression: string): string;
  /** Whether any element of a list passes; NULL for no list. @param element The name it has in the test. */
  anyOf(list: string, test: (element: string) => string, element: string): string;
  /** One field of every struct, and where that is a list, all of them in one. */
  fieldOfEach(list: string, field: string, isList: boolean): string;
  member(map: string, key: string): string;
  members(map: string): string;
  /** What stands in a JSON text: one text, or a list of them where the path goes through lists. */
  json(text: string, steps: readonly Step[]): string;
  inNetwork(text: string, network: string, bits: number): string;
}

/** Within `"..."` of a JSON path. */
const quotedMember = (name: string): string => `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
const pathOf = (steps: readonly Step[]): string =>
  steps.map((step) => (step === 'each' ? '[*]' : `.${quotedMember(step.member)}`)).join('');

/** An address that is a number of hexadecimal digits begins with what its network does; a digit that the length cuts is one of several. */
export function networkPrefixes(network: string, bits: number): string[] {
  const hex = hexOf(network);
  const version = network.includes(':') ? '6' : '4';
  const whole = Math.floor(bits / 4);
  const rest = bits % 4;
  const start = version + hex.slice(0, whole);
  if (rest === 0) return [start];
  const spread = 2 ** (4 - rest);
  const first = Math.floor(Number.parseInt(hex[whole] ?? '0', 16) / spread) * spread;
  return Array.from({ length: spread }, (_, index) => start + (first + index).toString(16));
}

/** 8 or 32 digits. */
function hexOf(address: string): string {
  if (!address.includes(':')) {
    const octets = address.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
    return octets.join('');
  }
  const [left = '', right] = address.toLowerCase().split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(left), groups(right ?? '')];
  const zeros = right === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join('');
}

/** @see https://duckdb.org/docs/stable/sql/functions/overview */
export const duckdb: Dialect = {
  name: 'duckdb',
  asText: (value) => `CAST(${value} AS VARCHAR)`,
  asNumber: (text) => `TRY_CAST(${text} AS DOUBLE)`,
  contains: (text, part) => `contains(${text}, ${part})`,
  startsWith: (text, part) => `starts_with(${text}, ${part})`,
  matches: (text, expression) => `regexp_matches(${text}, ${literal(expression)})`,
  anyOf: (list, test, element) => `(len(list_filter(${list}, lambda ${element}: coalesce(${test(element)}, false))) > 0)`,
  fieldOfEach: (list, field, isList) => {
    const fields = `list_transform(${list}, lambda s: s."${field}")`;
    return isList ? `flatten(${fields})` : fields;
  },
  member: (map, key) => `map_extract_value(${map}, ${literal(key)})`,
  members: (map) => `map_values(${map})`,
  json: (text, steps) => `json_extract_string(${text}, ${literal(`$${pathOf(steps)}`)})`,
  inNetwork: (text, network, bits) =>
    `regexp_matches(lake_address_digits(${text}), ${literal(`^(${networkPrefixes(network, bits).join('|')})`)})`,
};

/** @see https://trino.io/docs/current/functions.html */
export const trino: Dialect = {
  name: 'trino',
  asText: (value) => `CAST(${value} AS varchar)`,
  asNumber: (text) => `TRY_CAST(${text} AS double)`,
  contains: (text, part) => `(strpos(${text}, ${part}) > 0)`,
  startsWith: (text, part) => `starts_with(${text}, ${part})`,
  matches: (text, expression) => `regexp_like(${text}, ${literal(expression)})`,
  anyOf: (list, test, element) => `any_match(${list}, ${element} -> coalesce(${test(element)}, false))`,
  fieldOfEach: (list, field, isList) => {
    const fields = `transform(${list}, s -> s."${field}")`;
    return isList ? `flatten(${fields})` : fields;
  },
  member: (map, key) => `element_at(${map}, ${literal(key)})`,
  members: (map) => `map_values(${map})`,
  json: (text, steps) => {
    if (!steps.includes('each')) {
      const path = literal(`$${steps.map((step) => (step === 'each' ? '' : `[${quotedMember(step.member)}]`)).join('')}`);
      return `coalesce(json_extract_scalar(${text}, ${path}), json_format(nullif(json_extract(${text}, ${path}), JSON 'null')))`;
    }
    const found = `json_query(${text}, ${literal(`lax $${pathOf(steps)}`)} WITH ARRAY WRAPPER)`;
    return `transform(CAST(json_parse(${found}) AS array(json)), j -> coalesce(json_extract_scalar(j, '$'), json_format(j)))`;
  },
  inNetwork: (text, network, bits) => `contains(${literal(`${network}/${String(bits)}`)}, TRY_CAST(${text} AS ipaddress))`,
};
