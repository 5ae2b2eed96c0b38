/**
 * Indicators of a STIX 2.1 bundle.
 *
 * @see https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html#_muftrcpnf89v the indicator object, and section 9 for its patterns
 */

import { z } from 'zod';
import type { IndicatorType } from '../sigma/lake-block.ts';
import { refused, timeIn, type ListPiece } from './read-list.ts';

const bundle = z.object({ type: z.literal('bundle'), objects: z.array(z.unknown()).default([]) });
const indicator = z.looseObject({
  type: z.literal('indicator'),
  id: z.string().default('an indicator without id'),
  name: z.string().optional(),
  pattern: z.string(),
  pattern_type: z.string().default('stix'),
  valid_from: z.string().optional(),
  valid_until: z.string().optional(),
  revoked: z.boolean().default(false),
});
type StixIndicator = z.output<typeof indicator>;

/** Whether a file's JSON is a bundle. */
export const isStixBundle = (json: unknown): boolean => bundle.safeParse(json).success;

/** The indicators of a bundle; its other objects are of no concern. */
export function readStix(json: unknown): ListPiece[] {
  const { objects } = bundle.parse(json);
  return objects.flatMap((object) => {
    const parsed = indicator.safeParse(object);
    if (parsed.success) return piecesOf(parsed.data);
    const isIndicator = typeof object === 'object' && object !== null && 'type' in object && object.type === 'indicator';
    return isIndicator ? [refused(JSON.stringify(object), 'is an indicator without a pattern')] : [];
  });
}

function piecesOf({
  id,
  name,
  pattern,
  pattern_type: language,
  valid_from: from,
  valid_until: until,
  revoked,
}: StixIndicator): ListPiece[] {
  if (revoked) return [{ kind: 'left-out', why: 'revoked' }];
  if (language !== 'stix') return [refused(id, `its pattern is written in '${language}'; only 'stix' is read`)];
  const comparisons = comparisonsOf(pattern);
  if (typeof comparisons === 'string') return [refused(id, comparisons)];
  const [begin, end] = [timeIn(from), timeIn(until)];
  return comparisons.map(({ type, value }) => ({
    kind: 'indicator',
    indicator: {
      type,
      value,
      ...(name !== undefined && { about: name }),
      ...(begin !== undefined && { from: begin }),
      ...(end !== undefined && { until: end }),
    },
  }));
}

interface Comparison {
  readonly type: IndicatorType;
  readonly value: string;
}

/** `object:path = 'value'`, with `\'` and `\\` in the value. */
const comparison = /^\s*([a-z0-9-]+):([\w.'\-[\]*]+)\s*(=|IN|LIKE|MATCHES|!=|>|<|>=|<=)\s*'((?:[^'\\]|\\.)*)'\s*/;
const longestPattern = 100_000;

/** What a pattern compares, where any of it will do; else why it cannot be taken. */
export function comparisonsOf(pattern: string): readonly Comparison[] | string {
  if (pattern.length > longestPattern) return `its pattern has more than ${String(longestPattern)} characters`;
  const found: Comparison[] = [];
  for (let rest = pattern.trim(); rest !== '';) {
    rest = rest.replace(/^[[\]()\s]+/, '');
    const [whole, object = '', path = '', operator, value = ''] = comparison.exec(rest) ?? [];
    if (whole === undefined) return `its pattern is not understood at '${rest.slice(0, 40)}'`;
    if (operator !== '=') return `its pattern compares by ${String(operator)}; only = is read`;
    const type = typeOf(object, path);
    if (type === undefined) return `it compares ${object}:${path}, of which no record has anything`;
    found.push({ type, value: value.replaceAll(/\\(.)/g, '$1') });
    rest = rest.slice(whole.length).replace(/^[\])\s]+/, '');
    if (rest === '') break;
    const joined = /^(OR|AND|FOLLOWEDBY)\b\s*/.exec(rest);
    if (!joined) return `its pattern is not understood at '${rest.slice(0, 40)}'`;
    if (joined[1] !== 'OR')
      return `its pattern joins comparisons by ${String(joined[1])}; one that has to come with another is no indicator by itself`;
    rest = rest.slice(joined[0].length);
  }
  return found.length > 0 ? found : 'its pattern is empty';
}

function typeOf(object: string, path: string): IndicatorType | undefined {
  const name = `${object}:${path.replaceAll("'", '').toLowerCase()}`;
  return types[name] ?? (name.endsWith('request_header.user-agent') ? 'user-agent' : undefined);
}

const types: Readonly<Record<string, IndicatorType>> = {
  'ipv4-addr:value': 'ip',
  'ipv6-addr:value': 'ip',
  'domain-name:value': 'domain',
  'url:value': 'url',
  'email-addr:value': 'email',
  'email-message:from_ref.value': 'email',
  'email-message:sender_ref.value': 'email',
  'file:hashes.sha-256': 'sha256',
  'file:hashes.sha256': 'sha256',
  'file:hashes.sha-1': 'sha1',
  'file:hashes.sha1': 'sha1',
  'file:hashes.md5': 'md5',
};
