/** SigmaHQ's regression events (JSON beside its recordings), each against the rule that it was recorded for. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bind } from '../../shared/detections/compile/bound.ts';
import { predicateOf } from '../../shared/detections/compile/predicate.ts';
import type { Row, Value } from '../../shared/detections/compile/row.ts';
import type { RuleDocument } from '../../shared/detections/sigma/documents.ts';
import { readRule } from '../../shared/detections/sigma/rule.ts';

/** What the events came to. */
export interface Regression {
  readonly events: number;
  /** Files with no event that matches. */
  readonly missed: readonly string[];
}

/** A file of events is named by its rule's id. They are of Windows and have no columns of ours: each name in them is a column. */
export async function regressionOf(folder: string, documents: readonly RuleDocument[]): Promise<Regression> {
  const byId = new Map(documents.map((document) => [String(document.value.id), document]));
  const entries = await readdir(join(folder, 'regression_data'), { recursive: true, withFileTypes: true }).catch(() => []);
  const missed: string[] = [];
  let events = 0;
  for (const entry of entries) {
    const document = entry.name.endsWith('.json') ? byId.get(entry.name.replace(/\.json$/, '')) : undefined;
    if (!document) continue;
    const rows = rowsOf(await readFile(join(entry.parentPath, entry.name), 'utf8'));
    events += 1;
    if (!rows.some(matcherOf(document))) missed.push(`${document.file}: none of ${String(rows.length)} events`);
  }
  return { events, missed };
}

function matcherOf(document: RuleDocument): (row: Row) => boolean {
  const rule = readRule(document, new Map());
  if (rule.kind === 'correlation') return () => false;
  const places = (field: string | undefined) => [{ kind: 'texts', column: (field ?? 'raw').toLowerCase() } as const];
  return predicateOf(bind(rule.tree, places));
}

/** One object, a list of them, or several one after another. */
function rowsOf(text: string): Row[] {
  const trimmed = text.trim();
  const records: unknown[] = trimmed.startsWith('[')
    ? (JSON.parse(trimmed) as unknown[])
    : trimmed.split(/\n(?=\{)/).map((one): unknown => JSON.parse(one));
  return records.map((record) => {
    const row: Record<string, Value[]> = { raw: [JSON.stringify(record)] };
    collect(record, '', row);
    return row;
  });
}

/** Every text, number and truth value under its own name; what has attributes under its name as well. */
function collect(value: unknown, name: string, row: Record<string, Value[]>): void {
  if (Array.isArray(value)) for (const one of value) collect(one, name, row);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      collect(inner, key.startsWith('#') ? name : key, row);
      if (name === 'Provider' && key === '#attributes') collect((inner as { Name?: unknown }).Name, 'Provider_Name', row);
    }
  } else if (value !== null && value !== undefined) (row[name.toLowerCase()] ??= []).push(value as Value);
}
