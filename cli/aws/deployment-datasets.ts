/** What there is of each dataset of a deployment. */

import { normalizedDatasets } from '../../shared/datasets/index.ts';
import { literal } from '../../shared/domain/literal.ts';
import { rawDatasets } from '../../shared/log-types/index.ts';
import { rawDataset } from '../../shared/log-types/raw-dataset.ts';
import { type Asking, type Cost, allRows, textOf } from '../../shared/ports/asking.ts';
import { dialectOf } from '../asking/dialect.ts';
import type { DatasetSummary } from '../dataset-summary.ts';

type Table = Pick<DatasetSummary, 'name' | 'kind' | 'logTypes'>;

const tables: readonly Table[] = [
  ...rawDatasets.map(rawDataset).map(({ name, logTypes }) => ({ name, kind: 'raw' as const, logTypes: logTypes.map(({ id }) => id) })),
  ...normalizedDatasets.map(({ name, logTypes }) => ({ name, kind: 'normalized' as const, logTypes })),
];

/** Counts the rows of every table by one query, which reads event times alone. A view would have to be read whole. */
export async function summarizeDeployment(
  asking: Asking,
  signal?: AbortSignal,
): Promise<{ readonly summaries: readonly DatasetSummary[]; readonly cost: Cost }> {
  const { epochMs } = dialectOf(asking);
  const selects = tables.map(
    ({ name }) =>
      `SELECT ${literal(name)} AS name, CAST(count(*) AS double) AS counted, ${epochMs('max(event_time)')} AS newest FROM ${name}`,
  );
  const answer = await asking.ask({ sql: selects.join('\nUNION ALL\n') }, signal);
  const counted = new Map((await allRows(answer)).map(([name, rows, newest]) => [textOf(name), { rows: Number(rows), newest }]));
  const summaries = tables.map((table) => {
    const { rows = 0, newest = null } = counted.get(table.name) ?? {};
    return { ...table, rows, ...(typeof newest === 'number' && { newestEvent: newest }) };
  });
  return { summaries, cost: answer.cost() };
}
