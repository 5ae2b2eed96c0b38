/** What Athena's engine calls the types of our columns. */

import type { ColumnType, DatasetType } from './columns.ts';

/** Athena's tables over files hold times in milliseconds, Iceberg's in microseconds; views give microseconds whichever they read. */
const prestoTypes: Readonly<Record<ColumnType | 'date', string>> = {
  text: 'varchar',
  json: 'varchar',
  long: 'bigint',
  double: 'double',
  boolean: 'boolean',
  time: 'timestamp(6)',
  texts: 'array(varchar)',
  map: 'map(varchar, varchar)',
  date: 'date',
};

/** The type of a column of views and compacted tables. @param type `date` is the landing date's. */
export function prestoType(type: DatasetType | 'date'): string {
  if (typeof type === 'string') return prestoTypes[type];
  const isList = 'listOf' in type;
  const fields = Object.entries(isList ? type.listOf : type.structOf).map(([name, field]) => `"${name}" ${prestoType(field)}`);
  return isList ? `array(row(${fields.join(', ')}))` : `row(${fields.join(', ')})`;
}
