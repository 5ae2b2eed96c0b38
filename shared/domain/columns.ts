/**
 * Columns as data. A log type declares each column once: its type, where it comes from in the record, and what it means.
 * What lands it (shared/landing/engine), the Glue table and the docs follow from the declaration.
 */

/** One column of a log type. */
export interface Column {
  readonly type: ColumnType | ListType;
  readonly from: Expression;
  /** One line for people. */
  readonly meaning: string;
  /** A value as people would see it; lists, structs and maps as JSON. Made up. */
  readonly example: string;
}

/** In the order they stand in the dataset. Names are lower_snake_case. */
export type Columns = Readonly<Record<string, Column>>;

/** Column types, with DuckDB's and Glue's names for them. */
const columnTypes = {
  text: { duckdb: 'VARCHAR', glue: 'string' },
  /** Text that is JSON: two texts that differ in the order of keys mean the same. */
  json: { duckdb: 'VARCHAR', glue: 'string' },
  long: { duckdb: 'BIGINT', glue: 'bigint' },
  double: { duckdb: 'DOUBLE', glue: 'double' },
  boolean: { duckdb: 'BOOLEAN', glue: 'boolean' },
  time: { duckdb: 'TIMESTAMPTZ', glue: 'timestamp' },
  texts: { duckdb: 'VARCHAR[]', glue: 'array<string>' },
  map: { duckdb: 'MAP(VARCHAR, VARCHAR)', glue: 'map<string,string>' },
} as const;
/** A column type that is no list of structs. */
export type ColumnType = keyof typeof columnTypes;
/** A list of structs, e.g. the targets of an audit record. */
interface ListType {
  readonly listOf: Readonly<Record<string, FieldType>>;
}
/** What a field of such a struct may be. */
export type FieldType = Exclude<ColumnType, 'map'>;
/** What a column of a normalized dataset may be: structs and lists of them, as deep as they go. */
export type DatasetType =
  ColumnType | { readonly listOf: Readonly<Record<string, DatasetType>> } | { readonly structOf: Readonly<Record<string, DatasetType>> };

/** What a JSON value is read as; a value of another kind reads as NULL and costs nothing else. `json` is the value's JSON text. */
type ReadAs = 'text' | 'long' | 'double' | 'boolean' | 'texts' | 'json';
/** What one element of a list is read as. */
export type ElementAs = 'text' | 'long';

/**
 * Where a value comes from.
 *
 * A path is dotted JSON names from the record's root. `name[]` goes into every element of that list, `\.` is a dot within a
 * name. Microsoft spells some names in two ways that differ in case only: read both, the usual one first.
 *
 * "Nothing" is NULL however Microsoft writes it: absent, null and "" read as NULL, and [] and {} where a list or JSON is read.
 */
