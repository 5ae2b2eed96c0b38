/** A text that holds a record, or something around one, and what is known of it by what was around it. */
export interface Content {
  readonly text: string;
  /** What its keeper calls its kind. */
  readonly elsewhere?: string;
  /** The keeper is sure of it: where no log type goes by that name, it is no record of any. */
  readonly isSure?: true;
  /** The tenant, where the record itself does not name it. */
  readonly organization?: unknown;
}
