/** What evaluating rules needs, as one sandbox sees it: each call to a store goes over the line where faults happen. */

import type { FindingRow } from '../../shared/detections/finding-row.ts';
import { noIndicators } from '../../shared/detections/indicators.ts';
import type { Detecting } from '../../shared/ports/detecting.ts';
import type { Sightings } from '../../shared/ports/sightings.ts';
import type { Harness } from './harness.ts';
import { asRow, proofRules } from './proof-rules.ts';
import type { Sandbox } from './scheduler.ts';
import type { ParquetFile } from './stand-in-landing.ts';

/** What stands for a Parquet file of findings. */
export interface FindingsFile {
  readonly rows: readonly FindingRow[];
}

/** The port of one sandbox. */
export function detectingPort(harness: Harness, sandbox: Sandbox): Detecting {
  const { files } = harness;
  return {
    rules: { read: () => Promise.resolve(proofRules), current: () => Promise.resolve(undefined) },
    indicators: () => Promise.resolve(noIndicators),
    sightings: sightingsPort(harness, sandbox),
    readRows: async function* (file) {
      const { rows, metadata } = files.read(file) as ParquetFile;
      yield await Promise.resolve(rows.map((row) => asRow(row, metadata.stream?.split('#')[2] ?? '')));
    },
    files: {
      write: (rows, into) => {
        files.write(into, { rows } satisfies FindingsFile);
        return Promise.resolve();
      },
      read: (file) => Promise.resolve((files.read(file) as FindingsFile).rows),
    },
  };
}

function sightingsPort({ line, environment: { sightings } }: Harness, sandbox: Sandbox): Sightings {
  const read = <T>(name: string, apply: () => Promise<T>): Promise<T> => line.call(sandbox, `sightings.${name}`, { isLocal: true, apply });
  return {
    put: (object, groups) =>
      line.call(sandbox, 'sightings.put', {
        detail: () => object,
        apply: () => sightings.put(object, groups),
        part: () => sightings.put(object, groups.slice(0, Math.floor(groups.length / 2))),
      }),
    timelines: (ranges) => read('timelines', () => sightings.timelines(ranges)),
    remember: (entities) =>
      line.call(sandbox, 'sightings.remember', {
        apply: () => sightings.remember(entities),
        part: () => sightings.remember(entities.slice(0, Math.floor(entities.length / 2))),
      }),
    days: (ranges) => read('days', () => sightings.days(ranges)),
    known: (findingIds) => read('known', () => sightings.known(findingIds)),
    noteKnown: (findingIds) => line.call(sandbox, 'sightings.noteKnown', { apply: () => sightings.noteKnown(findingIds) }),
  };
}
