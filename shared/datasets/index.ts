import type { NormalizedDataset } from './normalized-dataset.ts';

/** Every normalized dataset that is landed beside raw. */
export const normalizedDatasets: readonly NormalizedDataset[] = [];
