/** The places of a record that expressions read, whatever they make of it. */

import type { Expression } from '../../domain/columns.ts';

/** Paths, each once, in the order in which they are read. A place within the elements of a list counts as the list. */
export function placesRead(expressions: readonly Expression[]): string[] {
  return [...new Set(expressions.flatMap(pathsOf).map(outermostList))];
}

const outermostList = (path: string): string => path.split('[]', 1).join('');

function pathsOf(from: Expression): string[] {
  switch (from.op) {
    case 'constant':
    case 'absent':
    case 'given':
      return [];
    case 'field':
    case 'pairs':
    case 'value-of':
    case 'each':
    case 'structs':
      return [from.path];
    case 'first':
    case 'union':
    case 'address':
    case 'port':
      return from.of.flatMap(pathsOf);
    case 'case':
      return [...from.when.flatMap(([when, then]) => [when.of, then]), from.otherwise].flatMap(pathsOf);
    case 'time':
    case 'trim':
    case 'strip':
    case 'split':
    case 'addresses':
    case 'public-address':
    case 'each-within':
    case 'except':
    case 'translate':
    case 'name-of':
    case 'within':
    case 'first-of':
    case 'total':
      return pathsOf(from.of);
  }
}
