/** Where lists of indicators are kept: in a lake folder, or in the bucket of a deployment. */

import { indicatorLists, removeIndicatorList, writeIndicatorList } from '../../local/indicator-lists.ts';
import type { IndicatorEntry } from '../../shared/detections/indicator-lists/entry.ts';
import type { AwsChoice } from '../aws/deployment.ts';
import type { LakeChoice } from '../commands/options.ts';

/** Lists by name, and one index over all of them. */
export interface IndicatorStore {
  /** What it is called in messages. @example 'the lake' */
  readonly what: string;
  /** How many indicators each list has. */
  lists(): Promise<Readonly<Record<string, number>>>;
  /** Writes a list, whole, in the place of one of its name. @returns How many indicators all lists have. */
  write(name: string, entries: AsyncIterable<IndicatorEntry>): Promise<number>;
  /** @returns Whether there was one. */
  remove(name: string): Promise<boolean>;
}

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
