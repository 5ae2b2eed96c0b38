/** @example camelCase('risk-detections') is 'riskDetections' */
export function camelCase(id: string): string {
  return id.replaceAll(/[-_](\w)/g, (_match, letter: string) => letter.toUpperCase());
}

/** @example sentence('risk-detections') is 'Risk detections' */
export function sentence(id: string): string {
  const words = id.replaceAll(/[-_]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @throws When it could be anything but a JSON path or the name of a permission: it becomes a text in code. */
export function asWord(text: string): string {
  if (/^[\w@$]+(?:(?:\.|\[\]\.)[\w@$]+)*$/.test(text)) return text;
  throw new Error(`'${text}' is no name; write letters and digits, joined by '.' (and '[].' after a list)`);
}

/** @throws When it is no id: lower case letters, digits, and `-` (of columns and datasets `_`) between them. */
export function asId(text: string | undefined, between: '-' | '_' = '-'): string {
  if (text !== undefined && new RegExp(`^[a-z][a-z0-9]*(?:${between}[a-z0-9]+)*$`).test(text)) return text;
  throw new Error(`'${text ?? ''}' is no name; write lower case letters and digits, words joined by '${between}'`);
}

/** What no constant of a module may be called. */
const reservedInTypeScript = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static super switch ' +
    'this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

/** Names that the templates, and the lists they are entered in, have already. */
const namesInTemplates = new Set(
  (
    'addressIn addressOf catalog columnsOf constant correct correctedLater days graphClouds hours isLogTypeId knownDatasets known ' +
    'landedDatasets logType logTypeById logTypes logTypesById logTypesOfDataset minutes normalizedDataset normalizedDatasets ocsfDatasets ' +
    'rawDatasets record rowColumns sevenDigits simulatedLogTypes text time unknownWord'
  ).split(' '),
);

/** Reserved by DuckDB (`duckdb_keywords()`) or by Athena; names of tables and columns stand in queries without quotes. */
const reservedInSql = new Set(
  (
    'all alter analyse analyze and any array as asc asymmetric between bigint binary boolean both by case cast char check collate column ' +
    'commit constraint create cross cube current current_date current_time current_timestamp current_user cursor database date deallocate ' +
    'decimal default deferrable delete desc describe distinct do double drop else end escape except execute exists explain external ' +
    'extract false fetch first float following for foreign from full function grant group grouping having if import in initially inner ' +
    'insert int integer intersect interval into is join lambda last lateral leading left less like limit local localtime localtimestamp ' +
    'macro map minus more natural none normalize not null of offset on only or order out outer over partialscan partition percent pivot ' +
    'pivot_longer pivot_wider placing preceding precision prepare preserve primary procedure qualify range reads recursive reduce ' +
    'references regexp returning revoke right rlike rollback rollup row rows select set show smallint some start summarize symmetric ' +
    'table table_column tablesample then timestamp to trailing transform trigger trim true truncate unbounded union unique uniquejoin ' +
    'unnest unpivot update user using utc_timestamp values variadic varchar views when where window with'
  ).split(' '),
);

/**
 * The name of the constant that an id becomes.
 *
 * @throws When TypeScript or the template has that name already.
 */
export function constantOf(id: string): string {
  const name = camelCase(id);
  if (reservedInTypeScript.has(name)) throw new Error(`'${id}' is a reserved word of TypeScript; choose a name of two words`);
  if (namesInTemplates.has(name)) throw new Error(`'${id}' would be named like '${name}', which the code has already; choose another name`);
  return name;
}

/** An id of a table or column. @throws When it is none, or a reserved word of SQL. */
export function asSqlName(text: string | undefined): string {
  const name = asId(text, '_');
  if (reservedInSql.has(name)) throw new Error(`'${name}' is a reserved word of SQL; choose a name of two words`);
  return name;
}

/** @throws When the name is among the known ones; the message says which file has them. */
export function notTaken(what: string, name: string, known: readonly string[], file: string): string {
  if (known.includes(name)) throw new Error(`${what} '${name}' is there already; choose another name, or edit ${file}`);
  return name;
}
