import type { JsonRecord } from '../records.ts';

/** What is planted for one query, in a tenant of its own: its answer, and what looks like it. */
interface Plant extends Planted {
  /** The same for a tenant that collects the Management Activity API alone. */
  readonly managementOnly?: Planted;
  /** Values of the query's parameters, where they are not the defaults. */
  readonly values?: Readonly<Record<string, string>>;
}

/** Records, and the rows that a query finds among them. */
export interface Planted {
  /** Records by log type, in the shape of the API. What the query must not find is among them. */
  readonly records: Readonly<Record<string, readonly JsonRecord[]>>;
  /** Exactly the rows that the query finds, in any order; all columns but tenant_name, times as `at()` gives them. */
  readonly rows: readonly (readonly unknown[])[];
}

/** By the query's name. */
export type Plants = Readonly<Record<string, Plant>>;
