/** Which landed objects of a deployment may have a value of a list: asked of Athena, so that no other object has to be fetched. */

import { conditionOf } from '../../shared/detections/compile/sql.ts';
import { trino } from '../../shared/detections/compile/dialect.ts';
import type { BoundTree } from '../../shared/detections/compile/bound.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import type { IndicatorEntry } from '../../shared/detections/indicator-lists/entry.ts';
import { indicatorKey } from '../../shared/detections/indicator-lists/keys.ts';
import { any } from '../../shared/detections/sigma/tree.ts';
import { literal } from '../../shared/domain/literal.ts';
import { utcDate, type Instant } from '../../shared/domain/window.ts';
import { allRows, textOf, type Asking } from '../../shared/ports/asking.ts';

/** Athena takes 256 KB: what is longer is not asked, and every object is looked at. */
const longestStatement = 200_000;

/**
 * A statement a dataset, which answers with `"$path"` of objects; more than match, never fewer. Undefined where a value cannot be asked for
 * in SQL (a range of addresses, an address of IPv6, an international name), or where they are too many.
 */
export function statementsFor(
  detections: readonly Detection[],
  entries: readonly Pick<IndicatorEntry, 'type' | 'value'>[],
  since: Instant,
): readonly string[] | undefined {
  const texts = entries.map(({ type, value }) => ({ type, text: containedText(type, value) }));
  if (texts.some(({ text }) => text === undefined)) return undefined;
  const byDataset = new Map<string, string[]>();
  for (const { selections } of detections) {
    for (const { dataset, tree, looksUp } of selections) {
      const leaves = looksUp.flatMap(({ type, places }) =>
        texts.flatMap((one): BoundTree[] =>
          one.type === type && one.text !== undefined
            ? [{ kind: 'leaf', places, test: { op: 'text', parts: [any, one.text, any], isCased: false } }]
            : [],
        ),
      );
      const condition = conditionOf({ kind: 'and', of: [tree, { kind: 'or', of: leaves }] }, trino);
      if (leaves.length > 0) byDataset.set(dataset, [...(byDataset.get(dataset) ?? []), condition]);
    }
  }
  const statements = [...byDataset].map(
    ([dataset, conditions]) =>
      `SELECT DISTINCT "$path" AS object FROM "${dataset}" WHERE dt >= ${literal(utcDate(since))} AND (${conditions.join(' OR ')})`,
  );
  return statements.some(({ length }) => length > longestStatement) ? undefined : statements;
}

/** What stands in every record that has the value, in any case. */
function containedText(type: IndicatorEntry['type'], value: string): string | undefined {
  const key = indicatorKey(type, value);
  if (type === 'ip') return /^\d+\.\d+\.\d+\.\d+$/.test(value.trim()) ? value.trim() : undefined;
  const text = key?.slice(type.length + 1) ?? '';
  const found = type === 'url' ? text.split(/[/:?]/)[0] : text;
  return found === undefined || found === '' || found.includes('xn--') ? undefined : found;
}

/** The keys of those objects; undefined where all have to be looked at. */
export async function matchingObjects(asking: Asking, statements: readonly string[] | undefined): Promise<ReadonlySet<string> | undefined> {
  if (!statements) return undefined;
  const keys = new Set<string>();
  for (const sql of statements) {
    const answer = await asking.ask({ sql, values: {} });
    for (const [path] of await allRows(answer)) keys.add(textOf(path).replace(/^s3:\/\/[^/]+\//, ''));
  }
  return keys;
}
