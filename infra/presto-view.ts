/** Views as Athena keeps them in Glue: a table whose text is JSON in base64. */

import type { CfnTable } from 'aws-cdk-lib/aws-glue';
import type { ViewColumn } from '../shared/datasets/views.ts';
import { glueType, type ColumnType } from '../shared/domain/columns.ts';

/** A view before it has the form that Athena keeps. */
export interface View {
  readonly name: string;
  readonly database: string;
  readonly description: string;
  /** In the order and with the types that the select gives; Athena calls a view stale when they differ. */
  readonly columns: readonly ViewColumn[];
  readonly select: string;
}

/** @see https://docs.aws.amazon.com/athena/latest/ug/views.html Athena reads and writes views in this form; Trino's Hive connector defines it. */
export function viewInput({ name, database, description, columns, select }: View): CfnTable.TableInputProperty & { readonly name: string } {
  const definition = {
    originalSql: select,
    catalog: 'awsdatacatalog',
    schema: database,
    columns: columns.map((column) => ({ name: column.name, type: prestoType(column.type) })),
  };
  return {
    name,
    description,
    tableType: 'VIRTUAL_VIEW',
    parameters: { presto_view: 'true', comment: 'Presto View' },
    viewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`,
    viewExpandedText: '/* Presto View */',
    partitionKeys: [],
    storageDescriptor: { columns: columns.map(glueColumn), location: '', serdeInfo: {} },
  };
}

/** A column as Glue declares it; the meaning is its comment, of at most 255 characters. */
export function glueColumn({ name, type, meaning }: Pick<ViewColumn, 'name' | 'type' | 'meaning'>): CfnTable.ColumnProperty {
  return { name, type: type === 'date' ? 'date' : glueType(type), comment: meaning };
}

/** What Athena's engine calls the types of our columns. Its Hive tables hold times in milliseconds. */
const prestoTypes: Readonly<Record<ColumnType | 'date', string>> = {
  text: 'varchar',
  json: 'varchar',
  long: 'bigint',
  double: 'double',
  boolean: 'boolean',
  time: 'timestamp(3)',
  texts: 'array(varchar)',
  map: 'map(varchar, varchar)',
  date: 'date',
};

function prestoType(type: ViewColumn['type']): string {
  if (typeof type === 'string') return prestoTypes[type];
  const isList = 'listOf' in type;
  const fields = Object.entries(isList ? type.listOf : type.structOf).map(([name, field]) => `"${name}" ${prestoType(field)}`);
  return isList ? `array(row(${fields.join(', ')}))` : `row(${fields.join(', ')})`;
}
