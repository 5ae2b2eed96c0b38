import type { Refusal } from '../ports/microsoft.ts';

/** What one code or status means: a row of the tables of errors. */
export interface ErrorRow {
  readonly kind: Refusal['kind'];
  /** What is wrong, in a sentence without secrets; follows the name of the tenant in logs and status. */
  readonly message: string;
  /** Empty where retrying is all there is to do. */
  readonly cure: string;
  /** What the token lacks is worth naming. */
  readonly isAboutPermission?: boolean;
}
