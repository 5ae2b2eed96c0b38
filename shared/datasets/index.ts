import { authenticationStory } from './authentication-story.ts';
import { cloudAuditLogs } from './cloud-audit-logs.ts';
import type { RawDatasetName } from '../log-types/index.ts';
import type { NormalizedDataset } from './normalized-dataset.ts';
import { ocsfDatasets } from './ocsf/index.ts';
import { saasAuditLogs } from './saas-audit-logs.ts';

/** The normalized datasets that every deployment lands beside raw. */
export const normalizedDatasets = [saasAuditLogs, authenticationStory, cloudAuditLogs] as const;

/** Every normalized dataset there is, in the order people read them: each has a table and a page, whether or not it is landed. */
export const knownDatasets = [...normalizedDatasets, ...ocsfDatasets] as const;

/** The name of a normalized dataset. */
type NormalizedDatasetName = (typeof knownDatasets)[number]['name'];

/** The name of a dataset. A map that is keyed by it is a Record, so that a dataset that is added cannot be forgotten there. */
export type DatasetName = RawDatasetName | NormalizedDatasetName;

/** What a deployment may choose to land in addition: a setting of the stack, an option on one machine. */
export interface DatasetChoice {
  /** The OCSF datasets. */
  readonly ocsf: boolean;
}

/** The normalized datasets that a deployment lands. */
export function landedDatasets({ ocsf }: DatasetChoice): readonly NormalizedDataset[] {
  return ocsf ? knownDatasets : normalizedDatasets;
}
