/** The window of a query as SQL, for DuckDB and for Athena's engine alike. */

import { iso, type Instant } from '../shared/domain/window.ts';

/** A timestamp without zone, in UTC; to the millisecond, which is what Athena's tables hold. */
export function timestampSql(instant: Instant): string {
  return `TIMESTAMP '${iso(instant).replace('T', ' ').replace('Z', '')}'`;
}
