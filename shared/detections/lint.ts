/** What a rule lacks before it may notify anybody. */

import { isLogTypeId } from '../log-types/index.ts';
import { unknownWord } from '../domain/nearest.ts';
import { logTypes } from '../log-types/index.ts';
import type { Detection } from './detection.ts';

/** Why nobody is notified of what a rule finds, though it lands; undefined where people are. Rules are silent until somebody has shown that they work. */
export function silentBecause({ notify, tests }: Pick<Detection, 'notify' | 'tests'>): string | undefined {
  if (!notify) return 'the rule says so';
  if (!tests.some(({ findings }) => findings > 0)) return 'it has no test that finds something';
  return undefined;
}

/** What is missing of a rule that is to be relied on: one sentence each, empty where nothing is. */
export function complaintsAbout(detection: Detection): readonly string[] {
  const { description, falsePositives, attack, expect, tests, id, unlessCollected } = detection;
  const logTypesNamed = [...tests.flatMap(({ records }) => records.map(({ logType }) => logType)), ...unlessCollected];
  const missing: readonly (readonly [boolean, string])[] = [
    [!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id), `'id' is '${id}'; give it a UUID, which stays when it is renamed`],
    [description === '', "'description' is missing: say what it means, and what to look at next"],
    [falsePositives.length === 0, "'falsepositives' is missing: say who does this without harm"],
    [attack.length === 0, "'tags' has no technique of ATT&CK, such as attack.t1110.003"],
    [expect === undefined, "'custom.lake.expect' is missing: how many findings a day are usual, at most"],
    [!tests.some(({ findings }) => findings > 0), "'custom.lake.tests' has no test that finds something"],
    [!tests.some(({ findings }) => findings === 0), "'custom.lake.tests' has no test of what looks like it and is not"],
    ...logTypesNamed.map((name): readonly [boolean, string] => [
      !isLogTypeId(name),
      unknownWord(
        'log type',
        name,
        logTypes.map((logType) => logType.id),
      ),
    ]),
  ];
  return missing.filter(([isMissing]) => isMissing).map(([, complaint]) => complaint);
}
