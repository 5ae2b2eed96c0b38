/** What is watched, and how loud it is. */

import type { AnswerOf, RequestOf, Rule } from '../../../console/api/routes.ts';
import { findingsView } from '../../../shared/datasets/findings.ts';
import type { Detection } from '../../../shared/detections/detection.ts';
import { refusalLines, type RuleSet } from '../../../shared/detections/rule-set.ts';
import { switched } from '../../../shared/detections/switches.ts';
import { days } from '../../../shared/domain/window.ts';
import { allRows, textOf } from '../../../shared/ports/asking.ts';
import { dialectOf } from '../../asking/dialect.ts';
import type { AwsChoice } from '../../aws/deployment.ts';
import type { LakeChoice } from '../../commands/options.ts';
import { rulesInForce } from '../../rules/rules-in-force.ts';
import { allow, disallow, switchOff, switchOn } from '../../rules/switch-rules.ts';
import { personHere } from '../../tenants/tenant-audit.ts';
import type { Backend } from '../backend.ts';
import { withinSql } from '../search-sql.ts';

/** The rules, and how many findings each made a day. */
export async function rules(backend: Backend, request: RequestOf<'rules'>, signal: AbortSignal): Promise<AnswerOf<'rules'>> {
  const asking = await backend.asking();
  const { epochMs } = dialectOf(asking);
  const sql = `SELECT rule_id, ${epochMs("date_trunc('day', event_time)")}, count(*) FILTER (WHERE quiet_because IS NULL), count(*) FILTER (WHERE quiet_because IS NOT NULL)
FROM ${findingsView} WHERE ${withinSql(request).join(' AND ')} GROUP BY 1, 2`;
  const [known, counted] = await Promise.all([rulesAt(backend), asking.ask({ sql }, signal).then(allRows)]);
  const perDay = counted.map(([ruleId, day, loud, quiet]) => ({
    ...{ ruleId: textOf(ruleId), day: Math.floor(Number(day) / days(1)) * days(1) },
    ...{ findings: Number(loud), quiet: Number(quiet) },
  }));
  return { ...known, days: perDay };
}

const compiled = new Map<string, Promise<RuleSet>>();
const placeOf = ({ lake }: Pick<Backend, 'lake'>): LakeChoice & AwsChoice => ({ lake: lake ?? '', aws: lake === undefined });

/** The rules of the lake or of the deployment. Compiled once, and again when something was switched here. */
export async function rulesAt(backend: Pick<Backend, 'lake'>): Promise<{ rules: Rule[]; faults: string[] }> {
  const key = backend.lake ?? '';
  const set = compiled.get(key) ?? rulesInForce(placeOf(backend));
  compiled.set(key, set);
  set.catch(() => compiled.delete(key));
  const { known, switches, ...read } = await set;
  const off = new Map(switches.off.map(({ rule, by, since, because }) => [rule, { by, since, because }]));
  const withAllowed = switched(known, { off: [], allowed: switches.allowed });
  return { rules: withAllowed.map((one) => ruleOf(one, off.get(one.id))), faults: [...refusalLines(read)] };
}

/** Switches a rule off, with the reason, or on again. */
export async function switchRule(backend: Backend, { id, on, because }: RequestOf<'switchRule'>): Promise<AnswerOf<'switchRule'>> {
  if (!on && because === undefined) throw new Error('a rule is switched off for a reason: say why');
  return changed(backend, (place) => (on ? switchOn(place, id) : switchOff(place, id, { ...here(backend), because: because ?? '' })));
}

/** Allows values of a rule's findings to a day. */
export async function allowValues(backend: Backend, { id, ...allowed }: RequestOf<'allowValues'>): Promise<AnswerOf<'allowValues'>> {
  return changed(backend, (place) => allow(place, id, { ...here(backend), ...allowed }));
}

/** Takes back what was allowed. */
export async function disallowValues(backend: Backend, { id, where }: RequestOf<'disallowValues'>): Promise<AnswerOf<'disallowValues'>> {
  return changed(backend, (place) => disallow(place, id, where));
}

const here = (backend: Backend) => ({ by: personHere(process.env), at: backend.now() });

async function changed(backend: Backend, change: (place: LakeChoice & AwsChoice) => Promise<unknown>): Promise<Record<string, never>> {
  await change(placeOf(backend));
  compiled.delete(backend.lake ?? '');
  return {};
}

function ruleOf(one: Detection, off: Rule['off']): Rule {
  const tactics = one.tags.flatMap((tag) => /^attack\.([a-z][a-z_-]+)$/.exec(tag)?.[1]?.replaceAll('_', '-') ?? []);
  return {
    ...{ id: one.id, title: one.title, description: one.description, level: one.level, kind: one.how.kind },
    ...{ attack: [...one.attack], tactics, falsePositives: [...one.falsePositives], references: [...one.references] },
    ...{ tests: one.tests.length, notify: one.notify, file: one.file },
    datasets: [...new Set(one.selections.map(({ dataset }) => dataset))],
    groupedBy: [...one.groupedBy],
    allowed: (one.allowed ?? []).map(({ where, by, until, because }) => ({ where, by, until, because })),
    ...(off && { off }),
  };
}
