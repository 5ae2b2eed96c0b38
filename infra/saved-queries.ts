import { NestedStack } from 'aws-cdk-lib';
import { CfnNamedQuery, type CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { Construct } from 'constructs';
import { queries } from './queries.ts';

/** Where the saved queries belong. */
export interface SavedQueriesProps {
  readonly workgroup: CfnWorkGroup;
  readonly database: string;
}

/** The query library as saved queries of the workgroup; a nested stack, for each is a resource of its own. */
export class SavedQueries extends NestedStack {
  constructor(scope: Construct, id: string, { workgroup, database }: SavedQueriesProps) {
    super(scope, id, { suppressTemplateIndentation: true });
    for (const { title, description, sql } of queries) {
      new CfnNamedQuery(this, title.replaceAll(/[^A-Za-z]/g, ''), {
        name: title,
        description,
        database,
        queryString: sql,
        workGroup: workgroup.ref,
      });
    }
  }
}
