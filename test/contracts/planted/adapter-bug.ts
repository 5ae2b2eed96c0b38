import type { CodeBug } from '../../proof/planted-bugs/planted-bug.ts';

/** An adapter, the tests that hold it, and bugs that they have to find. */
export interface PlantedAdapter {
  readonly name: string;
  /** Paths of test files. */
  readonly tests: readonly string[];
  readonly bugs: readonly CodeBug[];
}
