/** What an expression reads of a record. */

import type { Expression, StructField } from './columns.ts';
import { stepsOf, type Read, type Step } from './json-shape.ts';

export function readsOf(from: Expression): Read[] {
  switch (from.op) {
    case 'field':
      return from.as === 'texts' ? [{ steps: [...stepsOf(from.path), 'each'], as: 'text' }] : [{ steps: stepsOf(from.path), as: from.as }];
    case 'first':
    case 'union':
    case 'address':
    case 'port':
      return from.of.flatMap(readsOf);
    case 'constant':
    case 'none':
    case 'given':
      return [];
    case 'value-of':
    case 'pairs':
      return [from.keys.name, from.keys.value].map((field) => ({
        steps: [...stepsOf(from.path), 'each', ...stepsOf(field)],
        as: 'text' as const,
      }));
    case 'each':
      return [{ steps: [...stepsOf(from.path), 'each', ...stepsOf(from.field)], as: from.as }];
    case 'structs':
      return Object.values(from.fields).flatMap(({ paths, as }) => paths.map((path) => structRead(from.path, path, as)));
    case 'case':
      return [...from.when.flatMap(([when, then]) => [...readsOf(when.of), ...readsOf(then)]), ...readsOf(from.otherwise)];
    default:
      return readsOf(from.of);
  }
}

function structRead(list: string, path: string, as: StructField['as']): Read {
  const steps: Step[] = [...stepsOf(list), 'each'];
  const outwards = caretsOf(path);
  for (let more = 0; more < outwards; more++) steps.splice(steps.lastIndexOf('each', steps.length - 2) + 1);
  steps.push(...stepsOf(path.slice(outwards)));
  if (as === 'texts') return { steps: path.includes('[]') ? steps : [...steps, 'each'], as: 'text' };
  return { steps, as: as === 'time' ? 'text' : as };
}

/** How many lists outwards a path within an element begins. */
export const caretsOf = (path: string): number => /^\^*/.exec(path)?.[0].length ?? 0;
