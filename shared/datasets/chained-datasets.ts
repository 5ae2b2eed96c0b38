/** Datasets whose landed objects are in manifests: all of them. */

import { logTypes, logTypesOfDataset, rawDatasets } from '../log-types/index.ts';
import { findingsDataset } from './findings.ts';
import { knownDatasets } from './index.ts';

/** A dataset, and the log types whose jobs land objects of it. */
export interface ChainedDataset {
  readonly dataset: string;
  readonly logTypes: readonly string[];
}

/** Raw ones first. */
export const chainedDatasets: readonly ChainedDataset[] = [
  ...rawDatasets.map((dataset) => ({ dataset, logTypes: logTypesOfDataset(dataset).map(({ id }) => id) })),
  ...knownDatasets.map(({ name, logTypes: sources }) => ({ dataset: name, logTypes: sources })),
  { dataset: findingsDataset, logTypes: logTypes.map(({ id }) => id) },
];

/** @throws For a name that is no dataset's. */
export function chainedDataset(name: string): ChainedDataset {
  const found = chainedDatasets.find(({ dataset }) => dataset === name);
  if (!found) throw new Error(`there is no dataset '${name}'`);
  return found;
}

/** Landing hours by dataset, of jobs that are given with their log types. */
export function hoursByDataset<Hour>(jobs: Iterable<readonly [logType: string, hour: Hour]>): Map<string, Set<Hour>> {
  const byLogType = new Map<string, Set<Hour>>();
  for (const [logType, hour] of jobs) byLogType.set(logType, (byLogType.get(logType) ?? new Set()).add(hour));
  return new Map(
    chainedDatasets.flatMap(({ dataset, logTypes: sources }): [string, Set<Hour>][] => {
      const hours = sources.flatMap((id) => [...(byLogType.get(id) ?? [])]);
      return hours.length > 0 ? [[dataset, new Set(hours)]] : [];
    }),
  );
}
