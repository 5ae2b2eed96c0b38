/** A dataset that is a pure function of landed raw objects: it can be rebuilt at any time without Microsoft. */
export interface NormalizedDataset {
  readonly name: string;
  /** Log types whose raw objects it is derived from. */
  readonly logTypes: readonly string[];
  /**
   * One select over one raw object.
   *
   * @param raw SQL that stands where a table would: the raw object's rows, with the columns of its log type.
   */
  readonly select: (raw: string) => string;
}
