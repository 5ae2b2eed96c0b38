/** When a rule finds something, in a sentence: what is counted, within how long, of whom. */

import { ruleLibrary } from '../../rules/library.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import { readDocuments } from '../../shared/detections/sigma/documents.ts';
import { readRule, type SigmaRule } from '../../shared/detections/sigma/rule.ts';

/** The documents of the library by id: their fields under the names that the rules have for them. */
export function rulesAsWritten(): ReadonlyMap<string, SigmaRule> {
  const documents = Object.entries(ruleLibrary()).flatMap(([name, text]) => readDocuments(name, text).documents);
  return new Map(documents.map((document) => [document.value.id as string, readRule(document, new Map())]));
}

/** One sentence without a full stop. @param written The rule's document; without it, fields are not named. */
export function whenFound({ how, groupedBy }: Detection, written: SigmaRule | undefined): string {
  const of = groupedBy.length === 0 ? '' : ` of one ${named(groupedBy)}`;
  switch (how.kind) {
    case 'single':
      return 'each record that matches';
    case 'window':
      return `${String(how.least)} ${countedOf(written)}${of} within ${span(how.withinMs)}; once in ${span(how.bucketMs)}`;
    case 'sequence':
      return `${rulesOf(written).join(how.isOrdered ? ', then ' : ' and ')}${of} within ${span(how.withinMs)}; once in ${span(how.bucketMs)}`;
    case 'first-seen':
      return `a ${named(newOf(written))}${of} for the first time in ${String(how.withinDays)} days`;
    case 'travel':
      return `two places${of} more than ${String(how.km)} km apart and faster than ${String(how.kmPerHour)} km/h, within ${span(how.withinMs)}; once in ${span(how.bucketMs)}`;
    case 'indicator':
      return `each record that has an indicator in ${lookedUpIn(written)}`;
    case 'absence':
      return `no record for ${span(how.quietMs)} after there were some, in a stream that is complete`;
  }
}

const named = (fields: readonly string[]): string => fields.map((field) => `\`${field}\``).join(' and ');

function countedOf(rule: SigmaRule | undefined): string {
  if (rule?.kind !== 'correlation' || !('field' in rule.correlation)) return 'records';
  const { type, field } = rule.correlation;
  return type === 'value_count' ? `different \`${field}\`` : `as the sum of \`${field}\``;
}

const rulesOf = (rule: SigmaRule | undefined): readonly string[] => (rule?.kind === 'correlation' ? rule.correlation.rules : []);

function newOf(rule: SigmaRule | undefined): readonly string[] {
  const special = rule?.kind === 'rule' ? rule.lake.special : undefined;
  return special?.kind === 'first-seen' ? special.of : [];
}

function lookedUpIn(rule: SigmaRule | undefined): string {
  const special = rule?.kind === 'rule' ? rule.lake.special : undefined;
  return special?.kind === 'indicator' ? special.fields.map(({ field, type }) => `\`${field}\` (${type})`).join(', ') : 'it';
}

/** `90 min`, `6 h`, `2 days`: the largest unit that it is whole in, up to two of it. */
function span(ms: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['days', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
  ];
  const [unit, size] = units.find(([unit, size]) => ms % size === 0 && (unit !== 'days' || ms > size)) ?? ['s', 1000];
  return `${String(ms / size)} ${unit}`;
}