export type Expression =
  | { readonly op: 'field'; readonly path: string; readonly as: ReadAs }
  /** The first that is not NULL. */
  | { readonly op: 'first'; readonly of: readonly Expression[] }
  | { readonly op: 'constant'; readonly value: string }
  /** NULL: this log type does not have it. */
  | { readonly op: 'absent' }
  /** Known from the job, not from the record: tenant_id, content_id, landed_at, ... */
  | { readonly op: 'given'; readonly name: GivenName }
  /** Text as an instant: with zone, or UTC without; years before 1900 are Microsoft's placeholder for no time. */
  | { readonly op: 'time'; readonly of: Expression }
  /**
   * The address within `ip`, `ip:port`, `[v6]:port`, `::ffff:v4`, of the first text that looks like one; NULL for what is no address. Of
   * several in one text (`a, b`) the first that is public, else the first. One that lies in a network of `avoid` only where no text has
   * another.
   */
  | { readonly op: 'address'; readonly of: readonly Expression[]; readonly avoid?: readonly string[] }
  /** The port beside that address. */
  | { readonly op: 'port'; readonly of: readonly Expression[]; readonly avoid?: readonly string[] }
  /** A list of texts as addresses, each once; what is no address is left out. */
  | { readonly op: 'addresses'; readonly of: Expression }
  /** Of a list of texts the first address that is public, else the first address. */
  | { readonly op: 'public-address'; readonly of: Expression }
  /** A text without this prefix, in any case, where it has it. */
  | { readonly op: 'strip'; readonly of: Expression; readonly prefix: string }
  /** A text as the list of its parts, without white space around them; empty parts are left out. */
  | { readonly op: 'split'; readonly of: Expression; readonly by: string }
  /**
   * Texts in the JSON that a text holds, at a path through its lists; empty where the text is no JSON. With `joined`, the path leads to
   * objects, and the texts of both fields with `by` between them count, of objects that have both.
   */
  | { readonly op: 'each-within'; readonly of: Expression; readonly path: string; readonly joined?: JoinedFields }
  /** Without white space and line ends around it. */
  | { readonly op: 'trim'; readonly of: Expression }
  /** NULL where the text is one of these words. */
  | { readonly op: 'except'; readonly of: Expression; readonly words: readonly string[] }
  /** A word translated by a table (keys in lower case); `otherwise` for words that are not in it, NULL for NULL. */
  | {
      readonly op: 'translate';
      readonly of: Expression;
      readonly table: Readonly<Record<string, string>>;
      readonly otherwise: string | null;
    }
  /** The name of a whole number from 0 up; NULL for numbers without one. */
  | { readonly op: 'name-of'; readonly of: Expression; readonly names: Readonly<Record<number, string>> }
  /** One field of the JSON that a text holds; NULL where the text is no JSON. */
  | { readonly op: 'within'; readonly of: Expression; readonly path: string }
  /** A list of name/value objects as a map; of a repeated name the first value. */
  | { readonly op: 'pairs'; readonly path: string; readonly keys: PairKeys }
  /** The value under one name of such a list. */
  | { readonly op: 'value-of'; readonly path: string; readonly keys: PairKeys; readonly name: string }
  /** One field of every element of a JSON list, what is NULL left out; an empty field name is the element itself. */
  | { readonly op: 'each'; readonly path: string; readonly field: string; readonly as: ElementAs }
  /** Lists one after another, each text once. */
  | { readonly op: 'union'; readonly of: readonly Expression[] }
  /** Every element of a JSON list as a struct; elements that have none of `needs` (any field of their own when absent) are left out. */
  | {
      readonly op: 'structs';
      readonly path: string;
      readonly fields: Readonly<Record<string, StructField>>;
      readonly needs?: readonly string[];
    }
  /** The first element's. */
  | { readonly op: 'first-of'; readonly of: Expression }
  /** One number for a list: how many elements, or the sum or greatest of its numbers. */
  | { readonly op: 'total'; readonly how: 'count' | 'sum' | 'max'; readonly of: Expression }
  | { readonly op: 'case'; readonly when: readonly (readonly [Condition, Expression])[]; readonly otherwise: Expression };

/** A test of an expression's value, for `case`. Text is compared as it stands, letter for letter. */
export type Condition =
  { readonly op: 'is'; readonly of: Expression; readonly oneOf: readonly string[] } | { readonly op: 'present'; readonly of: Expression };

/** A field of a struct: the first of these paths within the element that is filled; `^` before a path means the list one further out. */
export interface StructField {
  readonly paths: readonly string[];
  readonly as: FieldType;
}

/** Two fields of an object that make one text. */
export interface JoinedFields {
  readonly fields: readonly [string, string];
  readonly by: string;
}

/** A value that the job gives to every record it lands. */
export type GivenName = 'tenant_id' | 'tenant_name' | 'cloud' | 'log_type' | 'vendor' | 'product' | 'content_id' | 'landed_at';

type Source = string | Expression;
const source = (from: Source, as: ReadAs): Expression => (typeof from === 'string' ? { op: 'field', path: from, as } : from);

