import type { CodeBug } from '../../proof/planted-bugs/planted-bug.ts';

/** An adapter, the tests that hold it, and bugs that they have to find. */
export interface PlantedAdapter {
  readonly name: string;
  /** Paths of test files. */
  readonly tests: readonly string[];
  /** Those that hold one file, where that is not all of them: a bug in it is looked for by them alone. */
  readonly testsOf?: Readonly<Record<string, readonly string[]>>;
  readonly bugs: readonly CodeBug[];
}
