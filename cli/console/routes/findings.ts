/** What rules found, and what people make of it. */

import type { AnswerOf, RequestOf } from '../../../console/api/routes.ts';
import { findingsView } from '../../../shared/datasets/findings.ts';
import { levels } from '../../../shared/detections/sigma/rule.ts';
import { iso } from '../../../shared/domain/window.ts';
import { allRows, textOf } from '../../../shared/ports/asking.ts';
import { dialectOf } from '../../asking/dialect.ts';
import { askFindings } from '../../detections/findings-asked.ts';
import { setState } from '../../detections/set-state.ts';
import { personHere } from '../../tenants/tenant-audit.ts';
import type { Backend } from '../backend.ts';
import { withinSql } from '../search-sql.ts';
import { rulesAt } from './rules.ts';

/** Still to be looked at, and not quiet. */
const open = ["state IN ('new', 'acknowledged', 'error')", 'quiet_because IS NULL'];

/** Findings of a span, the most severe first; `who` is any text that they are grouped by. */
export async function findings(backend: Backend, request: RequestOf<'findings'>, signal: AbortSignal): Promise<AnswerOf<'findings'>> {
  const { all, who, ruleId } = request;
  const asking = await backend.asking();
  const { mapText, jsonAsText } = dialectOf(asking);
  const where = [
    ...withinSql(request),
    ...(all ? [] : open),
    ...(who === undefined
      ? []
      : [`strpos(lower(concat(${mapText('group_values')}, ' ', coalesce(${jsonAsText('evidence')}, ''))), lower({{who}})) > 0`]),
    ...(ruleId === undefined ? [] : ['rule_id = {{rule}}']),
  ];
  const values = { ...(who !== undefined && { who }), ...(ruleId !== undefined && { rule: ruleId }) };
  return { findings: [...(await askFindings(asking, { where, values, limit: 5_000 }, signal)).findings] };
}

/** How many are open of each level, and the first to look at. */
export async function findingCounts(
  backend: Backend,
  request: RequestOf<'findingCounts'>,
  signal: AbortSignal,
): Promise<AnswerOf<'findingCounts'>> {
  const asking = await backend.asking();
  const where = [...withinSql(request), ...open];
  const counted = await allRows(
    await asking.ask({ sql: `SELECT level, count(*) FROM ${findingsView} WHERE ${where.join(' AND ')} GROUP BY level` }, signal),
  );
  const { findings: newest } = await askFindings(asking, { where, limit: 8 }, signal);
  const of = new Map(counted.map(([level, many]) => [textOf(level), Number(many)]));
  return { levels: levels.map((level) => ({ level, open: of.get(level) ?? 0 })), newest: [...newest] };
}

/** One finding, with its evidence, its query and its rule's words. */
export async function finding(backend: Backend, { id }: RequestOf<'finding'>, signal: AbortSignal): Promise<AnswerOf<'finding'>> {
  const asking = await backend.asking();
  const { asJson, epochMs, jsonAsText, arrayText } = dialectOf(asking);
  const listed = await askFindings(asking, { where: ['finding_id = {{id}}'], values: { id } }, signal);
  const [one] = listed.findings;
  if (!one) throw new Error(`there is no finding '${id}'`);
  const sql = `SELECT because, set_by, ${epochMs('first_time')}, ${jsonAsText('evidence')}, ${asJson('group_values')}, ${arrayText('attack')}, query, is_incomplete
FROM ${findingsView} WHERE finding_id = {{id}}`;
  const [row = []] = await allRows(await asking.ask({ sql, values: { id } }, signal));
  const [because, setBy, first, evidence, group, attack, query, isIncomplete] = row;
  const rule = (await rulesAt(backend)).rules.find((known) => known.id === one.ruleId);
  return {
    finding: one,
    because: typeof because === 'string' ? because : null,
    setBy: typeof setBy === 'string' ? setBy : null,
    firstTime: typeof first === 'number' ? iso(first) : one.time,
    evidence: typeof evidence === 'string' ? evidence : '{}',
    group: typeof group === 'string' ? group : '{}',
    attack: textOf(attack).split(', ').filter(Boolean),
    query: textOf(query),
    isIncomplete: isIncomplete === true,
    ...(rule && { rule }),
  };
}

/** Acknowledges or closes a finding, with who did it, when and why. */
export async function setFinding(backend: Backend, { id, state, because }: RequestOf<'setFinding'>): Promise<AnswerOf<'setFinding'>> {
  const set = { state, because, by: personHere(process.env), at: backend.now() };
  if (backend.lake !== undefined) await setState(backend.lake, id, set);
  else await (await import('../../aws/set-finding-state.ts')).setFindingState(await backend.asking(), id, set);
  return {};
}