/** The first of these paths that is filled. */
export const firstOf = (...paths: Source[]): Expression => ({ op: 'first', of: paths.map((path) => source(path, 'text')) });
/** No value, ever: the log type does not have it. */
export const absent: Expression = { op: 'absent' };
/** The same text for every record. */
export const constant = (value: string): Expression => ({ op: 'constant', value });
/** A value of the job. */
export const given = (name: GivenName): Expression => ({ op: 'given', name });
/** The first of these paths that holds an address. */
export const addressIn = (...paths: Source[]): Expression => ({ op: 'address', of: paths.map((path) => source(path, 'text')) });
/** The first of these paths that holds an address outside these networks, else the first that holds one. */
export const addressOutside = (avoid: readonly string[], ...paths: Source[]): Expression => ({
  ...addressesAt(paths),
  op: 'address',
  avoid,
});
/** The port beside the address that {@link addressOutside} finds. */
export const portOutside = (avoid: readonly string[], ...paths: Source[]): Expression => ({ ...addressesAt(paths), op: 'port', avoid });
const addressesAt = (paths: readonly Source[]) => ({ of: paths.map((path) => source(path, 'text')) });
/** A list of texts as addresses. */
export const addressesIn = (of: Expression): Expression => ({ op: 'addresses', of });
/** Of a list of texts the first address that is public, else the first. */
export const publicAddressIn = (of: Expression): Expression => ({ op: 'public-address', of });
/** Without a prefix: `withoutPrefix('smtp:', 'Address')`. */
export const withoutPrefix = (prefix: string, from: Source): Expression => ({ op: 'strip', of: source(from, 'text'), prefix });
/** The parts of a text: `splitBy(';', 'Recipients')`. */
export const splitBy = (by: string, from: Source): Expression => ({ op: 'split', of: source(from, 'text'), by });
/** `eachWithin(valueNamed('OperationProperties', 'RuleActions'), '[].Recipients[]')`: texts within JSON in a text; the path begins with `[]` for a list. */
export const eachWithin = (from: Source, path: string): Expression => ({ op: 'each-within', of: source(from, 'text'), path });
/** `joinedWithin('Data', 'Entities[]', ['Name', 'UPNSuffix'], '@')`: `lee@contoso.example` of objects that have both fields. */
export const joinedWithin = (from: Source, path: string, fields: readonly [string, string], by: string): Expression => ({
  op: 'each-within',
  of: source(from, 'text'),
  path,
  joined: { fields, by },
});
/** The port beside the address that {@link addressIn} finds. */
export const portIn = (...paths: Source[]): Expression => ({ op: 'port', of: paths.map((path) => source(path, 'text')) });
/** A word by a table whose keys are in lower case; `otherwise` for other words. */
export const translate = (from: Source, table: Readonly<Record<string, string>>, otherwise: string | null = null): Expression => ({
  op: 'translate',
  of: source(from, 'text'),
  table,
  otherwise,
});
/** The name of a whole number, e.g. of a RecordType. */
export const nameOf = (from: Source, names: Readonly<Record<number, string>>): Expression => ({
  op: 'name-of',
  of: source(from, 'long'),
  names,
});
/** `within(valueNamed('ExtendedProperties', 'additionalDetails'), 'User-Agent')` */
export const within = (from: Source, path: string): Expression => ({ op: 'within', of: source(from, 'text'), path });
/** Without white space around it. */
export const trimmed = (from: Source): Expression => ({ op: 'trim', of: source(from, 'text') });
/** A field, NULL where it holds one of Microsoft's placeholders for no value. */
export const known = (from: Source): Expression => ({ op: 'except', of: source(from, 'text'), words: placeholders });
/** How Microsoft writes that there is no value, where it writes it in words. */
export const placeholders: readonly string[] = [
  '<null>',
  '__NULL__',
  'Not Available',
  'Unknown',
  'null',
  'N/A',
  '00000000-0000-0000-0000-000000000000',
];

