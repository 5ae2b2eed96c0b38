/** One column, as `lake describe --json` prints it. */
export interface ColumnDescription {
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
  /** Where the value comes from, as JSON paths in a record; by log type where they differ. Empty: this dataset does not say it. */
  readonly source: string;
  readonly example: string;
}
