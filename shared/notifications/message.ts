/** What people and machines are sent: one finding, or a digest of many. */

import { createHash } from 'node:crypto';
import type { FindingRow } from '../detections/finding-row.ts';
import { levels } from '../detections/sigma/rule.ts';
import { iso, type Instant } from '../domain/window.ts';

/** A finding as notifications have it, read from its row. */
export interface NotifiedFinding {
  readonly id: string;
  readonly title: string;
  readonly level: string;
  readonly kind: string;
  readonly ruleId: string;
  readonly tenantName: string;
  readonly firstTime: string;
  readonly lastTime: string;
  readonly count: number;
  readonly group: Readonly<Record<string, string>>;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly isIncomplete: boolean;
  /** The whole row, with its JSON columns read. */
  readonly row: Readonly<Record<string, unknown>>;
}

/** One message on one channel. */
export type Message =
  | { readonly kind: 'finding'; readonly id: string; readonly at: Instant; readonly finding: NotifiedFinding }
  | { readonly kind: 'digest'; readonly id: string; readonly at: Instant; readonly findings: readonly NotifiedFinding[] };

/** A finding of the outbox. @param json Its row as JSON. @throws SyntaxError when that is no JSON. */
export function notifiedFinding(json: string): NotifiedFinding {
  const row = JSON.parse(json) as FindingRow;
  const text = (value: FindingRow[keyof FindingRow]): string => (typeof value === 'string' ? value : '');
  const evidence = JSON.parse(text(row.evidence) || '{}') as Readonly<Record<string, unknown>>;
  return {
    id: text(row.finding_id),
    title: text(row.title),
    level: text(row.level),
    kind: text(row.kind),
    ruleId: text(row.rule_id),
    tenantName: text(row.tenant_name),
    firstTime: text(row.first_time),
    lastTime: text(row.event_time),
    count: Number(row.count),
    group: (row.group_values ?? {}) as Readonly<Record<string, string>>,
    evidence,
    isIncomplete: row.is_incomplete === true,
    row: { ...row, evidence, finding_key: JSON.parse(text(row.finding_key) || '[]') },
  };
}

/** Of one finding; its id is the finding's, so that whoever gets it twice knows. */
export const findingMessage = (finding: NotifiedFinding, at: Instant): Message => ({ kind: 'finding', id: finding.id, at, finding });

/** Of several findings; its id is the same for the same findings, in whatever order. */
export function digestMessage(findings: readonly NotifiedFinding[], at: Instant): Message {
  const ids = findings.map(({ id }) => id).sort();
  const id = createHash('sha256').update(JSON.stringify(ids)).digest('hex').slice(0, 32);
  return { kind: 'digest', id, at, findings };
}

/** How often each rule found something, the most severe first. */
export interface RuleCount {
  readonly title: string;
  readonly level: string;
  readonly count: number;
}

/** What a digest says of its findings. */
export function countsByRule(findings: readonly NotifiedFinding[]): readonly RuleCount[] {
  const byRule = Map.groupBy(findings, ({ ruleId }) => ruleId);
  const counts = [...byRule.values()].flatMap((those) => {
    const [first] = those;
    return first ? [{ title: first.title, level: first.level, count: those.length }] : [];
  });
  return counts.sort((a, b) => rank(b.level) - rank(a.level) || b.count - a.count || (a.title < b.title ? -1 : 1));
}

/**
 * What stands in the subject of a mail or the head of a card: titles and levels are the rules', names of tenants are ours. Nothing of a
 * record: subjects are shown on locked phones and kept by every mail server on the way.
 */
export function subject(message: Message): string {
  if (message.kind === 'finding') return `[${message.finding.level}] ${message.finding.title} (${message.finding.tenantName})`;
  const [worst] = countsByRule(message.findings);
  return `[${worst?.level ?? 'informational'}] ${String(message.findings.length)} findings of ${String(countsByRule(message.findings).length)} rules`;
}

/** The message as JSON for machines: texts are as the record has them, and bounded in number alone. */
export function genericJson(message: Message): string {
  const head = { type: message.kind, id: message.id, timestamp: iso(message.at) };
  if (message.kind === 'finding') return JSON.stringify({ ...head, data: message.finding.row });
  const { findings } = message;
  return JSON.stringify({
    ...head,
    data: {
      count: findings.length,
      rules: countsByRule(findings),
      finding_ids: findings.map(({ id }) => id),
      findings: findings.slice(0, mostInDigest).map(({ row }) => row),
    },
  });
}

/** Findings that a digest has whole; of the others it has the ids. */
const mostInDigest = 20;

const rank = (level: string): number => levels.findIndex((one) => one === level);
