/** A small change of an adapter's code that breaks its contract. */
export interface AdapterBug {
  readonly name: string;
  /** Text that is in its file exactly once, where lines break does not matter, and what stands there instead. */
  readonly edits: readonly { readonly file: string; readonly from: string; readonly to: string }[];
}

/** An adapter, the tests that hold it, and bugs that they have to find. */
export interface PlantedAdapter {
  readonly name: string;
  /** Paths of test files. */
  readonly tests: readonly string[];
  readonly bugs: readonly AdapterBug[];
}
