/** Whether everything is coming in. */

import type { AnswerOf } from '../../../console/api/routes.ts';
import { lakeTables } from '../../../local/lake-views.ts';
import { activityView, views } from '../../../shared/datasets/views.ts';
import { rawDatasets } from '../../../shared/log-types/index.ts';
import { rawDataset } from '../../../shared/log-types/raw-dataset.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import type { Backend } from '../backend.ts';

/** What the page needs before it shows anything. Nothing is asked of the engine. */
export async function session(backend: Backend): Promise<AnswerOf<'session'>> {
  const { at, tenants } = await (await backend.status()).read(backend.now());
  const newest = Math.max(0, ...tenants.flatMap(({ streams }) => streams.map((one) => one.newest ?? 0)));
  const activity = views.find(({ name }) => name === activityView);
  return {
    version: backend.version,
    backend: backend.kind,
    place: backend.place,
    engine: backend.kind === 'aws' ? 'Athena' : 'DuckDB',
    now: at,
    ...(newest > 0 && { newest }),
    tenants: tenants.map(({ name }) => name),
    datasets: rawDatasets.map(rawDataset).map(({ name, logTypes }) => ({ name, title: logTypes.map(({ title }) => title).join(', ') })),
    meanings: Object.fromEntries((activity?.columns ?? []).map(({ name, meaning }) => [name, meaning])),
  };
}

/** Each tenant and log type as `lake status` has it. */
export async function overview(backend: Backend): Promise<AnswerOf<'overview'>> {
  const { at, tenants, needs } = await (await backend.status()).read(backend.now());
  return {
    at,
    needs: [...needs],
    isSimulated: await backend.isSimulated(),
    tenants: tenants.map(({ name, state, faults, streams }) => ({
      name,
      state,
      faults: [...faults],
      streams: streams.map(({ rowsByHour, needs: own, ...one }) => ({
        ...one,
        title: logTypeById(one.logType).title,
        rowsByHour: [...rowsByHour],
        needs: [...own],
      })),
    })),
  };
}

/** The view beside a `_raw` dataset, whose rows are one a record. */
export function viewOf(dataset: string): string {
  const found = lakeTables().find(({ kind, name }) => kind === 'raw' && name === dataset);
  if (found?.kind !== 'raw') throw new Error(`there is no raw dataset '${dataset}'`);
  return found.raw.view;
}
