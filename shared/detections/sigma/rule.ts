/** The documents of Sigma: rules, correlations of rules, and filters, each with what it says under `custom.lake`. */

import { detectionTree } from './detection.ts';
import type { RuleDocument } from './documents.ts';
import { readCorrelation, type Correlation } from './correlation.ts';
import { readLakeBlock, type LakeBlock } from './lake-block.ts';
import type { Lists } from './leaf.ts';
import { RuleRefused } from './refused.ts';
import { isRecord, neededText, textAt, textsAt, type Mapping } from './shape.ts';
import type { Tree } from './tree.ts';

/** How bad it is if it is true. */
export const levels = ['informational', 'low', 'medium', 'high', 'critical'] as const;
/** One of Sigma's levels. */
export type Level = (typeof levels)[number];

/** What every document says of itself. */
export interface RuleHead {
  /** A UUID where the author gave one; else the name, else the file's name. */
  readonly id: string;
  /** What correlations and filters call it by, beside the id. */
  readonly name?: string;
  readonly title: string;
  readonly description: string;
  readonly level: Level;
  readonly status?: string;
  readonly author?: string;
  /** ATT&CK techniques, as `T1110.003`. */
  readonly attack: readonly string[];
  readonly tags: readonly string[];
  readonly falsePositives: readonly string[];
  readonly references: readonly string[];
  readonly document: RuleDocument;
}

/** Which logs a rule is about. */
export interface LogSource {
  readonly product?: string;
  readonly service?: string;
  readonly category?: string;
}

/** One document of a rule file. */
export type SigmaRule =
  | (RuleHead & { readonly kind: 'rule'; readonly logSource: LogSource; readonly tree: Tree; readonly lake: LakeBlock })
  | (RuleHead & { readonly kind: 'correlation'; readonly correlation: Correlation; readonly lake: LakeBlock })
  | (RuleHead & { readonly kind: 'filter'; readonly logSource: LogSource; readonly rules: readonly string[] | 'any'; readonly tree: Tree });

/** @throws RuleRefused at what is wrong; its path is within the document. */
export function readRule(document: RuleDocument, lists: Lists): SigmaRule {
  const { value } = document;
  const head = readHead(document);
  if (isRecord(value.correlation)) {
    return { ...head, kind: 'correlation', correlation: readCorrelation(value.correlation), lake: readLakeBlock(value) };
  }
  if (isRecord(value.filter)) {
    const { rules, ...detection } = value.filter;
    const named = rules === undefined || rules === 'any' ? 'any' : textsAt({ rules }, 'rules', ['filter']);
    return { ...head, kind: 'filter', logSource: readLogSource(value), rules: named, tree: detectionTree(detection, lists, ['filter']) };
  }
  const tree = detectionTree(value.detection, lists, ['detection']);
  return { ...head, kind: 'rule', logSource: readLogSource(value), tree, lake: readLakeBlock(value) };
}

function readHead(document: RuleDocument): RuleHead {
  const { value, file, index } = document;
  const name = textAt(value, 'name', []);
  const stem = (file.split('/').at(-1) ?? file).replace(/\.ya?ml$/, '');
  const level = textAt(value, 'level', []) ?? 'medium';
  if (!isLevel(level)) throw new RuleRefused(`unknown level '${level}'; known are ${levels.join(', ')}`, ['level']);
  const tags = textsAt(value, 'tags', []);
  return {
    id: textAt(value, 'id', []) ?? name ?? (index === 0 ? stem : `${stem}-${String(index + 1)}`),
    ...(name !== undefined && { name }),
    title: neededText(value, 'title', []),
    description: textAt(value, 'description', []) ?? '',
    level,
    ...optional(value, 'status'),
    ...optional(value, 'author'),
    attack: tags.flatMap((tag) => /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1]?.toUpperCase() ?? []),
    tags,
    falsePositives: textsAt(value, 'falsepositives', []),
    references: textsAt(value, 'references', []),
    document,
  };
}

const isLevel = (text: string): text is Level => (levels as readonly string[]).includes(text);

function optional<Key extends 'status' | 'author'>(value: Mapping, key: Key): Partial<Record<Key, string>> {
  const text = value[key];
  return typeof text === 'string' ? ({ [key]: text } as Partial<Record<Key, string>>) : {};
}

function readLogSource(value: Mapping): LogSource {
  const source = value.logsource;
  if (!isRecord(source))
    throw new RuleRefused('the rule has no logsource, such as `product: azure` and `service: signinlogs`', ['logsource']);
  const { product, service, category } = source;
  return Object.fromEntries(
    Object.entries({ product, service, category }).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text.toLowerCase()]] : [])),
  );
}
