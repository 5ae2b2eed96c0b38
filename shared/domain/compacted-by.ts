/** How compacted tables are laid out. */

import type { CompactedTable } from './compacted-table.ts';

/** `tenant-and-day`: a day's rows lie in groups of tenants, so that a query of one tenant opens the files of its group alone. */
export const layouts = ['day', 'tenant-and-day'] as const;
/** A layout by its name, see the setting `compactedBy`. */
export type CompactedBy = (typeof layouts)[number];

/** Tenants of a day are in so many groups: each tenant by itself would be more partitions than a statement may write. */
const groupsOfTenants = 16;

/** The partition fields of a table, as CREATE TABLE has them. */
export function partitionFields({ columns }: Pick<CompactedTable, 'columns'>, by: CompactedBy): string {
  if (by === 'day') return 'day(event_time)';
  const tenant = columns.some(({ name }) => name === 'tenant_id') ? 'tenant_id' : 'tenant_name';
  return `day(event_time), bucket(${String(groupsOfTenants)}, ${tenant})`;
}

/**
 * Athena opens a writer for each partition and refuses more than a hundred; it was seen to fail near half of that.
 *
 * @see https://github.com/aws/aws-sdk-pandas/issues/3222
 */
const mostPartitions = 40;

/** Event days that one statement can write. */
export const mostDaysOfSlice = (by: CompactedBy): number => (by === 'day' ? mostPartitions : Math.floor(mostPartitions / groupsOfTenants));
