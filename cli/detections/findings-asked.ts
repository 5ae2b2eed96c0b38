/** Findings, asked of a lake folder or of a deployment. */

import { findingsView } from '../../shared/datasets/findings.ts';
import { levels } from '../../shared/detections/sigma/rule.ts';
import { iso } from '../../shared/domain/window.ts';
import { type Asking, type Cost, allRows, textOf } from '../../shared/ports/asking.ts';
import { dialectOf } from '../asking/dialect.ts';

/** A finding as a list shows it. */
export interface ListedFinding {
  readonly id: string;
  /** ISO 8601, of the last of its events. */
  readonly time: string;
  readonly level: string;
  readonly title: string;
  readonly who: string;
  readonly count: number;
  readonly state: string;
  readonly quiet: string | null;
  readonly tenant: string;
  readonly ruleId: string;
}

/** Which findings: conditions in SQL, all of which have to hold, and the values they name. */
export interface FindingsChoice {
  readonly where: readonly string[];
  readonly values?: Readonly<Record<string, string | number>>;
  readonly limit?: number;
}

/** The most severe first, then the newest. */
export async function askFindings(
  asking: Asking,
  { where, values = {}, limit = 10_000 }: FindingsChoice,
  signal?: AbortSignal,
): Promise<{ readonly findings: readonly ListedFinding[]; readonly cost: Cost }> {
  const { epochMs, jsonText, mapText } = dialectOf(asking);
  const who = `coalesce(nullif(${mapText('group_values')}, ''), ${jsonText('evidence', 'actor_upn')}, ${jsonText('evidence', 'source_ip')}, '')`;
  const rank = `CASE level ${levels.map((one, index) => `WHEN '${one}' THEN ${String(index)}`).join(' ')} END`;
  const sql = `SELECT finding_id, ${epochMs('event_time')}, level, title, ${who}, CAST(count AS double), state, quiet_because, tenant_name, rule_id
FROM ${findingsView} WHERE ${['1 = 1', ...where].join(' AND ')} ORDER BY ${rank} DESC, event_time DESC, finding_id LIMIT ${String(limit)}`;
  const answer = await asking.ask({ sql, values }, signal);
  const findings = (await allRows(answer)).map(([id, time, level, title, by, many, state, quiet, tenant, ruleId]) => ({
    ...{ id: textOf(id), time: iso(Number(time)), level: textOf(level), title: textOf(title), who: textOf(by), count: Number(many) },
    ...{ state: textOf(state), quiet: typeof quiet === 'string' ? quiet : null, tenant: textOf(tenant), ruleId: textOf(ruleId) },
  }));
  return { findings, cost: answer.cost() };
}
