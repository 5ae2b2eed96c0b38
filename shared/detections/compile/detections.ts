/** The rules of a set of documents as detections; what is wrong with one refuses that one alone. */

import { createHash } from 'node:crypto';
import type { Detection, DetectionKind, Selection } from '../detection.ts';
import type { RuleDocument } from '../sigma/documents.ts';
import type { Correlation } from '../sigma/correlation.ts';
import type { LakeBlock } from '../sigma/lake-block.ts';
import type { Lists } from '../sigma/leaf.ts';
import { RuleRefused, type Refusal } from '../sigma/refused.ts';
import { readRule, type SigmaRule } from '../sigma/rule.ts';
import { allOf, type Tree } from '../sigma/tree.ts';
import { selectionsOf, type SelectionRequest } from './selections.ts';

/** What a set of documents came to. */
export interface Compiled {
  readonly detections: readonly Detection[];
  readonly refusals: readonly Refusal[];
  /** Rules about logs that are not landed, by title: read, and not evaluated. */
  readonly withoutSource: readonly string[];
}

type BaseRule = Extract<SigmaRule, { kind: 'rule' }>;
type CorrelationRule = Extract<SigmaRule, { kind: 'correlation' }>;
type FilterRule = Extract<SigmaRule, { kind: 'filter' }>;

/** Compiles every rule and correlation. The order of the documents changes nothing but the order of the result. */
export function compileDocuments(documents: readonly RuleDocument[], lists: Lists = new Map()): Compiled {
  const refusals: Refusal[] = [];
  const attempt = <T>(document: RuleDocument, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      refusals.push(refusalOf(document, error));
      return undefined;
    }
  };
  const rules = documents.flatMap((document) => attempt(document, () => readRule(document, lists)) ?? []);
  for (const { document, id } of repeated(rules))
    attempt(document, () => refuse(`the id '${id}' is another rule's as well; each rule has an id of its own`, ['id']));
  const filters = rules.filter((rule) => rule.kind === 'filter');
  const base = rules.filter((rule) => rule.kind === 'rule').map((rule) => ({ ...rule, tree: filtered(rule, filters) }));
  const correlations = rules.filter((rule) => rule.kind === 'correlation');
  const withoutSource: string[] = [];
  const detections = [
    ...base.flatMap((rule) => {
      if (isOnlyPart(rule, correlations)) return [];
      const request = { rule, tree: rule.tree, part: 0 };
      return attempt(rule.document, () => ofRule(rule, request) ?? (withoutSource.push(rule.title), undefined)) ?? [];
    }),
    ...correlations.flatMap(
      (rule) => attempt(rule.document, () => ofCorrelation(rule, base) ?? (withoutSource.push(rule.title), undefined)) ?? [],
    ),
  ];
  return { detections, refusals, withoutSource };
}

/** An error that is no refusal is a bug of ours, and is shown as one: the rule is not taken either way. */
function refusalOf(document: RuleDocument, error: unknown): Refusal {
  const { file, value } = document;
  const { at, message } = error instanceof RuleRefused ? error : { at: [], message: `the rule could not be read: ${String(error)}` };
  const rule = typeof value.title === 'string' ? value.title : undefined;
  return { file, ...document.place(at), message, ...(rule !== undefined && { rule }) };
}

function refuse(message: string, at: readonly string[]): never {
  throw new RuleRefused(message, at);
}

/** Every rule whose id an earlier one has. */
function repeated(rules: readonly SigmaRule[]): SigmaRule[] {
  const seen = new Set<string>();
  return rules.filter(({ id }) => seen.has(id) || !seen.add(id));
}

const isCalled = ({ id, name }: Pick<SigmaRule, 'id' | 'name'>, word: string): boolean => id === word || name === word;

/** A rule that a correlation is about finds nothing by itself, unless the correlation says so. */
function isOnlyPart(rule: BaseRule, correlations: readonly CorrelationRule[]): boolean {
  const about = correlations.filter(({ correlation }) => correlation.rules.some((word) => isCalled(rule, word)));
  return about.length > 0 && !about.some(({ correlation }) => correlation.alsoGenerates);
}

/** The rule's tree, and what every filter that is about it leaves. */
function filtered(rule: BaseRule, filters: readonly FilterRule[]): Tree {
  const own = filters.filter((filter) => {
    if (filter.rules !== 'any') return filter.rules.some((word) => isCalled(rule, word));
    const { product, service, category } = filter.logSource;
    const wants = (wanted: string | undefined, has: string | undefined): boolean => wanted === undefined || wanted === has;
    return wants(product, rule.logSource.product) && wants(service, rule.logSource.service) && wants(category, rule.logSource.category);
  });
  return own.length === 0 ? rule.tree : allOf([rule.tree, ...own.map(({ tree }) => tree)]);
}

