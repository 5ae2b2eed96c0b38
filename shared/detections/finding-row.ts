/** A finding as a row of its dataset. */

import type { FindingColumnName } from '../datasets/findings.ts';
import { literal } from '../domain/literal.ts';
import { viewName } from '../domain/views.ts';
import { iso, type Instant } from '../domain/window.ts';
import { hasVersions } from './evaluate/findings.ts';
import type { Finding } from './finding.ts';

/** What a column holds, as JSON has it; times are ISO texts. */
export type FindingRow = Readonly<
  Record<FindingColumnName, string | number | boolean | readonly string[] | Readonly<Record<string, string>> | null>
>;

/** What a row says beside the finding. */
export interface FindingContext {
  readonly tenantName: string;
  readonly cloud: string;
  readonly foundAt: Instant;
  /** Key of the raw object. */
  readonly object: string;
  readonly isIncomplete: boolean;
  readonly quietBecause?: string;
}

/** The row of a finding. */
export function findingRow(finding: Finding, context: FindingContext): FindingRow {
  const { firstTime, lastTime, kind, key, group, count, records, datasets, state, evidence, attack } = finding;
  return {
    ...stateless,
    finding_id: finding.id,
    event_time: iso(lastTime),
    first_time: iso(firstTime),
    ...{ title: finding.title, level: finding.level, state, kind, attack, count, datasets },
    rule_id: finding.ruleId,
    rule_version: finding.ruleVersion,
    tenant_id: finding.tenantId,
    tenant_name: context.tenantName,
    cloud: context.cloud,
    group_values: group,
    record_keys: records,
    evidence: JSON.stringify(evidence),
    query: queryOf(finding),
    is_incomplete: context.isIncomplete,
    quiet_because: context.quietBecause ?? null,
    finding_key: JSON.stringify(key),
    found_at: iso(context.foundAt),
    object: context.object,
  };
}

const stateless = { because: null, set_by: null } as const;

/** What somebody made of a finding: a row beside it, with the same id. */
export function stateRow(
  finding: FindingRow,
  set: { readonly state: 'acknowledged' | 'closed' | 'new'; readonly because: string; readonly by: string; readonly at: Instant },
): FindingRow {
  return { ...finding, state: set.state, because: set.because, set_by: set.by, found_at: iso(set.at), object: null };
}

/** SQL that selects the records of a finding, for DuckDB and Athena alike. */
function queryOf({ datasets, records, tenantId, firstTime, lastTime }: Finding): string {
  const list = records.map(literal).join(', ');
  return datasets
    .map((dataset) => {
      const column = hasVersions(dataset) ? 'record_id' : 'record_key';
      const times = `event_time BETWEEN TIMESTAMP ${literal(sqlTime(firstTime))} AND TIMESTAMP ${literal(sqlTime(lastTime))}`;
      return `SELECT * FROM ${viewName(dataset)} WHERE tenant_id = ${literal(tenantId)} AND ${times} AND ${column} IN (${list})`;
    })
    .join(';\n');
}

const sqlTime = (time: Instant): string => iso(time).replace('T', ' ').replace('Z', '');
