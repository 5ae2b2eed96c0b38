/** Every rule of a folder, read and compiled; nothing is taken over. */

import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { compileDocuments } from '../../shared/detections/compile/detections.ts';
import { readDocuments, type RuleDocument } from '../../shared/detections/sigma/documents.ts';
import { refusalText, type Refusal } from '../../shared/detections/sigma/refused.ts';
import { isRecord } from '../../shared/detections/sigma/shape.ts';
import { regressionOf } from './regression.ts';

/** @returns The exit code: 1 where fewer than 98 of 100 files compile, or more than 5 of 100 files of events do not match their rule. */
export async function runRulesTry([folder, ...more]: readonly string[]): Promise<number> {
  if (folder === undefined) {
    process.stderr.write('usage: npm run rules:try -- FOLDER [--all]\n');
    return 2;
  }
  const files = await ruleFiles(folder);
  const read = await Promise.all(files.map(async (file) => readDocuments(relative(folder, file), await readFile(file, 'utf8'))));
  const documents = read.flatMap((one) => one.documents).filter(isRule);
  const { detections, refusals, withoutSource } = compileDocuments(documents);
  const all = [...read.flatMap((one) => one.refusals), ...refusals];
  const refused = new Set(all.map(({ file }) => file));
  const share = 1 - refused.size / files.length;
  for (const refusal of more.includes('--all') ? all : []) process.stdout.write(`${refusalText(refusal)}\n`);
  process.stdout.write(
    `${String(files.length)} files, ${String(documents.length)} rules: ${String(files.length - refused.size)} files compile (${(100 * share).toFixed(2)} %), ` +
      `${String(detections.length)} rules have logs of ours, ${String(withoutSource.length)} have none\n`,
  );
  for (const [reason, count] of reasons(all)) process.stdout.write(`${String(count).padStart(6)}  ${reason}\n`);
  const { events, missed } = await regressionOf(folder, documents);
  process.stdout.write(`${String(events)} files of regression events, ${String(missed.length)} without one that matches its rule\n`);
  for (const one of missed) process.stdout.write(`        ${one}\n`);
  return share >= 0.98 && missed.length <= events * 0.05 ? 0 : 1;
}

const isRule = ({ value }: RuleDocument): boolean => isRecord(value.detection) || isRecord(value.correlation) || isRecord(value.filter);

/** Folders of rules: whatever is not test data. */
async function ruleFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => relative(folder, file).startsWith('rules'))
    .sort();
}

/** What was refused, without the words of the single rule, the most frequent first. */
function reasons(refusals: readonly Refusal[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { message } of refusals) {
    const reason = message.replaceAll(/'[^']*'/g, "'…'");
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}
