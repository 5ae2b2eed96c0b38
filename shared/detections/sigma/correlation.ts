/** The `correlation` of a rule: what of other rules' events together makes a finding. */

import { RuleRefused } from './refused.ts';
import { isRecord, neededText, spanAt, textsAt, type Mapping } from './shape.ts';

/** A correlation as Sigma 2 has it. Only kinds and conditions to which further events can do nothing but add. */
export type Correlation = {
  /** Names or ids of rules. */
  readonly rules: readonly string[];
  readonly groupBy: readonly string[];
  /** Of each alias, the field that it stands for in each rule. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly withinMs: number;
  /** Whether the rules it names find something by themselves as well. */
  readonly alsoGenerates: boolean;
} & (
  | { readonly type: 'event_count'; readonly least: number }
  | { readonly type: 'value_count' | 'value_sum'; readonly field: string; readonly least: number }
  | { readonly type: 'temporal' | 'temporal_ordered' }
);

const types = ['event_count', 'value_count', 'value_sum', 'temporal', 'temporal_ordered'] as const;
const at = ['correlation'];
const longestMs = 30 * 86_400_000;

/** @throws RuleRefused, for conditions that are not monotone with that reason. */
export function readCorrelation(value: Mapping): Correlation {
  const type = types.find((one) => one === value.type);
  if (type === undefined) {
    const got = typeof value.type === 'string' ? value.type : JSON.stringify(value.type);
    throw new RuleRefused(`unknown correlation '${got}'; known are ${types.join(', ')}`, [...at, 'type']);
  }
  const rules = textsAt(value, 'rules', at);
  if (rules.length === 0) throw new RuleRefused('the correlation names no rules', at);
  const withinMs = spanAt(value, 'timespan', at);
  if (withinMs === undefined) throw new RuleRefused("the correlation has no 'timespan', such as 10m", at);
  if (withinMs > longestMs)
    throw new RuleRefused(`'timespan' is '${neededText(value, 'timespan', at)}'; at most 30d are remembered`, [...at, 'timespan']);
  const common = {
    rules,
    groupBy: textsAt(value, 'group-by', at),
    aliases: readAliases(value),
    withinMs,
    alsoGenerates: value.generate === true,
  };
  if (type === 'temporal' || type === 'temporal_ordered') {
    if (value.condition !== undefined)
      throw new RuleRefused(`a condition of '${type}' is not supported: all of its rules have to occur`, [...at, 'condition']);
    if (rules.length < 2) throw new RuleRefused(`'${type}' needs two rules at least`, [...at, 'rules']);
    return { ...common, type };
  }
  const { least, field } = readCondition(value.condition);
  if (type === 'event_count') return { ...common, type, least };
  if (field === undefined) throw new RuleRefused(`the condition of '${type}' needs a 'field'`, [...at, 'condition']);
  return { ...common, type, field, least };
}

function readAliases(value: Mapping): Correlation['aliases'] {
  const aliases = value.aliases ?? {};
  if (!isRecord(aliases)) throw new RuleRefused("'aliases' has to be a mapping", [...at, 'aliases']);
  return Object.fromEntries(
    Object.entries(aliases).map(([alias, fields]) => {
      if (!isRecord(fields)) throw new RuleRefused(`the alias '${alias}' has to name a field for each rule`, [...at, 'aliases', alias]);
      return [alias, Object.fromEntries(Object.keys(fields).map((rule) => [rule, neededText(fields, rule, [...at, 'aliases', alias])]))];
    }),
  );
}

/** `gte: n` or `gt: n`. What later events could make untrue again would be reported and then be wrong. */
function readCondition(condition: unknown): { readonly least: number; readonly field?: string } {
  const place = [...at, 'condition'];
  if (!isRecord(condition)) throw new RuleRefused('the correlation has no condition, such as `gte: 10`', place);
  const { field, ...how } = condition;
  const [operator, ...others] = Object.keys(how);
  const number = operator === undefined ? undefined : how[operator];
  if (others.length > 0 || (operator !== 'gte' && operator !== 'gt')) {
    throw new RuleRefused(
      `'${Object.keys(how).join(' and ')}' is not supported: an event that arrives late would make a finding untrue that was already reported; known are gte and gt`,
      place,
    );
  }
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new RuleRefused(`'${operator}' needs a number`, [...place, operator]);
  const least = operator === 'gt' ? Math.floor(number) + 1 : number;
  if (least < 1 || least > mostCounted)
    throw new RuleRefused(`the condition asks for ${String(least)}; 1 to ${String(mostCounted)} can be counted`, place);
  return { least, ...(typeof field === 'string' && { field }) };
}

/** What a group's timeline has to keep grows with it. */
const mostCounted = 10_000;
