/** Update and condition expressions, with placeholders for all names and values, so that no attribute can be a reserved word. */

type Values = Readonly<Record<string, unknown>>;

/** What an update does to an item. */
export interface Change {
  readonly set?: Values;
  /** Set where there is no value yet. */
  readonly setOnce?: Values;
  readonly add?: Values;
  readonly remove?: readonly string[];
}

/** What must hold of the item, all of it, or nothing is written. */
export interface Condition {
  readonly equal?: Values;
  readonly absent?: readonly string[];
  /** Smaller than this, or not there. */
  readonly lessOrAbsent?: Values;
}

/** The part of a command of DynamoDB that says what to write and when. */
export interface WriteExpression {
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}

/** Attributes that are undefined are left out of `set`; of `equal` that would be a condition that never holds. */
export function writeExpression(change: Change, condition: Condition = {}): WriteExpression {
  const { setOnce = {}, add = {}, remove = [] } = change;
  const set = defined(change.set ?? {});
  const { equal = {}, absent = [], lessOrAbsent = {} } = condition;
  const sets = [
    ...Object.keys(set).map((name) => `#${name} = :${name}`),
    ...Object.keys(setOnce).map((name) => `#${name} = if_not_exists(#${name}, :${name})`),
  ];
  const clauses = [
    clause('SET', sets),
    clause(
      'ADD',
      Object.keys(add).map((name) => `#${name} :${name}`),
    ),
    clause(
      'REMOVE',
      remove.map((name) => `#${name}`),
    ),
  ];
  const conditions = [
    ...Object.keys(equal).map((name) => `#${name} = :was_${name}`),
    ...absent.map((name) => `attribute_not_exists(#${name})`),
    ...Object.keys(lessOrAbsent).map((name) => `(attribute_not_exists(#${name}) OR #${name} < :than_${name})`),
  ];
  const names = [...[set, setOnce, add, equal, lessOrAbsent].flatMap((values) => Object.keys(values)), ...remove, ...absent];
  const values = { ...prefixed(':', { ...set, ...setOnce, ...add }), ...prefixed(':was_', equal), ...prefixed(':than_', lessOrAbsent) };
  return {
    UpdateExpression: clauses.filter((text) => text !== '').join(' '),
    ...(conditions.length > 0 && { ConditionExpression: conditions.join(' AND ') }),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

function clause(word: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${word} ${parts.join(', ')}`;
}

function prefixed(prefix: string, values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}

function defined(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
