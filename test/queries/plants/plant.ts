import type { JsonRecord } from '../records.ts';

/** What is planted for one query, in a tenant of its own: its answer, and what looks like it. */
interface Plant {
  /** Records by log type, in the shape of the API. What the query must not find is among them. */
  readonly records: Readonly<Record<string, readonly JsonRecord[]>>;
  /** Exactly the rows that the query finds, in any order; all columns but tenant_name, times as `at()` gives them. */
  readonly rows: readonly (readonly unknown[])[];
  /** Values of the query's parameters, where they are not the defaults. */
  readonly values?: Readonly<Record<string, string>>;
}

/** By the query's name. */
export type Plants = Readonly<Record<string, Plant>>;