/** What the two fields of a pair are called. */
interface PairKeys {
  readonly name: string;
  readonly value: string;
}
const nameValue: PairKeys = { name: 'Name', value: 'Value' };
/** `valueNamed('ExtendedProperties', 'UserAgent')`: the Value under that Name. */
export const valueNamed = (path: string, name: string, keys = nameValue): Expression => ({ op: 'value-of', path, keys, name });
/** `eachOf('targetResources', 'displayName')`; `eachOf('Rules[].Actions')` are the elements themselves. */
export const eachOf = (path: string, field = '', as: ElementAs = 'text'): Expression => ({ op: 'each', path, field, as });
/** Several lists in one, each value once. */
export const unionOf = (...of: Expression[]): Expression => ({ op: 'union', of });
/** What stands at each of these paths, as it stands there, each text once. */
export const allOf = (...paths: string[]): Expression => unionOf(...paths.map((path) => splitBy('\n', known(path))));
/** The first element of a list. */
export const firstElement = (of: Expression): Expression => ({ op: 'first-of', of });
/** A list as one number. */
export const total = (how: 'count' | 'sum' | 'max', of: Expression): Expression => ({ op: 'total', how, of });
/** The expression of the first condition that holds: `cases([is('a', '0'), 'b']).otherwise('c')`. */
export const cases = (...when: (readonly [Condition, Source])[]) => ({
  otherwise: (otherwise: Source): Expression => ({
    op: 'case',
    when: when.map(([condition, then]) => [condition, source(then, 'text')] as const),
    otherwise: source(otherwise, 'text'),
  }),
});
/** Whether a text is one of these, letter for letter. */
export const is = (from: Source, ...oneOf: string[]): Condition => ({ op: 'is', of: source(from, 'text'), oneOf });
/** Whether there is any value. */
export const isPresent = (from: Source): Condition => ({ op: 'present', of: source(from, 'text') });

const typed =
  (type: ColumnType, as: ReadAs) =>
  (from: Source, meaning: string, example = ''): Column => ({ type, from: source(from, as), meaning, example });
/** A column of text. */
export const text = typed('text', 'text');
/** A column of whole numbers of 64 bits. */
export const long = typed('long', 'long');
/** A column of floating-point numbers. */
export const double = typed('double', 'double');
/** A column of true and false. */
export const boolean = typed('boolean', 'boolean');
/** A column of lists of text. */
export const texts = typed('texts', 'texts');
/** JSON text of whatever stands there: for fields whose shape differs from record to record. */
export const json = typed('json', 'json');
/** A column of instants (UTC), see the expression `time`. */
export const time = (from: Source, meaning: string, example = ''): Column => ({
  type: 'time',
  from: { op: 'time', of: source(from, 'text') },
  meaning,
  example,
});
/** A list of name/value pairs as a map. */
export const pairs = (path: string, meaning: string, example = '', keys = nameValue): Column => ({
  type: 'map',
  from: { op: 'pairs', path, keys },
  meaning,
  example,
});
/** A column that other log types share, with an example of this one. */
export const asIn = (column: Column, example: string): Column => ({ ...column, example });

/**
 * A JSON list as a list of structs. A field is a path within the element, several to choose from, or a path and what to read it as.
 *
 * @example structs('targetResources', { id: 'id', name: 'displayName' }, 'What was changed')
 * @example structs('PolicyDetails[].Rules', { policy: '^PolicyName', rule: 'RuleName', actions: ['Actions', 'texts'] }, 'Rules that matched')
 */
export function structs(
  path: string,
  fields: Readonly<Record<string, string | readonly [string, ...FieldType[]] | StructField>>,
  meaning: string,
  example = '',
  needs?: readonly string[],
): Column {
  const entries = Object.entries(fields).map(([name, from]) => [name, structField(from)] as const);
  const listOf = Object.fromEntries(entries.map(([name, field]) => [name, field.as]));
  return {
    type: { listOf },
    from: { op: 'structs', path, fields: Object.fromEntries(entries), ...(needs ? { needs } : {}) },
    meaning,
    example,
  };
}

function structField(from: string | readonly [string, ...FieldType[]] | StructField): StructField {
  if (typeof from === 'string') return { paths: [from], as: 'text' };
  return 'paths' in from ? from : { paths: [from[0]], as: from[1] ?? 'text' };
}

/** What DuckDB calls a column's type. */
export function duckdbType(type: DatasetType): string {
  if (typeof type === 'string') return columnTypes[type].duckdb;
  const isList = 'listOf' in type;
  const fields = Object.entries(isList ? type.listOf : type.structOf).map(([name, field]) => `"${name}" ${duckdbType(field)}`);
  return `STRUCT(${fields.join(', ')})${isList ? '[]' : ''}`;
}

/** What Glue and Athena call it. */
export function glueType(type: DatasetType): string {
  if (typeof type === 'string') return columnTypes[type].glue;
  const isList = 'listOf' in type;
  const struct = `struct<${Object.entries(isList ? type.listOf : type.structOf)
    .map(([name, field]) => `${name}:${glueType(field)}`)
    .join(',')}>`;
  return isList ? `array<${struct}>` : struct;
}
