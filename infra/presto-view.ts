/** Views as CloudFormation makes them in Glue. */

import type { CfnTable } from 'aws-cdk-lib/aws-glue';
import { glueColumn, viewParameters, viewText, type PrestoView } from '../shared/datasets/presto-view.ts';

/** The table of a view. */
export function viewInput(view: PrestoView): CfnTable.TableInputProperty & { readonly name: string } {
  const { original, expanded } = viewText(view);
  return {
    name: view.name,
    description: view.description,
    tableType: 'VIRTUAL_VIEW',
    parameters: viewParameters,
    viewOriginalText: original,
    viewExpandedText: expanded,
    partitionKeys: [],
    storageDescriptor: { columns: view.columns.map(glueColumn), location: '', serdeInfo: {} },
  };
}
