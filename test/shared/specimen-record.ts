import type { Expression } from '../../shared/domain/columns.ts';
import { stepsOf, type Step } from '../../shared/landing/engine/path.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';

/**
 * A record that has something at every place the log type reads.
 *
 * @param valueAt What stands at the n-th place.
 * @param depth How many names deep the value already stands; the places below it are then not there.
 */
export function specimenRecord(logType: LogType, valueAt: (place: number) => unknown, depth = Infinity): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  const paths = new Set(Object.values(logType.columns).flatMap(({ from }) => pathsOf(from)));
  [...paths].forEach((path, place) => {
    put(record, cut(stepsOf(path), depth), valueAt(place));
  });
  return record;
}

/** The same value with the keys of every object in reverse. */
export function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, field]) => [name, reordered(field)]),
  );
}

function pathsOf(from: Expression): string[] {
  switch (from.op) {
    case 'field':
      return [from.as === 'texts' ? `${from.path}[]` : from.path];
    case 'pairs':
    case 'value-of':
      return [from.keys.name, from.keys.value].map((field) => `${from.path}[].${field}`);
    case 'each':
      return [from.field === '' ? `${from.path}[]` : `${from.path}[].${from.field}`];
    case 'structs':
      return Object.values(from.fields).flatMap(({ paths }) =>
        paths.filter((path) => path !== '' && !path.startsWith('^')).map((path) => `${from.path}[].${path}`),
      );
    case 'first':
    case 'union':
    case 'address':
    case 'port':
      return from.of.flatMap(pathsOf);
    case 'case':
      return [...from.when.flatMap(([condition, then]) => [...pathsOf(condition.of), ...pathsOf(then)]), ...pathsOf(from.otherwise)];
    case 'constant':
    case 'absent':
    case 'given':
      return [];
    default:
      return pathsOf(from.of);
  }
}

/** As many names as wanted, with the lists between them. */
function cut(steps: readonly Step[], depth: number): readonly Step[] {
  let names = 0;
  const end = steps.findIndex((step) => step !== 'each' && ++names > depth);
  return end === -1 ? steps : steps.slice(0, end);
}

/** Leaves alone what stands in the way: a place that another path reads as a value. */
function put(record: Record<string, unknown>, steps: readonly Step[], value: unknown): void {
  const [name, next, ...rest] = steps;
  if (name === undefined || name === 'each') return;
  const there = record[name.name];
  if (next === undefined) record[name.name] ??= value;
  else if (next !== 'each') putWithin((record[name.name] ??= {}), [next, ...rest], value);
  else if (rest.length === 0) record[name.name] ??= [value];
  else putWithin((Array.isArray(there) ? there : ((record[name.name] ??= [{}]) as unknown[]))[0], rest, value);
}

function putWithin(holder: unknown, steps: readonly Step[], value: unknown): void {
  if (typeof holder === 'object' && holder !== null && !Array.isArray(holder)) put(holder as Record<string, unknown>, steps, value);
}
