import type { Column, Columns, Condition, Expression } from '../../../shared/domain/columns.ts';
import { stepsOf, type Step } from '../../../shared/landing/engine/path.ts';

/**
 * A record from which a column is read as its example, wherever the column reads it first; undefined where no record can fill it.
 * What a declaration reads is thereby run backwards: a column that nothing can fill has no such record.
 */
export function exampleRecord({ from, example, type }: Column): Record<string, unknown> | undefined {
  const record: Record<string, unknown> = {};
  return place(record, from, valueOf(example, type)) ? record : undefined;
}

/** A record that has the examples of all columns at once; of columns that read the same place, the first one's. */
export function fullRecord(columns: Columns): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const { from, example, type } of Object.values(columns)) place(record, from, valueOf(example, type));
  return record;
}

/** Fills a record so that the expression gives the value, or something at all where the value cannot be had. */
function place(record: Record<string, unknown>, from: Expression, value: unknown): boolean {
  switch (from.op) {
    case 'field':
      return put(record, stepsOf(from.path), value);
    case 'constant':
    case 'given':
      return true;
    case 'absent':
      return false;
    case 'first':
    case 'union':
    case 'address':
      return from.of.some((one) => isFillable(one) && place(record, one, value));
    case 'port':
      return from.of.some((one) => place(record, one, `203.0.113.24:${String(value)}`));
    case 'time':
    case 'trim':
    case 'strip':
    case 'addresses':
    case 'public-address':
    case 'except':
      return place(record, from.of, value);
    case 'translate':
      return place(record, from.of, keyOf(from.table, value) ?? (from.otherwise === null ? undefined : 'something else'));
    case 'split':
      return place(record, from.of, Array.isArray(value) ? value.join(from.by) : value);
    case 'each-within': {
      const inner: Record<string, unknown> = {};
      const one: unknown = Array.isArray(value) ? value[0] : value;
      const [first = '', second = ''] = from.joined?.fields ?? [];
      const [before, after] = String(one).split(from.joined?.by ?? '');
      return (
        put(inner, [{ name: 'list' }, ...stepsOf(from.path)], from.joined === undefined ? one : { [first]: before, [second]: after }) &&
        place(record, from.of, JSON.stringify(inner.list))
      );
    }
    case 'name-of':
      return place(record, from.of, Number(keyOf(from.names, value)));
    case 'within': {
      const inner: Record<string, unknown> = {};
      return put(inner, stepsOf(from.path), value) && place(record, from.of, JSON.stringify(inner));
    }
    case 'pairs': {
      const entries = Object.entries(value as Record<string, string>);
      return put(
        record,
        stepsOf(from.path),
        entries.map(([name, of]) => ({ [from.keys.name]: name, [from.keys.value]: of })),
      );
    }
    case 'value-of':
      return put(record, [...stepsOf(from.path)], [{ [from.keys.name]: from.name, [from.keys.value]: value }]);
    case 'each':
      return put(record, [...stepsOf(from.path), 'each', ...stepsOf(from.field)], Array.isArray(value) ? value[0] : value);
    case 'structs':
      return Object.values(from.fields).every(({ paths, as }) => {
        const [path] = paths;
        if (path === undefined || path === '') return true;
        const [outer, own] = path.startsWith('^') ? [from.path.slice(0, from.path.lastIndexOf('[]')), path.slice(1)] : [from.path, path];
        return put(record, [...stepsOf(outer), 'each', ...stepsOf(own)], sampleOf[as]);
      });
    case 'first-of':
      return place(record, from.of, [value]);
    case 'total':
      return place(record, from.of, [from.how === 'count' ? 'x' : value]);
    case 'case': {
      const fixed = from.when.find(([, then]) => gives(then, value));
      const other = isFillable(from.otherwise) ? undefined : (from.when.find(([, then]) => isFillable(then)) ?? from.when[0]);
      const chosen = fixed ?? other;
      if (!chosen) return place(record, from.otherwise, value);
      return meet(record, chosen[0]) && (isFixed(chosen[1]) || place(record, chosen[1], value));
    }
  }
}

function meet(record: Record<string, unknown>, condition: Condition): boolean {
  return place(record, condition.of, condition.op === 'is' ? condition.oneOf[0] : 'x');
}

const gives = (then: Expression, value: unknown): boolean => then.op === 'constant' && then.value === value;
const isFixed = ({ op }: Expression): boolean => op === 'constant' || op === 'given';
const isFillable = ({ op }: Expression): boolean => op !== 'absent' && op !== 'constant';

const keyOf = (table: Readonly<Record<string | number, string>>, value: unknown): string | undefined =>
  (Object.entries(table).find(([, word]) => word === value) ?? Object.entries(table)[0])?.[0];

const sampleOf = { text: 'x', json: { a: 1 }, long: 1, double: 1.5, boolean: true, time: '2026-11-20T09:14:03Z', texts: ['x'] } as const;

/** The example as it stands in a record; examples that are cut short (`...`) give way to a value of the type. */
function valueOf(example: string, type: Column['type']): unknown {
  if (typeof type !== 'string') return undefined;
  if (type === 'text') return example === '' || example === 'NULL' ? 'x' : example;
  if (type === 'time') return example === '' ? sampleOf.time : example.replace(' ', 'T').replace('+00', 'Z');
  if (type === 'map') return parsed(example) ?? { name: 'x' };
  return parsed(example) ?? sampleOf[type];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Puts a value at the end of the steps; leaves alone what stands there already. */
function put(holder: unknown, [step, ...rest]: readonly Step[], value: unknown): boolean {
  if (step === undefined || typeof holder !== 'object' || holder === null) return true;
  if (step === 'each') return put((holder as unknown[])[0], rest, value);
  const fields = holder as Record<string, unknown>;
  const [next, ...afterNext] = rest;
  if (next === undefined) fields[step.name] ??= value;
  else if (next === 'each' && afterNext.length === 0) fields[step.name] ??= [value];
  else if (next === 'each') {
    fields[step.name] ??= [{}];
    return put((fields[step.name] as unknown[])[0], afterNext, value);
  } else return put((fields[step.name] ??= {}), rest, value);
  return true;
}
