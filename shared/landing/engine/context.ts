/** What readers of a record are made with, and what they are. */

import type { Expression, GivenName } from '../../domain/columns.ts';
import type { Value } from './cells.ts';
import type { Engine, Row } from './engine.ts';
import type { Plan } from './plan.ts';

/** What the job gives for all its records. */
export type Givens = Readonly<Record<GivenName, string | number | null>>;

/** What is shared by all readers of one landing. */
export interface LandingContext {
  readonly engine: Engine;
  readonly plan: Plan;
  readonly givens: Givens;
  /** What has been made. */
  readonly readers: Map<Expression, ValueReader>;
  /** What is kept of a row group and stands in no column. */
  readonly hidden: { clear(): void }[];
}

/** Reads an expression's value from a record, or from an element of a list. */
export type ValueReader = (row: Row) => Value;