/** @returns undefined where nothing that we land is meant. */
function ofRule(rule: BaseRule, request: SelectionRequest): Detection | undefined {
  const { lake } = rule;
  const { special } = lake;
  const groupedBy = special?.kind === 'first-seen' || special?.kind === 'travel' ? special.per : [];
  const values = special?.kind === 'first-seen' ? special.of : special?.kind === 'travel' ? ['latitude', 'longitude'] : [];
  const looksUp = special?.kind === 'indicator' ? special.fields : [];
  const selections = selectionsOf({ ...request, groupedBy, values, looksUp, lake });
  if (!selections) return undefined;
  return detection(rule, lake, { how: kindOf(lake), groupedBy, selections, asks: [rule.logSource, rule.document.value.detection] });
}

function kindOf({ special, every, bucketMs }: LakeBlock): DetectionKind {
  if (special === undefined) return { kind: 'single', every };
  switch (special.kind) {
    case 'first-seen':
      return { kind: 'first-seen', withinDays: special.withinMs / 86_400_000 };
    case 'travel':
      return { ...special, bucketMs: bucketMs ?? bucketOf(special.withinMs) };
    case 'indicator':
      return { kind: 'indicator', every };
    case 'absence':
      return { kind: 'absence', quietMs: special.quietMs };
  }
}

/** Findings of one group are one an hour at most, or one a window where that is longer. */
const bucketOf = (withinMs: number): number => Math.max(withinMs, 3_600_000);

function ofCorrelation(rule: CorrelationRule, base: readonly BaseRule[]): Detection | undefined {
  const { correlation, lake } = rule;
  if (lake.special) refuse(`a correlation cannot be '${lake.special.kind}' as well`, ['custom', 'lake']);
  const parts = correlation.rules.map((word, index) => {
    const found = base.find((one) => isCalled(one, word));
    if (!found) refuse(`the correlation names '${word}', and no rule has this name or id`, ['correlation', 'rules', String(index)]);
    return found;
  });
  const each = parts.map((part, index) => {
    const named = (field: string): string => aliasOf(correlation, field, part);
    const values = 'field' in correlation ? [named(correlation.field)] : [];
    return selectionsOf({ rule: part, tree: part.tree, part: index, groupedBy: correlation.groupBy.map(named), values, looksUp: [], lake });
  });
  if (each.some((selections) => selections === undefined)) return undefined;
  const selections = each.flatMap((one) => one ?? []);
  const asks = [rule.document.value.correlation, ...parts.map((part) => [part.logSource, part.document.value.detection])];
  return detection(rule, lake, { how: correlationKind(correlation, lake), groupedBy: correlation.groupBy, selections, asks });
}

function aliasOf({ aliases }: Correlation, field: string, { id, name }: BaseRule): string {
  const alias = Object.hasOwn(aliases, field) ? aliases[field] : undefined;
  return alias?.[id] ?? (name === undefined ? undefined : alias?.[name]) ?? field;
}

function correlationKind(correlation: Correlation, { bucketMs: declared }: LakeBlock): DetectionKind {
  const { withinMs } = correlation;
  const bucketMs = declared ?? bucketOf(withinMs);
  if (!('least' in correlation)) {
    return { kind: 'sequence', parts: correlation.rules.length, isOrdered: correlation.type === 'temporal_ordered', withinMs, bucketMs };
  }
  const counts = { event_count: 'events', value_count: 'values', value_sum: 'sum' } as const;
  return { kind: 'window', counts: counts[correlation.type], least: correlation.least, withinMs, bucketMs };
}

interface Asked {
  readonly how: DetectionKind;
  readonly groupedBy: readonly string[];
  readonly selections: readonly Selection[];
  /** What the rule's version is made of. */
  readonly asks: unknown;
}

function detection(
  { document, kind: _kind, ...rule }: BaseRule | CorrelationRule,
  lake: LakeBlock,
  { how, groupedBy, selections, asks }: Asked,
): Detection {
  const { id, name, title, description, level, status, author, attack, tags, falsePositives, references } = rule;
  return {
    ...{ id, title, description, level, attack, tags, falsePositives, references, how, groupedBy, selections },
    ...(name !== undefined && { name }),
    ...(status !== undefined && { status }),
    ...(author !== undefined && { author }),
    version: createHash('sha256')
      .update(JSON.stringify([asks, how, groupedBy, lake.allow]))
      .digest('hex')
      .slice(0, 12),
    file: document.file,
    ...(lake.expect !== undefined && { expect: lake.expect }),
    notify: lake.notify,
    unlessCollected: lake.unlessCollected,
    tests: lake.tests,
  };
}
