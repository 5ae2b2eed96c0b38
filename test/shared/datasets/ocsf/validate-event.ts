/** Checks an event against the OCSF schema, as it is vendored beside: attributes, requirements, types, enumerations, constraints. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Attribute {
  readonly type: string;
  readonly object_type?: string;
  readonly is_array?: boolean;
  readonly requirement?: 'required' | 'recommended' | 'optional';
  /** The attribute is there only with one of these profiles. */
  readonly profiles?: readonly string[];
  readonly enum?: Readonly<Record<string, string>>;
  /** The attribute that has the enumeration's caption. */
  readonly sibling?: string;
}
interface Shape {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly constraints?: { readonly at_least_one?: readonly string[]; readonly just_one?: readonly string[] };
}
interface OcsfClass extends Shape {
  readonly uid: number;
  readonly caption: string;
  readonly category_uid: number;
  readonly category_name: string;
  readonly profiles: readonly string[];
}
interface Schema {
  readonly version: string;
  readonly types: Readonly<
    Record<
      string,
      { readonly type?: string; readonly regex?: string; readonly range?: readonly [number, number]; readonly max_len?: number }
    >
  >;
  readonly classes: Readonly<Record<string, OcsfClass>>;
  readonly objects: Readonly<Record<string, Shape>>;
}

const schema = JSON.parse(readFileSync(join(import.meta.dirname, 'schema', 'ocsf-1.8.0.json'), 'utf8')) as Schema;

/** Everything that is wrong with an event; nothing for a valid one. */
export function faultsOfEvent(event: Readonly<Record<string, unknown>>): string[] {
  const ocsf = Object.values(schema.classes).find(({ uid }) => uid === event.class_uid);
  if (!ocsf) return [`class_uid ${String(event.class_uid)} is no class`];
  const metadata = event.metadata as { profiles?: readonly string[]; version?: string } | undefined;
  const profiles = metadata?.profiles ?? [];
  return [
    ...(metadata?.version === schema.version ? [] : [`metadata.version is ${String(metadata?.version)}`]),
    ...profiles.filter((profile) => !ocsf.profiles.includes(profile)).map((profile) => `profile '${profile}' is none of the class`),
    ...sums(event, ocsf),
    ...faultsOf(event, ocsf, profiles, ''),
  ];
}

/** What the schema's server works out of other attributes. */
function sums(event: Readonly<Record<string, unknown>>, ocsf: OcsfClass): string[] {
  const activity = Number(event.activity_id);
  const expected: Readonly<Record<string, unknown>> = {
    class_name: ocsf.caption,
    category_uid: ocsf.category_uid,
    category_name: ocsf.category_name,
    type_uid: ocsf.uid * 100 + activity,
    type_name: `${ocsf.caption}: ${ocsf.attributes.activity_id?.enum?.[String(activity)] ?? '?'}`,
  };
  return Object.entries(expected).flatMap(([name, value]) =>
    event[name] === value ? [] : [`${name} is ${String(event[name])}, not ${String(value)}`],
  );
}

function faultsOf(value: Readonly<Record<string, unknown>>, shape: Shape, profiles: readonly string[], at: string): string[] {
  const there = Object.fromEntries(
    Object.entries(shape.attributes).filter(([, one]) => one.profiles?.some((profile) => profiles.includes(profile)) ?? true),
  );
  const faults = Object.keys(value)
    .filter((name) => !Object.hasOwn(there, name))
    .map((name) => `${at}${name} is no attribute`);
  for (const [name, attribute] of Object.entries(there)) {
    const got = value[name];
    if (got === undefined) {
      if (attribute.requirement === 'required') faults.push(`${at}${name} is required`);
      continue;
    }
    const elements = attribute.is_array === true ? (Array.isArray(got) ? (got as unknown[]) : undefined) : [got];
    if (elements === undefined) faults.push(`${at}${name} is no list`);
    else for (const element of elements) faults.push(...faultsOfValue(element, attribute, profiles, `${at}${name}`));
    faults.push(...faultsOfEnum(got, attribute, value, `${at}${name}`));
  }
  const some = shape.constraints?.at_least_one;
  if (some && !some.some((name) => value[name] !== undefined)) faults.push(`${at || 'event '}has none of ${some.join(', ')}`);
  const one = shape.constraints?.just_one;
  if (one && one.filter((name) => value[name] !== undefined).length !== 1) faults.push(`${at || 'event '}has not one of ${one.join(', ')}`);
  return faults;
}

function faultsOfEnum(got: unknown, attribute: Attribute, beside: Readonly<Record<string, unknown>>, at: string): string[] {
  if (!attribute.enum || typeof got !== 'number') return [];
  const caption = attribute.enum[String(got)];
  if (caption === undefined) return [`${at} is ${String(got)}, which the class does not know`];
  const sibling = attribute.sibling === undefined ? undefined : beside[attribute.sibling];
  // 99 is Other: its caption is the source's own word.
  return sibling === undefined || got === 99 || sibling === caption
    ? []
    : [`${at} is ${String(got)}, but its caption ${JSON.stringify(sibling)} and not '${caption}'`];
}

function faultsOfValue(value: unknown, attribute: Attribute, profiles: readonly string[], at: string): string[] {
  if (attribute.type === 'object_t') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at} is no object`];
    // `unmapped` may have anything in it.
    if (attribute.object_type === 'object') return Object.keys(value).length > 0 ? [] : [`${at} is empty`];
    const shape = schema.objects[attribute.object_type ?? ''];
    return shape ? faultsOf(value as Record<string, unknown>, shape, profiles, `${at}.`) : [`${at} is of an unknown object`];
  }
  const rule = schema.types[attribute.type] ?? {};
  const base = rule.type ?? attribute.type;
  const isRight =
    base === 'boolean_t'
      ? typeof value === 'boolean'
      : base === 'integer_t' || base === 'long_t'
        ? Number.isInteger(value)
        : base === 'float_t'
          ? typeof value === 'number'
          : base === 'json_t' || typeof value === 'string';
  if (!isRight) return [`${at} is ${JSON.stringify(value)}, no ${attribute.type}`];
  if (typeof value === 'string' && value === '') return [`${at} is an empty text`];
  if (typeof value === 'string' && rule.regex !== undefined && !new RegExp(rule.regex).test(value))
    return [`${at} is '${value}', no ${attribute.type}`];
  if (typeof value === 'number' && rule.range && (value < rule.range[0] || value > rule.range[1]))
    return [`${at} is ${String(value)}, out of range`];
  return [];
}

/** A row as an event: what is NULL is not there, and the columns that are the lake's own are left out. */
export function eventOfRow(row: Readonly<Record<string, unknown>>, ownColumns: readonly string[]): Record<string, unknown> {
  const attributes = Object.entries(row).filter(([name]) => !ownColumns.includes(name));
  const event = withoutNulls(Object.fromEntries(attributes)) as Record<string, unknown>;
  if (typeof event.unmapped === 'string') event.unmapped = JSON.parse(event.unmapped) as unknown;
  return event;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  const filled = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(filled.map(([name, one]) => [name, withoutNulls(one)]));
}
