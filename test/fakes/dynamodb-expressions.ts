/** The expressions of DynamoDB that the project writes, over items as they are on the wire. Any other is an error. */

import { isDeepStrictEqual } from 'node:util';

/** A value as it is on the wire: `{"S": "text"}`, `{"N": "1"}`, … */
export type Value = Readonly<Record<string, unknown>> & { readonly S?: string; readonly N?: string };
/** An item, or its key. */
export type Attributes = Readonly<Record<string, Value>>;

/** What a request says in expressions, with its placeholders. */
export interface Expressions {
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Attributes;
}

/** What the value sorts by. */
export function sortValue(value: Value | undefined): string | number {
  return value?.N === undefined ? String(value?.S) : Number(value.N);
}

/** The item after an update expression of SET, ADD and REMOVE. */
export function changed(item: Attributes, expressions: Expressions): Attributes {
  const next: Record<string, Value> = { ...item };
  const parts = (expressions.UpdateExpression ?? '').split(/\s*\b(SET|ADD|REMOVE) /).slice(1);
  for (let at = 0; at < parts.length; at += 2) {
    for (const clause of String(parts[at + 1]).split(/, (?=#)/)) change(next, String(parts[at]), clause, expressions);
  }
  return next;
}

function change(next: Record<string, Value>, verb: string, clause: string, expressions: Expressions): void {
  const name = nameOf(/^#\w+/.exec(clause)?.[0] ?? clause, expressions);
  if (verb === 'REMOVE') {
    Reflect.deleteProperty(next, name);
    return;
  }
  const value = valueOf(/:\w+/.exec(clause)?.[0] ?? '', expressions);
  if (verb === 'ADD') next[name] = { N: String(Number(next[name]?.N ?? 0) + Number(value.N)) };
  else if (!clause.includes('if_not_exists') || !next[name]) next[name] = value;
}

/** Whether the condition holds; an item that is not there has no attributes. */
export function holds(item: Attributes | undefined, expressions: Expressions): boolean {
  const { ConditionExpression: text } = expressions;
  return (
    text === undefined || text.split(' AND ').every((clause) => clause.split(' OR ').some((term) => isTrue(item ?? {}, term, expressions)))
  );
}

/** Whether the item is one that the key condition asks for. */
export function keyCondition(item: Attributes, expressions: Expressions): boolean {
  const text = expressions.KeyConditionExpression ?? '';
  const between = / AND (\w+) BETWEEN (:\w+) AND (:\w+)$/.exec(text);
  if (!between) return text.split(' AND ').every((clause) => isTrue(item, clause, expressions));
  const [, name = '', from = '', to = ''] = between;
  const value = sortValue(item[name]);
  const isBetween = value >= sortValue(valueOf(from, expressions)) && value <= sortValue(valueOf(to, expressions));
  return isBetween && isTrue(item, text.slice(0, between.index), expressions);
}

function isTrue(item: Attributes, term: string, expressions: Expressions): boolean {
  const clause = term.replace(/^\((?!.*\()|\)(?<!\(.*\))$/g, '').trim();
  const absent = /attribute_not_exists\((#?\w+)\)/.exec(clause)?.[1];
  if (absent !== undefined) return item[nameOf(absent, expressions)] === undefined;
  const prefix = /begins_with\((\w+), (:\w+)\)/.exec(clause);
  if (prefix) return String(sortValue(item[String(prefix[1])])).startsWith(String(sortValue(valueOf(String(prefix[2]), expressions))));
  const [, name = '', operator, value = ''] = /(#?\w+) (=|<=|<|>) (:\w+)/.exec(clause) ?? [];
  if (operator === undefined) throw new Error(`the DynamoDB in memory does not know the condition ${term}`);
  const [left, right] = [item[nameOf(name, expressions)], valueOf(value, expressions)];
  if (operator === '=') return isDeepStrictEqual(left, right);
  if (left === undefined) return false;
  if (operator === '<=') return sortValue(left) <= sortValue(right);
  return operator === '<' ? sortValue(left) < sortValue(right) : sortValue(left) > sortValue(right);
}

/** What is asked for of the item. */
export function projected(item: Attributes, expressions: Expressions): Attributes {
  const { ProjectionExpression: text } = expressions;
  if (text === undefined) return item;
  const names = text.split(',').map((name) => nameOf(name.trim(), expressions));
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}

function nameOf(placeholder: string, { ExpressionAttributeNames: names = {} }: Expressions): string {
  if (!placeholder.startsWith('#')) return placeholder;
  const name = names[placeholder];
  if (name === undefined) throw new Error(`the expression names ${placeholder}, which is not given`);
  return name;
}

function valueOf(placeholder: string, { ExpressionAttributeValues: values = {} }: Expressions): Value {
  const value = values[placeholder];
  if (value === undefined) throw new Error(`the expression has ${placeholder}, which is not given`);
  return value;
}
