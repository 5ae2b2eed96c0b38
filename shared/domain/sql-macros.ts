/** SQL that several columns need. Each macro has its table of cases in test/shared/domain/sql-macros.test.ts. */

const octet = '(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])';
const v4 = `${octet}(?:\\.${octet}){3}`;

/** `body` over a value under the name `a`: a macro repeats its argument wherever it names it, a lambda computes it once. */
const bound = (value: string, body: string): string => `(list_transform([${value}], a -> ${body}))[1]`;

const longRun = `'(^|:)0(:0){' || more || '}(:|$)'`;

/** Run once, in this order, on every connection that lands records. */
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
  `CREATE OR REPLACE TEMP MACRO lake_address_like(a) AS CASE WHEN regexp_full_match(a, '\\s*\\[?[0-9a-fA-F]*[.:][0-9a-fA-F.:]+(%[^\\]]*)?\\]?(:[0-9]+)?\\s*') THEN a END`,
  `CREATE OR REPLACE TEMP MACRO lake_port(a) AS CASE WHEN contains(a, ':')
     THEN TRY_CAST(regexp_extract(a, '^\\s*(?:(?:::[fF]{4}:)?[0-9]+(?:\\.[0-9]+){3}|\\[[0-9a-fA-F:.]+\\]):([0-9]{1,5})\\s*$', 1) AS BIGINT) END`,
  // Microsoft's times without zone mean UTC; the cast to TIMESTAMPTZ, which knows zones, takes thrice as long for them.
  `CREATE OR REPLACE TEMP MACRO lake_instant(a) AS CASE WHEN length(a) = 19 AND a[17] = ':'
     THEN make_timestamptz(epoch_us(TRY_CAST(a AS TIMESTAMP))) ELSE TRY_CAST(a AS TIMESTAMPTZ) END`,
  // Year 0001 is how Microsoft says "no time".
  `CREATE OR REPLACE TEMP MACRO lake_time(t) AS CASE WHEN isfinite(t) AND t >= TIMESTAMPTZ '1900-01-01 00:00:00+00' THEN t END`,
  `CREATE OR REPLACE TEMP MACRO lake_within(json, path) AS CASE WHEN json_valid(json) THEN json_extract_string(json, path) END`,
  `CREATE OR REPLACE TEMP MACRO lake_some(list) AS CASE WHEN len(list) > 0 THEN list END`,
  `CREATE OR REPLACE TEMP MACRO lake_json(j) AS CASE WHEN j <> 'null' AND j <> '""' AND j <> '[]' AND j <> '{}' THEN j END`,
  `CREATE OR REPLACE TEMP MACRO lake_distinct(list) AS list_filter(list, (x, i) -> list_position(list, x) = i)`,
  // The same for two JSON texts that differ only in the order of their keys.
  `CREATE OR REPLACE TEMP MACRO lake_unordered(j) AS array_to_string(list_sort(string_split_regex(j, '[,{}\\[\\]]')), ',')`,
];
