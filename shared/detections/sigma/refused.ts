/** Why a rule is not taken: where in its file, what is wrong, and what to do. */

/** Where something stands in a rule: keys and indexes from its root. */
export type RulePath = readonly (string | number)[];

/** A rule, or a part of it, that is not taken. */
export class RuleRefused extends Error {
  override readonly name = 'RuleRefused';
  readonly at: RulePath;

  /** @param message What is wrong, the value got, and what is allowed. */
  constructor(message: string, at: RulePath = []) {
    super(message);
    this.at = at;
  }
}

/** A refusal as people read it, with its place. */
export interface Refusal {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** Title or name of the rule, where it has one. */
  readonly rule?: string;
}

/** @example `rules/spray.yml:12:5: unknown field 'usrName'; did you mean ...` */
export const refusalText = ({ file, line, column, message }: Refusal): string => `${file}:${String(line)}:${String(column)}: ${message}`;
