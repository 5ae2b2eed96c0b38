/**
 * Statements that take rows out of compacted tables in Athena: what expired, a tenant, a person. Each is safe to repeat. A row is gone from
 * S3 once OPTIMIZE has rewritten the files that it was in and VACUUM has removed the older snapshots.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-delete.html
 */

import { personPattern, type Erasure } from './erasure.ts';
import { cutoffOf, latestCutoff, type Cutoffs } from './keeping.ts';
import { literal } from './literal.ts';

/** A compacted table by name, as far as these statements need it. */
export interface DeletableTable {
  readonly compacted: string;
  /** SQL of a row's event day, which the table is partitioned by. */
  readonly eventDay: string;
}

/** Deletes the rows of days that are past; undefined where everything is kept. */
export function expireStatement({ compacted, eventDay }: DeletableTable, cutoffs: Cutoffs): string | undefined {
  const latest = latestCutoff(cutoffs);
  if (latest === undefined) return undefined;
  const before = (cutoff: string | undefined): string[] => (cutoff === undefined ? [] : [`${eventDay} < DATE ${literal(cutoff)}`]);
  const names = [...cutoffs.own.keys()];
  if (names.length === 0) return deleteFrom(compacted, before(cutoffs.usual).join(''));
  const others = before(cutoffs.usual).map((past) => `tenant_name NOT IN (${names.map(literal).join(', ')}) AND ${past}`);
  const own = names.flatMap((name) => before(cutoffOf(cutoffs, name)).map((past) => `tenant_name = ${literal(name)} AND ${past}`));
  // The first condition alone shows the planner which partitions to leave out.
  return deleteFrom(compacted, `${before(latest).join('')} AND (${[...others, ...own].map((one) => `(${one})`).join(' OR ')})`);
}

/** Deletes a tenant's rows, or those of a person's records from a raw table. */
export function eraseStatement({ compacted }: Pick<DeletableTable, 'compacted'>, erasure: Erasure): string {
  return deleteFrom(compacted, conditionOf(erasure));
}

/**
 * Deletes the rows of a normalized table that were derived from a person's records. It comes before {@link eraseStatement} of the raw tables,
 * which identify the records.
 *
 * @param raw Compacted raw tables that the dataset is derived from.
 */
export function eraseDerivedStatement({ compacted }: Pick<DeletableTable, 'compacted'>, raw: readonly string[], erasure: Erasure): string {
  if (erasure.kind === 'tenant') return eraseStatement({ compacted }, erasure);
  const keys = raw.map((table) => `SELECT record_key FROM ${quoted(table)} WHERE ${conditionOf(erasure)}`);
  return deleteFrom(compacted, `record_key IN (${keys.join(' UNION ALL ')})`);
}

/** The landed objects with a person's records, and how many each has: of a table over raw objects. */
export function findObjectsStatement(landed: string, erasure: Extract<Erasure, { kind: 'person' }>): string {
  return `SELECT "$path", count(*) FROM ${quoted(landed)} WHERE ${conditionOf(erasure)} GROUP BY "$path"`;
}

/** How many rows of a person's records a raw table has. */
export function countStatement({ compacted }: Pick<DeletableTable, 'compacted'>, erasure: Extract<Erasure, { kind: 'person' }>): string {
  return `SELECT count(*) FROM ${quoted(compacted)} WHERE ${conditionOf(erasure)}`;
}

function conditionOf(erasure: Erasure): string {
  if (erasure.kind === 'tenant') return `tenant_name = ${literal(erasure.tenant)}`;
  const ofTenant = erasure.tenant === undefined ? '' : ` AND tenant_name = ${literal(erasure.tenant)}`;
  return `regexp_like(raw, ${literal(personPattern(erasure.identifiers))})${ofTenant}`;
}

const deleteFrom = (table: string, condition: string): string => `DELETE FROM ${quoted(table)} WHERE ${condition}`;
const quoted = (name: string): string => `"${name}"`;
