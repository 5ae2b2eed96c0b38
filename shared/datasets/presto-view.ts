/** Views as Athena keeps them in Glue: a table whose text is JSON in base64. */

import { glueType } from '../domain/columns.ts';
import { prestoType } from '../domain/presto-type.ts';
import type { ViewColumn } from './views.ts';

/** A view before it has the form that Athena keeps. */
export interface PrestoView {
  readonly name: string;
  readonly database: string;
  readonly description: string;
  /** In the order and with the types that the select gives; Athena calls a view stale when they differ. */
  readonly columns: readonly Pick<ViewColumn, 'name' | 'type' | 'meaning'>[];
  readonly select: string;
}

/** A column as Glue declares it; the comment has at most 255 characters. */
export interface GlueColumn {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

/** A column as Glue declares it; the meaning is its comment. */
export function glueColumn({ name, type, meaning }: PrestoView['columns'][number]): GlueColumn {
  return { name, type: type === 'date' ? 'date' : glueType(type), comment: meaning };
}

/** What is the same of every view's table in Glue. */
export const viewParameters = { presto_view: 'true', comment: 'Presto View' } as const;

/**
 * The text of a view's table.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/views.html Athena reads and writes views in this form; Trino's Hive connector defines it.
 */
export function viewText({ database, columns, select }: PrestoView): { readonly original: string; readonly expanded: string } {
  const definition = {
    originalSql: select,
    catalog: 'awsdatacatalog',
    schema: database,
    columns: columns.map((column) => ({ name: column.name, type: prestoType(column.type) })),
  };
  const encoded = Buffer.from(JSON.stringify(definition)).toString('base64');
  return { original: `/* Presto View: ${encoded} */`, expanded: '/* Presto View */' };
}
