/** What is watched, and how loud it is. */

import type { AnswerOf, RequestOf, Rule } from '../../../console/api/routes.ts';
import { findingsView } from '../../../shared/datasets/findings.ts';
import type { Detection } from '../../../shared/detections/detection.ts';
import { refusalLines, type RuleSet } from '../../../shared/detections/rule-set.ts';
import { days } from '../../../shared/domain/window.ts';
import { allRows, textOf } from '../../../shared/ports/asking.ts';
import { dialectOf } from '../../asking/dialect.ts';
import { namedRules, rulesOfLake } from '../../rules/rule-files.ts';
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

/** The rules of the lake; of a deployment our own. Compiled once a session. */
export async function rulesAt({ lake }: Pick<Backend, 'lake'>): Promise<{ rules: Rule[]; faults: string[] }> {
  const key = lake ?? '';
  const set = compiled.get(key) ?? (lake === undefined ? namedRules([]) : rulesOfLake(lake));
  compiled.set(key, set);
  const read = await set;
  return { rules: read.detections.map(ruleOf), faults: [...refusalLines(read)] };
}

function ruleOf(one: Detection): Rule {
  const tactics = one.tags.flatMap((tag) => /^attack\.([a-z][a-z_-]+)$/.exec(tag)?.[1]?.replaceAll('_', '-') ?? []);
  return {
    ...{ id: one.id, title: one.title, description: one.description, level: one.level, kind: one.how.kind },
    ...{ attack: [...one.attack], tactics, falsePositives: [...one.falsePositives], references: [...one.references] },
    ...{ tests: one.tests.length, notify: one.notify, file: one.file },
    datasets: [...new Set(one.selections.map(({ dataset }) => dataset))],
  };
}
