/** Who somebody or something is, by what it did and what was done to it. */

import type { AnswerOf, RequestOf } from '../../../console/api/routes.ts';
import { activityView } from '../../../shared/datasets/views.ts';
import { iso } from '../../../shared/domain/window.ts';
import { type AnswerRow, type Asking, type Question, allRows, textOf } from '../../../shared/ports/asking.ts';
import { dialectOf } from '../../asking/dialect.ts';
import type { Backend } from '../backend.ts';
import { conditionsOf, withinSql } from '../search-sql.ts';

/** Ten of each are enough to see what is usual. */
const most = 10;
const described = { dataset: 'dataset', actor: 'actor', source_ip: 'address', activity: 'activity', target: 'target' } as const;
const signInFacts = {
  country: 'country',
  app_name: 'application',
  device_name: 'device',
  operating_system: 'system',
  browser: 'browser',
  session_id: 'session',
};

/** First and last seen, and the most frequent of each column beside it. */
export async function entity(backend: Backend, request: RequestOf<'entity'>, signal: AbortSignal): Promise<AnswerOf<'entity'>> {
  const asking = await backend.asking();
  const [activity, signIns] = await Promise.all([
    asking.ask(activityQuestion(asking, request), signal).then(allRows),
    asking.ask(signInQuestion(request), signal).then(allRows),
  ]);
  const total = activity.find(([what]) => what === 'total');
  return {
    total: Number(total?.[2] ?? 0),
    first: timeOf(total?.[3]),
    last: timeOf(total?.[4]),
    top: topOf(activity.filter(([what]) => what !== 'total')).map(([what, value, count, first, last]) => ({
      ...{ what: textOf(what), value: textOf(value), count: Number(count) },
      ...{ first: timeOf(first) ?? '', last: timeOf(last) ?? '' },
    })),
    signIns: topOf(signIns).map(([what, value, count]) => ({ what: textOf(what), value: textOf(value), count: Number(count) })),
  };
}

const timeOf = (ms: AnswerRow[number] | undefined): string | null => (typeof ms === 'number' ? iso(ms) : null);

/** One reading of the rows, grouped by each column at a time. */
function activityQuestion(asking: Asking, { value, from, to }: RequestOf<'entity'>): Question {
  const { epochMs } = dialectOf(asking);
  const { where, values } = conditionsOf({ from, to, words: '', filters: [{ name: 'any', how: 'is', value }] });
  const names = Object.keys(described);
  const what = names.map((name) => `WHEN grouping(${name}) = 0 THEN '${described[name as keyof typeof described]}'`).join(' ');
  const sql = `SELECT CASE ${what} ELSE 'total' END AS what, coalesce(${names.join(', ')}) AS named, count(*) AS events,
  ${epochMs('min(event_time)')} AS first_time, ${epochMs('max(event_time)')} AS last_time
FROM ${activityView}
WHERE ${where.join('\n  AND ')}
GROUP BY GROUPING SETS (${names.map((name) => `(${name})`).join(', ')}, ())`;
  return { sql, values };
}

/** What sign-ins say besides. */
function signInQuestion({ value, from, to }: RequestOf<'entity'>): Question {
  const names = Object.keys(signInFacts);
  const what = Object.entries(signInFacts)
    .map(([name, word]) => `WHEN grouping(${name}) = 0 THEN '${word}'`)
    .join(' ');
  const sql = `SELECT CASE ${what} END AS what, coalesce(${names.join(', ')}) AS named, count(*) AS events
FROM msft_azure_ad
WHERE ${withinSql({ from, to }).join(' AND ')} AND (lower(actor_upn) = lower({{who}}) OR source_ip = {{who}} OR lower(app_name) = lower({{who}}))
GROUP BY GROUPING SETS (${names.map((name) => `(${name})`).join(', ')})`;
  return { sql, values: { who: value } };
}

function topOf(rows: readonly AnswerRow[]): AnswerRow[] {
  const named = rows.filter(([, value]) => typeof value === 'string' && value !== '');
  return [...Map.groupBy(named, ([what]) => what).values()].flatMap((some) =>
    some.sort((one, other) => Number(other[2]) - Number(one[2])).slice(0, most),
  );
}
