/** The places of a record that an expression reads. */

import type { Expression } from '../../../shared/domain/columns.ts';
import { stepsOf, type Step } from '../../../shared/landing/engine/path.ts';

type Place = readonly Step[];

export function placesOf(from: Expression): Place[] {
  switch (from.op) {
    case 'field':
      return [from.as === 'texts' ? [...stepsOf(from.path), 'each'] : stepsOf(from.path)];
    case 'first':
    case 'union':
    case 'address':
    case 'port':
      return from.of.flatMap(placesOf);
    case 'constant':
    case 'absent':
    case 'given':
      return [];
    case 'value-of':
    case 'pairs':
      return [from.keys.name, from.keys.value].map((field) => [...stepsOf(from.path), 'each', ...stepsOf(field)]);
    case 'each':
      return [[...stepsOf(from.path), 'each', ...stepsOf(from.field)]];
    case 'structs':
      return Object.values(from.fields).flatMap(({ paths, as }) => paths.map((path) => placeInStruct(from.path, path, as === 'texts')));
    case 'case':
      return [...from.when.flatMap(([when, then]) => [...placesOf(when.of), ...placesOf(then)]), ...placesOf(from.otherwise)];
    default:
      return placesOf(from.of);
  }
}

function placeInStruct(list: string, path: string, isList: boolean): Place {
  const steps: Step[] = [...stepsOf(list), 'each'];
  const outwards = caretsOf(path);
  // Back to the place after the list that is one further out.
  for (let more = 0; more < outwards; more++) steps.splice(steps.lastIndexOf('each', steps.length - 2) + 1);
  steps.push(...stepsOf(path.slice(outwards)));
  return isList && !path.includes('[]') ? [...steps, 'each'] : steps;
}

/** How many lists outwards a path within an element begins. */
export const caretsOf = (path: string): number => /^\^*/.exec(path)?.[0].length ?? 0;
