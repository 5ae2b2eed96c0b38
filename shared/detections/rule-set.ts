/** A set of rules as one value: the files as they were written, and the hash by which a job names them. */

import { createHash } from 'node:crypto';
import { compileDocuments } from './compile/detections.ts';
import type { Detection } from './detection.ts';
import { readDocuments } from './sigma/documents.ts';
import type { Lists } from './sigma/leaf.ts';
import { refusalText, type Refusal } from './sigma/refused.ts';
import { readSwitches, switched, switchesFile, type Switches } from './switches.ts';

/** Files by name, relative to the folder of rules: `spray.yml`, and lists of placeholders as `lists/admins.txt`. */
export type RuleFiles = Readonly<Record<string, string>>;

/** Rules that are evaluated together. */
export interface RuleSet {
  /** 32 hex digits, of the files alone: the same files are the same set, wherever and whenever. */
  readonly hash: string;
  readonly files: RuleFiles;
  /** Those that are on, each with what is allowed of it. */
  readonly detections: readonly Detection[];
  /** All that compile, those that are off included. */
  readonly known: readonly Detection[];
  readonly switches: Switches;
  readonly refusals: readonly Refusal[];
  readonly withoutSource: readonly string[];
}

/** Compiles the files. What is wrong with one rule refuses that rule alone. */
export function ruleSetOf(files: RuleFiles): RuleSet {
  const names = Object.keys(files).sort();
  const read = names.filter((name) => /\.ya?ml$/.test(name)).map((name) => readDocuments(name, files[name] ?? ''));
  const documents = read.flatMap((one) => one.documents);
  const compiled = compileDocuments(documents, listsOf(files));
  const { switches, refusals } = readSwitches(files[switchesFile]);
  return {
    hash: ruleSetHash(files),
    files,
    detections: switched(compiled.detections, switches),
    known: compiled.detections,
    switches,
    refusals: [...read.flatMap((one) => one.refusals), ...compiled.refusals, ...refusals],
    withoutSource: compiled.withoutSource,
  };
}

/** The hash of the set of these files, which needs no compiler. */
export function ruleSetHash(files: RuleFiles): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(files).sort()) hash.update(`${JSON.stringify([name, files[name]])}\n`);
  return hash.digest('hex').slice(0, 32);
}

/** The rule set as the object `rules/<hash>.json`. */
export const ruleSetToJson = ({ files }: Pick<RuleSet, 'files'>): string => JSON.stringify({ files });

/** @throws When the text is no rule set, or one of another hash: the object was changed. */
export function ruleSetFromJson(text: string, hash: string): RuleSet {
  const { files } = JSON.parse(text) as { readonly files: RuleFiles };
  const set = ruleSetOf(files);
  if (set.hash !== hash) throw new Error(`the rule set '${hash}' has files of the hash '${set.hash}': it was changed after it was written`);
  return set;
}

/** The complaints about a set of rules, a line each. */
export const refusalLines = ({ refusals }: Pick<RuleSet, 'refusals'>): readonly string[] => refusals.map(refusalText);

/** `lists/<name>.txt`, in whatever folder: a value a line; empty lines and lines that begin with `#` are left out. */
function listsOf(files: RuleFiles): Lists {
  return new Map(
    Object.entries(files).flatMap(([name, text]) => {
      const list = /(?:^|\/)lists\/([^/]+)\.txt$/.exec(name)?.[1];
      const values = text.split(/\r?\n/).map((line) => line.trim());
      return list === undefined ? [] : [[list, values.filter((value) => value !== '' && !value.startsWith('#'))] as const];
    }),
  );
}
