/** What Sigma lacks: the block `custom.lake` of a rule. */

import { RuleRefused, type RulePath } from './refused.ts';
import { isRecord, mappingOf, numberAt, spanAt, textAt, textsAt, type Mapping } from './shape.ts';
import { readTests, type RuleTest } from './rule-tests.ts';

/** What makes a rule of another kind than "each record that matches". */
export type LakeKind =
  /** Values `of` that an entity `per` had in none of the days before. */
  | { readonly kind: 'first-seen'; readonly of: readonly string[]; readonly per: readonly string[]; readonly withinMs: number }
  /** Two places of one entity, further apart and faster than can be travelled. */
  | { readonly kind: 'travel'; readonly per: readonly string[]; readonly km: number; readonly kmPerHour: number; readonly withinMs: number }
  /** Values that a list of indicators has. */
  | { readonly kind: 'indicator'; readonly fields: readonly { readonly field: string; readonly type: IndicatorType }[] }
  /** No record that matches, for so long, in a stream that is complete to then. */
  | { readonly kind: 'absence'; readonly quietMs: number };

/** What an indicator can be. */
export const indicatorTypes = ['ip', 'domain', 'url', 'sha256', 'sha1', 'md5', 'email', 'user-agent', 'app-id'] as const;
/** One of the kinds of indicators. */
export type IndicatorType = (typeof indicatorTypes)[number];

/** Values that a rule is silent for: who answers for it, and until when. */
export interface Allowance {
  readonly field: string;
  readonly values: readonly string[];
  readonly because: string;
  readonly owner: string;
  /** ISO date; from its first instant on the allowance counts no more, by event time. */
  readonly until: string;
}

/** `custom.lake` of a rule. */
export interface LakeBlock {
  readonly special?: LakeKind;
  readonly bucketMs?: number;
  /** A new version of a record that was found already is found again. */
  readonly every: 'record' | 'version';
  readonly allow: readonly Allowance[];
  /** At most so many findings a day are to be expected; nobody is notified of a rule with more. */
  readonly expect?: number;
  /** False: findings land and nobody is notified. */
  readonly notify: boolean;
  /** Not evaluated for tenants that collect one of these log types: another rule says it from there. */
  readonly unlessCollected: readonly string[];
  readonly tests: readonly RuleTest[];
}

const keys = ['first-seen', 'travel', 'indicator', 'absence', 'bucket', 'every', 'allow', 'expect', 'notify', 'unless-collected', 'tests'];
const at: RulePath = ['custom', 'lake'];

/** @throws RuleRefused at what is wrong. */
export function readLakeBlock(rule: Mapping): LakeBlock {
  const custom = rule.custom;
  const lake = isRecord(custom) ? custom.lake : undefined;
  const block = lake === undefined ? {} : mappingOf(lake, keys, at);
  const special = readSpecial(block);
  const bucketMs = spanAt(block, 'bucket', at);
  const expect = numberAt(block, 'expect', at);
  return {
    ...(special && { special }),
    ...(bucketMs !== undefined && { bucketMs }),
    every: oneOf(block, 'every', ['record', 'version']) ?? 'record',
    allow: listAt(block, 'allow').map((one, index) => readAllowance(one, [...at, 'allow', index])),
    ...(expect !== undefined && { expect }),
    notify: block.notify !== false,
    unlessCollected: textsAt(block, 'unless-collected', at),
    tests: readTests(listAt(block, 'tests'), [...at, 'tests']),
  };
}

function readSpecial(block: Mapping): LakeKind | undefined {
  const named = (['first-seen', 'travel', 'indicator', 'absence'] as const).filter((key) => block[key] !== undefined);
  if (named.length > 1) throw new RuleRefused(`a rule is of one kind, and this one is ${named.join(' and ')}`, at);
  const [kind] = named;
  return kind && readers[kind](block[kind], [...at, kind]);
}

const dayMs = 86_400_000;
const readers: Readonly<Record<LakeKind['kind'], (value: unknown, at: RulePath) => LakeKind>> = {
  'first-seen': (value, at) => {
    const block = mappingOf(value, ['of', 'per', 'within'], at);
    const withinMs = spanAt(block, 'within', at) ?? 14 * dayMs;
    if (withinMs % dayMs !== 0 || withinMs > 90 * dayMs)
      throw new RuleRefused("'within' has to be whole days, 1d to 90d", [...at, 'within']);
    return { kind: 'first-seen', of: needed(block, 'of', at), per: textsAt(block, 'per', at), withinMs };
  },
  travel: (value, at) => {
    const block = mappingOf(value, ['per', 'km', 'km-per-hour', 'within'], at);
    const withinMs = spanAt(block, 'within', at) ?? dayMs / 2;
    const km = numberAt(block, 'km', at) ?? 500;
    return { kind: 'travel', per: needed(block, 'per', at), km, kmPerHour: numberAt(block, 'km-per-hour', at) ?? 900, withinMs };
  },
  indicator: (value, at) => {
    if (!isRecord(value) || Object.keys(value).length === 0) throw new RuleRefused('the rule names no field, such as `source_ip: ip`', at);
    const fields = Object.keys(value).map((field) => ({ field, type: oneOf(value, field, indicatorTypes, at) ?? 'ip' }));
    return { kind: 'indicator', fields };
  },
  absence: (value, at) => {
    const quietMs = spanAt(mappingOf(value, ['for'], at), 'for', at) ?? 6 * 3_600_000;
    if (quietMs % 3_600_000 !== 0) throw new RuleRefused("'for' has to be whole hours", [...at, 'for']);
    return { kind: 'absence', quietMs };
  },
};

function needed(block: Mapping, key: string, at: RulePath): readonly string[] {
  const fields = textsAt(block, key, at);
  if (fields.length === 0) throw new RuleRefused(`'${key}' names no field`, at);
  return fields;
}

function oneOf<Word extends string>(block: Mapping, key: string, words: readonly Word[], place: RulePath = at): Word | undefined {
  const text = textAt(block, key, place);
  const word = words.find((one) => one === text);
  if (text !== undefined && word === undefined)
    throw new RuleRefused(`'${key}' is '${text}'; known are ${words.join(', ')}`, [...place, key]);
  return word;
}

function listAt(block: Mapping, key: string): readonly unknown[] {
  const list = block[key] ?? [];
  if (!Array.isArray(list)) throw new RuleRefused(`'${key}' has to be a list`, [...at, key]);
  return list;
}

function readAllowance(value: unknown, at: RulePath): Allowance {
  const block = mappingOf(value, ['field', 'values', 'because', 'owner', 'until'], at);
  const read = (key: string): string => {
    const found = block[key];
    // YAML may have read a date as one.
    const text = found instanceof Date ? found.toISOString().slice(0, 10) : textAt(block, key, at);
    if (text === undefined) throw new RuleRefused(`an allowance needs '${key}': it is for somebody, for a reason and for a time`, at);
    return text;
  };
  const until = read('until');
  if (!/^\d{4}-\d\d-\d\d$/.test(until) || Number.isNaN(Date.parse(until)))
    throw new RuleRefused(`'until' has to be a date such as 2026-11-30, and is '${until}'`, [...at, 'until']);
  return { field: read('field'), values: needed(block, 'values', at), because: read('because'), owner: read('owner'), until };
}
