/** Where lists of indicators are kept: in a lake folder, or in the bucket of a deployment. */

import { indicatorLists, removeIndicatorList, writeIndicatorList } from '../../local/indicator-lists.ts';
import type { AwsChoice } from '../aws/deployment.ts';
import type { LakeChoice } from '../commands/options.ts';
import type { IndicatorStore } from './store.ts';

/** @throws UsageError when there is no such deployment. */
export async function openIndicatorStore({ lake, aws }: LakeChoice & AwsChoice): Promise<IndicatorStore> {
  if (aws) return (await import('../aws/indicator-store.ts')).openDeploymentIndicators();
  return {
    what: 'the lake',
    lists: () => Promise.resolve(indicatorLists(lake)),
    write: async (name, entries) => (await writeIndicatorList(lake, name, entries)).count,
    remove: (name) => removeIndicatorList(lake, name),
  };
}
