import { authenticationStory } from './authentication-story.ts';
import { cloudAuditLogs } from './cloud-audit-logs.ts';
import type { NormalizedDataset } from './normalized-dataset.ts';
import { ocsfDatasets } from './ocsf/index.ts';
import { saasAuditLogs } from './saas-audit-logs.ts';

/** The normalized datasets that every deployment lands beside raw. */
export const normalizedDatasets: readonly NormalizedDataset[] = [saasAuditLogs, authenticationStory, cloudAuditLogs];

/** Every normalized dataset there is, in the order people read them: each has a table and a page, whether or not it is landed. */
export const knownDatasets: readonly NormalizedDataset[] = [...normalizedDatasets, ...ocsfDatasets];

/** What a deployment may choose to land in addition: a setting of the stack, an option on one machine. */
export interface DatasetChoice {
  /** The OCSF datasets. */
  readonly ocsf: boolean;
}

/** The normalized datasets that a deployment lands. */
export function landedDatasets({ ocsf }: DatasetChoice): readonly NormalizedDataset[] {
  return ocsf ? knownDatasets : normalizedDatasets;
}
