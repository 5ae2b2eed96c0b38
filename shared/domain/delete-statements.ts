/**
 * Statements that take rows out of compacted tables in Athena: what expired, a tenant, a person. Each is safe to repeat. A row is gone from
 * S3 once OPTIMIZE has rewritten the files that it was in and VACUUM has removed the older snapshots.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-delete.html
 */

import type { CompactedTable } from './compacted-table.ts';
import { personPattern, type Erasure } from './erasure.ts';
import { latestCutoff, type Cutoffs } from './keeping.ts';
import { literal } from './literal.ts';

/** A compacted table by name. */
type DeletableTable = Pick<CompactedTable, 'compacted'>;

/**
 * Deletes what happened before the days that are kept: where nobody has days of their own, whole partitions, whose files are not read. What has
 * no event time stays.
 *
 * @throws Where everything is kept: there is nothing to run.
 */
export function expireStatement({ compacted }: DeletableTable, cutoffs: Cutoffs): string {
  const latest = latestCutoff(cutoffs);
  if (latest === undefined) throw new Error(`nothing of ${compacted} expires`);
  // The first condition alone shows the planner which partitions to leave out.
  return deleteFrom(compacted, [happenedBefore(latest), ...ofTenantsPast(cutoffs)].join(' AND '));
}

/** Whose rows before their own day go; nothing where there is one day for all. */
function ofTenantsPast({ usual, own }: Cutoffs): string[] {
  if (own.size === 0) return [];
  const list = (names: readonly string[]): string => names.map(literal).join(', ');
  const others = usual === undefined ? [] : [`(tenant_name NOT IN (${list([...own.keys()])}) AND ${happenedBefore(usual)})`];
  const byDay = Map.groupBy(own.keys(), (name) => own.get(name));
  const ofOwn = [...byDay].flatMap(([day, names]) => {
    return day === undefined ? [] : [`(tenant_name IN (${list(names)}) AND ${happenedBefore(day)})`];
  });
  return [`(${[...others, ...ofOwn].join(' OR ')})`];
}

const happenedBefore = (day: string): string => `event_time < TIMESTAMP ${literal(`${day} 00:00:00`)}`;

/** Deletes a tenant's rows, or those of a person's records from a raw table. */
export function eraseStatement({ compacted }: DeletableTable, erasure: Erasure): string {
  return deleteFrom(compacted, conditionOf(erasure));
}

/**
 * Deletes the rows of a normalized table that were derived from a person's records. It comes before {@link eraseStatement} of the raw tables,
 * which identify the records.
 *
 * @param raw Compacted raw tables that the dataset is derived from.
 */
export function eraseDerivedStatement({ compacted }: DeletableTable, raw: readonly string[], erasure: Erasure): string {
  if (erasure.kind === 'tenant') return eraseStatement({ compacted }, erasure);
  const keys = raw.map((table) => `SELECT record_key FROM ${quoted(table)} WHERE ${conditionOf(erasure)}`);
  return deleteFrom(compacted, `record_key IN (${keys.join(' UNION ALL ')})`);
}

/** The landed objects with a person's records, and how many each has: of a table over raw objects. */
export function findObjectsStatement(landed: string, erasure: Extract<Erasure, { kind: 'person' }>): string {
  return `SELECT "$path", count(*) FROM ${quoted(landed)} WHERE ${conditionOf(erasure)} GROUP BY "$path"`;
}

/** How many rows of a person's records a raw table has. */
export function countStatement({ compacted }: DeletableTable, erasure: Extract<Erasure, { kind: 'person' }>): string {
  return `SELECT count(*) FROM ${quoted(compacted)} WHERE ${conditionOf(erasure)}`;
}

function conditionOf(erasure: Erasure): string {
  if (erasure.kind === 'tenant') return `tenant_name = ${literal(erasure.tenant)}`;
  const ofTenant = erasure.tenant === undefined ? '' : ` AND tenant_name = ${literal(erasure.tenant)}`;
  return `regexp_like(raw, ${literal(personPattern(erasure.identifiers))})${ofTenant}`;
}

const deleteFrom = (table: string, condition: string): string => `DELETE FROM ${quoted(table)} WHERE ${condition}`;
const quoted = (name: string): string => `"${name}"`;
