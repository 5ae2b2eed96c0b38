/** SQL that several columns of normalized datasets need. Each macro has its table of cases in test/shared/domain/sql-macros.test.ts. */

const octet = '(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])';
const v4 = `${octet}(?:\\.${octet}){3}`;

/** `body` over a value under the name `a`: a macro repeats its argument wherever it names it, a lambda computes it once. */
const bound = (value: string, body: string): string => `(list_transform([${value}], a -> ${body}))[1]`;

/** The groups of a part of an IPv6 address, four digits each. */
const groups = (part: string): string =>
  `CASE WHEN ${part} = '' THEN [] ELSE list_transform(string_split(${part}, ':'), g -> lpad(g, 4, '0')) END`;
const strictOctet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const octetDigits = [1, 2, 3, 4].map((index) => `printf('%02x', CAST(split_part(x, '.', ${String(index)}) AS INTEGER))`).join(' || ');

const longRun = `'(^|:)0(:0){' || more || '}(:|$)'`;

/** Run once, in this order, on every connection that derives datasets or queries the lake. */
export const sqlMacros: readonly string[] = [
  // RFC 5952: no leading zeros, the longest (first) run of zero groups as '::'.
  `CREATE OR REPLACE TEMP MACRO lake_v6(x) AS ${bound(
    `regexp_replace(x, '(^|:)0+([0-9a-f])', '\\1\\2', 'g')`,
    `CASE WHEN a = '::' THEN NULL WHEN contains(a, '::') OR NOT contains(a, ':0:') THEN a
     ELSE coalesce(list_filter(list_transform([7, 6, 5, 4, 3, 2, 1], more -> CASE WHEN regexp_matches(a, ${longRun}) THEN regexp_replace(a, ${longRun}, '::') END), s -> s <> '')[1], a) END`,
  )}`,
  `CREATE OR REPLACE TEMP MACRO lake_odd_address(x) AS ${bound(
    `lower(trim(x, E' \\r\\n\\t'))`,
    `CASE WHEN contains(a, '.') THEN nullif(nullif(regexp_extract(a, '^(?:\\[?::ffff:)?(${v4})\\]?(?::[0-9]{1,5})?$', 1), ''), '0.0.0.0')
     WHEN regexp_full_match(a, '\\[[0-9a-f:]*:[0-9a-f:]*\\](:[0-9]{1,5})?|[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}(%.*)?') THEN lake_v6(regexp_extract(a, '[0-9a-f:]+')) END`,
  )}`,
  // Plain IPv4 is nearly everything; only the rest pays for more patterns.
  `CREATE OR REPLACE TEMP MACRO lake_address(a) AS CASE
     WHEN a IS NULL OR a = '0.0.0.0' THEN NULL
     WHEN regexp_full_match(a, '${v4}') THEN a
     ELSE lake_odd_address(a) END`,
  // The 32 digits of an IPv6 address in lower case; NULL for what is none.
  `CREATE OR REPLACE TEMP MACRO lake_v6_digits(x) AS ${bound(
    `string_split(x, '::')`,
    `CASE
     WHEN len(a) > 2 OR regexp_matches(x, '(^|[^:]):$|^:([^:]|$)') THEN NULL
     WHEN len(a) = 1 THEN CASE WHEN len(string_split(x, ':')) = 8 THEN array_to_string(${groups('a[1]')}, '') END
     WHEN len(${groups('a[1]')}) + len(${groups('a[2]')}) <= 7 THEN
       array_to_string(${groups('a[1]')}, '') || repeat('0', 32 - 4 * (len(${groups('a[1]')}) + len(${groups('a[2]')}))) || array_to_string(${groups('a[2]')}, '')
     END`,
  )}`,
  // An address as '4' or '6' and its hexadecimal digits: a network is a beginning of it. IPv4 within IPv6 is IPv4.
  `CREATE OR REPLACE TEMP MACRO lake_address_digits(x) AS CASE
     WHEN regexp_full_match(x, '${strictOctet}(?:\\.${strictOctet}){3}') THEN '4' || ${octetDigits}
     WHEN regexp_full_match(x, '[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){2,8}') AND NOT contains(x, ':::') THEN ${bound(
       'lake_v6_digits(lower(x))',
       `CASE WHEN starts_with(a, repeat('0', 20) || 'ffff') THEN '4' || a[25:] ELSE '6' || a END`,
     )} END`,
  `CREATE OR REPLACE TEMP MACRO lake_some(list) AS CASE WHEN len(list) > 0 THEN list END`,
  `CREATE OR REPLACE TEMP MACRO lake_distinct(list) AS list_filter(list, (x, i) -> list_position(list, x) = i)`,
];
