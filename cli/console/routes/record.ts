/** One record whole, and how many there are over time. */

import type { AnswerOf, RequestOf } from '../../../console/api/routes.ts';
import { describeTable } from '../../commands/describe/describe-table.ts';
import { tableByName } from '../../commands/describe.ts';
import { allRows, textOf, valueText } from '../../../shared/ports/asking.ts';
import { timestampSql } from '../../../queries/window-sql.ts';
import type { Backend } from '../backend.ts';
import { bucketMsOf, histogramQuestion } from '../search-sql.ts';
import { viewOf } from './overview.ts';

/** Counts what a search finds, by time and outcome. */
export async function histogram(backend: Backend, request: RequestOf<'histogram'>, signal: AbortSignal): Promise<AnswerOf<'histogram'>> {
  const bucketMs = bucketMsOf(request, request.buckets);
  const buckets = Math.max(1, Math.ceil((request.to - request.from) / bucketMs));
  const empty = (): number[] => new Array<number>(buckets).fill(0);
  const counts: Readonly<Record<string, number[]>> = { success: empty(), failure: empty(), other: empty() };
  const answer = await (await backend.asking()).ask(histogramQuestion(request, bucketMs), signal);
  for (const [bucket, outcome, events] of await allRows(answer)) {
    const of = counts[textOf(outcome)];
    const at = Number(bucket);
    if (of && at >= 0 && at < buckets) of[at] = Number(events);
  }
  const { success = [], failure = [], other = [] } = counts;
  return { bucketMs, first: request.from, success, failure, other, ...answer.cost() };
}

/** The record's typed columns with their meanings, and its JSON text. @throws When it is not there any more. */
export async function record(backend: Backend, request: RequestOf<'record'>, signal: AbortSignal): Promise<AnswerOf<'record'>> {
  const { dataset, recordKey, eventTime, tenantId } = request;
  const view = viewOf(dataset);
  const at = Math.floor(eventTime / 1_000) * 1_000;
  const sql = `SELECT *\nFROM ${view}\nWHERE event_time >= ${timestampSql(at)} AND event_time < ${timestampSql(at + 1_000)}\n  AND tenant_id = {{tenant}} AND record_key = {{key}}\nLIMIT 1`;
  const answer = await (await backend.asking()).ask({ sql, values: { tenant: tenantId, key: recordKey } }, signal);
  const [row] = await allRows(answer);
  if (!row) throw new Error('the record is not there any more: it was erased, or is kept no longer');
  const meanings = new Map(describeTable(tableByName(view)).columns.map(({ name, meaning }) => [name, meaning]));
  const fields = answer.columns.map(({ name }, index) => ({ name, meaning: meanings.get(name) ?? '', value: row[index] ?? null }));
  const raw = fields.find(({ name }) => name === 'raw')?.value ?? '';
  return {
    view,
    fields: fields.filter(({ name, value }) => name !== 'raw' && value !== null && value !== ''),
    raw: valueText(raw),
  };
}
