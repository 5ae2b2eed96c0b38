import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** ARNs of the catalog, the database, and tables of it: Glue wants all three. */
export function glueTables(scope: IConstruct, database: string, names: readonly string[]): string[] {
  const arn = (resource: string, resourceName?: string): string =>
    Stack.of(scope).formatArn({ service: 'glue', resource, ...(resourceName !== undefined && { resourceName }) });
  return [arn('catalog'), arn('database', database), ...names.map((name) => arn('table', `${database}/${name}`))];
}
