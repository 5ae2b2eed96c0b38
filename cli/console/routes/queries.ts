import type { AnswerOf } from '../../../console/api/routes.ts';
import { queryLibrary } from '../../../queries/library.ts';
import type { Backend } from '../backend.ts';

/** The query library. */
export function queries(_: Backend): Promise<AnswerOf<'queries'>> {
  const all = queryLibrary().map(({ name, title, question, topic, attack, parameters, columns }) => ({
    ...{ name, title, question, topic, attack: [...attack] },
    ...{ parameters: [...parameters], columns: [...columns] },
  }));
  return Promise.resolve({ queries: all });
}
