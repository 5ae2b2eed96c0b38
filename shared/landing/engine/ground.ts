/** What readers of a record are made with, and what they are. */

import type { Expression, GivenName } from '../../domain/columns.ts';
import type { Value } from './cells.ts';
import type { Engine, Row } from './engine.ts';
import type { Plan } from './plan.ts';

/** What the job says of its records. */
export type Givens = Readonly<Record<GivenName, string | number | null>>;

export interface Ground {
  readonly engine: Engine;
  readonly plan: Plan;
  readonly givens: Givens;
  /** What has been made. */
  readonly readers: Map<Expression, ValueReader>;
  /** What is kept of a row group and stands in no column. */
  readonly hidden: { clear(): void }[];
}

export type ValueReader = (row: Row) => Value;
