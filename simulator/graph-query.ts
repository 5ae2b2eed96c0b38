/** `$filter` as the reporting APIs understand it, which is not quite OData. */

import type { Instant, Window } from '../shared/domain/window.ts';
import type { GraphCollection } from './log-types/log-type.ts';

/** What a filter says of rows. */
export interface Filter {
  /** No row outside can match; both bounds are inclusive in Microsoft's reading, so the end is one millisecond past the last. */
  readonly window: Window;
  /** Of sign-ins: whether a value of `signInEventTypes` is asked for; undefined when the filter does not say. */
  readonly eventType?: (value: string) => boolean;
  /** Clauses on other fields, each with the value wanted. */
  readonly fields: readonly { readonly name: string; readonly matches: (value: unknown) => boolean }[];
}

/**
 * @param everything The window when the filter names no time.
 * @returns Undefined when the filter is not understood: 400 "Invalid filter clause".
 */
export function parseFilter(text: string, rules: GraphCollection, everything: Window, now: Instant): Filter | undefined {
  const filter: MutableFilter = { window: { ...everything }, fields: [] };
  const clauses = conjuncts(text);
  return clauses.every((clause) => addClause(filter, clause, rules, now)) ? filter : undefined;
}

type MutableFilter = { -readonly [K in keyof Filter]: Filter[K] } & { fields: { name: string; matches: (value: unknown) => boolean }[] };

function addClause(filter: MutableFilter, clause: string, rules: GraphCollection, now: Instant): boolean {
  const any = /^signInEventTypes\/any\(\s*(\w+)\s*:\s*(.+)\)$/.exec(clause);
  if (any) return addEventTypes(filter, any[1] ?? '', any[2] ?? '');
  const [, field = '', operator = '', literal = ''] = /^([\w/]+) (eq|ne|ge|le|gt|lt) (.+)$/.exec(clause) ?? [];
  if (field === rules.timeField) return addTime(filter, operator, literal, rules, now);
  if (!rules.filterable.includes(field)) return false;
  return addField(filter, field, operator, literal);
}

function addTime(filter: MutableFilter, operator: string, literal: string, rules: GraphCollection, now: Instant): boolean {
  // Quoted dates are strings, and times are not compared with strings.
  const at = dateTimePattern.test(literal) ? Date.parse(literal) : Number.NaN;
  if (Number.isNaN(at) || at < now - rules.oldestMs) return false;
  const { start, end } = filter.window;
  if (operator === 'ge') filter.window = { start: Math.max(start, at), end };
  else if (operator === 'le') filter.window = { start, end: Math.min(end, at + 1) };
  else if (operator === 'eq') filter.window = { start: Math.max(start, at), end: Math.min(end, at + 1) };
  else if (operator === 'ne') return false;
  else if (rules.strictComparisons === 'ignored') return true;
  else if (operator === 'gt') filter.window = { start: Math.max(start, at + 1), end };
  else filter.window = { start, end: Math.min(end, at) };
  return true;
}

const dateTimePattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** `t eq 'a' or t eq 'b'`, or `t ne 'a'`. */
function addEventTypes(filter: MutableFilter, variable: string, inner: string): boolean {
  const pattern = new RegExp(`^${variable} (eq|ne) '(\\w+)'$`);
  const choices = inner.split(' or ').map((choice) => pattern.exec(unwrapped(choice.trim())));
  if (choices.some((choice) => choice === null)) return false;
  const earlier = filter.eventType ?? (() => true);
  filter.eventType = (value) => earlier(value) && choices.some((choice) => (choice?.[1] === 'eq') === (choice?.[2] === value));
  return true;
}

function addField(filter: MutableFilter, name: string, operator: string, literal: string): boolean {
  const wanted = /^'(.*)'$/.exec(literal)?.[1]?.replaceAll("''", "'") ?? literal;
  if (operator !== 'eq' && operator !== 'ne') return true;
  filter.fields.push({ name, matches: (value) => (String(value) === wanted) === (operator === 'eq') });
  return true;
}

/** The parts of a filter that are joined by `and`, without the parentheses around them. */
function conjuncts(text: string): string[] {
  const filter = unwrapped(text.trim());
  const at = outerAnd(filter);
  if (at < 0) return filter === '' ? [] : [filter];
  return [...conjuncts(filter.slice(0, at)), ...conjuncts(filter.slice(at + ' and '.length))];
}

/** Where the first `and` stands that is in no parentheses and no quotes, or -1. */
function outerAnd(text: string): number {
  let depth = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === "'") isQuoted = !isQuoted;
    else if (!isQuoted && char === '(') depth++;
    else if (!isQuoted && char === ')') depth--;
    else if (!isQuoted && depth === 0 && text.startsWith(' and ', index)) return index;
  }
  return -1;
}

/** Without parentheses that enclose the whole. */
function unwrapped(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (let index = 0; index < text.length - 1; index++) {
    if (text.charAt(index) === '(') depth++;
    if (text.charAt(index) === ')') depth--;
    if (depth === 0) return text;
  }
  return unwrapped(text.slice(1, -1).trim());
}
