/** Reading what a rule holds: each value is looked at once, at the door. */

import { unknownWord } from '../../domain/nearest.ts';
import { RuleRefused, type RulePath } from './refused.ts';

/** A mapping of a rule. */
export type Mapping = Readonly<Record<string, unknown>>;

/** Whether it is a mapping. */
export function isRecord(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** A mapping with no other keys than these. @throws RuleRefused naming the nearest key. */
export function mappingOf(value: unknown, keys: readonly string[], at: RulePath): Mapping {
  if (!isRecord(value)) throw new RuleRefused(`'${at.join('.')}' has to be a mapping with ${keys.join(', ')}`, at);
  for (const key of Object.keys(value)) if (!keys.includes(key)) throw new RuleRefused(unknownWord('key', key, keys), [...at, key]);
  return value;
}

/** A text that is not empty, or undefined where there is none. */
export function textAt(of: Mapping, key: string, at: RulePath): string | undefined {
  const value = of[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new RuleRefused(`'${key}' has to be a text, and is ${JSON.stringify(value)}`, [...at, key]);
}

/** A text that has to be there. */
export function neededText(of: Mapping, key: string, at: RulePath): string {
  const text = textAt(of, key, at);
  if (text === undefined) throw new RuleRefused(`'${key}' is missing`, at);
  return text;
}

/** One text or a list of them; empty where there is none. */
export function textsAt(of: Mapping, key: string, at: RulePath): readonly string[] {
  const value = of[key];
  if (value === undefined || value === null) return [];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.map((one, index) => {
    if (typeof one === 'string' || typeof one === 'number') return String(one);
    throw new RuleRefused(`'${key}' has to be a text or a list of texts, and has ${JSON.stringify(one)}`, [...at, key, index]);
  });
}

/** A number that is finite, or undefined where there is none. */
export function numberAt(of: Mapping, key: string, at: RulePath): number | undefined {
  const value = of[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new RuleRefused(`'${key}' has to be a number, and is ${JSON.stringify(value)}`, [...at, key]);
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30s`, `10m`, `1h`, `14d` in ms, or undefined where there is none. */
export function spanAt(of: Mapping, key: string, at: RulePath): number | undefined {
  const text = textAt(of, key, at);
  if (text === undefined) return undefined;
  const [, amount = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(amount) * (unitMs[unit] ?? 0);
  if (amount === '' || ms === 0)
    throw new RuleRefused(`'${key}' has to be a span such as 30s, 10m, 1h or 14d, and is '${text}'`, [...at, key]);
  return ms;
}
