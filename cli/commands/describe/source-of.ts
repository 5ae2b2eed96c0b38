import type { Condition, Expression, StructField } from '../../../shared/domain/columns.ts';

/**
 * Where a column's value comes from, in words around the JSON paths it is declared with; empty for what a log type does not say.
 *
 * @example sourceOf({ op: 'address', of: [{ op: 'field', path: 'ClientIP', as: 'text' }] }) // 'address in ClientIP'
 */
export function sourceOf(from: Expression): string {
  switch (from.op) {
    case 'field':
      return shown(from.path);
    case 'constant':
      return `'${from.value}'`;
    case 'absent':
      return '';
    case 'given':
      return 'the job';
    case 'first':
      return firstSource(from.of);
    case 'union':
      return `all of ${listed(from.of)}`;
    case 'time':
    case 'trim':
    case 'strip':
    case 'except':
      return sourceOf(from.of);
    case 'address':
    case 'port':
      return `${from.op} in ${listed(from.of)}${from.avoid === undefined ? '' : ', outside Microsoft first'}`;
    case 'addresses':
      return `addresses in ${sourceOf(from.of)}`;
    case 'split':
      return `${sourceOf(from.of)}, split at '${from.by}'`;
    case 'public-address':
      return `first public address in ${sourceOf(from.of)}`;
    case 'each-within':
      return `${withinPath(from)} in the JSON text of ${sourceOf(from.of)}`;
    case 'translate':
    case 'name-of':
      return `${sourceOf(from.of)}, translated`;
    case 'within':
      return `${from.path} in the JSON text of ${sourceOf(from.of)}`;
    case 'pairs':
      return `${shown(from.path)}[*]: ${from.keys.name} to ${from.keys.value}`;
    case 'value-of':
      return `${shown(from.path)}[${from.keys.name} = '${from.name}'].${from.keys.value}`;
    case 'each':
      return shown(from.path, '[*]', from.field);
    case 'structs':
      return `${shown(from.path)}[*]: ${Object.entries(from.fields).map(fieldSource).join(', ')}`;
    case 'first-of':
      return sourceOf(from.of).replace('[*]', '[0]');
    case 'total':
      return `${from.how} of ${sourceOf(from.of)}`;
    case 'case':
      return `decided by ${caseSources(from.when, from.otherwise).join(', ')}`;
  }
}

/** A path as people know them. @example shown('Rules[].Name') // 'Rules[*].Name' */
function shown(path: string, elements = '', field = ''): string {
  const whole = `${path}${elements}${field === '' ? '' : `.${field}`}`;
  return whole.replaceAll('[]', '[*]').replaceAll('\\.', '.');
}

/** @example withinPath(joinedWithin('Data', 'Entities[]', ['Name', 'UPNSuffix'], '@')) // 'Entities[*].Name@UPNSuffix' */
function withinPath({ path, joined }: Extract<Expression, { op: 'each-within' }>): string {
  const fields = joined === undefined ? '' : `.${joined.fields.join(joined.by)}`;
  return `${path.replaceAll('[]', '[*]')}${fields}`;
}

/** A constant at the end is the value where there is no other. */
function firstSource(of: readonly Expression[]): string {
  const last = of.at(-1);
  if (last?.op !== 'constant' || of.length === 1) return listed(of);
  return `${listed(of.slice(0, -1))}, else '${last.value}'`;
}

function listed(of: readonly Expression[]): string {
  return unique(of.map(sourceOf)).join(' or ');
}

function fieldSource([name, { paths }]: readonly [string, StructField]): string {
  const from = paths.map((path) => shown(path)).join(' or ');
  return from === name ? name : `${name} = ${from}`;
}

/** Decisions are described by what they look at. */
function caseSources(when: readonly (readonly [Condition, Expression])[], otherwise: Expression): string[] {
  const read = [...when.flatMap(([condition, then]) => [condition.of, then]), otherwise].filter(
    ({ op }) => op !== 'constant' && op !== 'absent',
  );
  return unique(read.map((from) => sourceOf(from.op === 'translate' || from.op === 'name-of' ? from.of : from)));
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
