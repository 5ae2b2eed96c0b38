/** Switches rules on and off, and allows values of their findings: each change is a new file of switches beside the rules. */

import { UsageError } from '../../local/exit.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import { readSwitches, switchesFile, switchesText, type Allowed, type Switches } from '../../shared/detections/switches.ts';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { iso, type Instant } from '../../shared/domain/window.ts';
import type { AwsChoice } from '../aws/deployment.ts';
import type { LakeChoice } from '../commands/options.ts';
import { addRuleFiles, rulesInForce } from './rules-in-force.ts';

/** Who changes it, when, and why. */
export interface SwitchedBy {
  readonly by: string;
  readonly at: Instant;
  readonly because: string;
}

type Place = LakeChoice & AwsChoice;

/** Switches a rule off: it is not asked from the next job on. @param word Its id, file or title. @throws UsageError where there is no such rule. */
export async function switchOff(place: Place, word: string, { by, at, because }: SwitchedBy): Promise<Detection> {
  return change(place, word, ({ off, allowed }, { id }) => ({
    off: [...off.filter(({ rule }) => rule !== id), { rule: id, by, since: dayOf(at), because }],
    allowed,
  }));
}

/** Switches a rule on again. @throws UsageError where there is no such rule. */
export async function switchOn(place: Place, word: string): Promise<Detection> {
  return change(place, word, ({ off, allowed }, { id }) => ({ off: off.filter(({ rule }) => rule !== id), allowed }));
}

/** Allows values of what a rule groups by, to the end of a day. @throws UsageError where the rule does not group by them. */
export async function allow(
  place: Place,
  word: string,
  { where, until, by, at, because }: SwitchedBy & Pick<Allowed, 'where' | 'until'>,
): Promise<Detection> {
  return change(place, word, ({ off, allowed }, { id, title, groupedBy }) => {
    if (groupedBy.length === 0)
      throw new UsageError(
        `'${title}' finds single records and groups them by nothing: leave some out by a filter (docs/writing-rules.md), or switch it off`,
      );
    for (const name of Object.keys(where)) {
      if (!groupedBy.includes(name)) throw new UsageError(unknownWord('value of its findings', name, groupedBy));
    }
    const entry = { rule: id, by, since: dayOf(at), because, where, until };
    return { off, allowed: [...allowed.filter((one) => !isSame(one, entry)), entry] };
  });
}

/** Takes back what was allowed of a rule: these values, or all of it. @throws UsageError where nothing is. */
export async function disallow(place: Place, word: string, where?: Allowed['where']): Promise<Detection> {
  return change(place, word, ({ off, allowed }, { id, title }) => {
    const kept = allowed.filter((one) => one.rule !== id || (where !== undefined && !isSame(one, { rule: id, where })));
    if (kept.length === allowed.length)
      throw new UsageError(`nothing of the kind is allowed of '${title}': 'lake rules list --json' shows what is`);
    return { off, allowed: kept };
  });
}

/** A rule by its id, its file or its title. @throws UsageError, with the nearest titles. */
function ruleNamed(known: readonly Detection[], word: string): Detection {
  const named = known.filter(({ id, file, title }) => [id, file, file.replace(/\.ya?ml$/, ''), title].includes(word));
  const [only] = named;
  if (named.length > 1)
    throw new UsageError(`'${word}' names ${String(named.length)} rules: give an id: ${named.map(({ id }) => id).join(', ')}`);
  if (!only) {
    throw new UsageError(
      unknownWord(
        'rule',
        word,
        known.map(({ file }) => file.replace(/\.ya?ml$/, '')),
      ),
    );
  }
  return only;
}

async function change(place: Place, word: string, next: (now: Switches, rule: Detection) => Switches): Promise<Detection> {
  const { known, switches, files } = await rulesInForce(place);
  const rule = ruleNamed(known, word);
  const text = switchesText(next(switches, rule));
  const [fault] = readSwitches(text).refusals;
  if (fault) throw new UsageError(fault.message.replace(/; nothing is off.*/, ''));
  const [broken] = readSwitches(files[switchesFile]).refusals;
  if (broken) throw new UsageError(`${switchesFile} beside the rules cannot be read (${broken.message}): mend or remove it first`);
  await addRuleFiles(place, { [switchesFile]: text });
  return rule;
}

const dayOf = (at: Instant): string => iso(at).slice(0, 10);

const isSame = (one: Pick<Allowed, 'rule' | 'where'>, other: Pick<Allowed, 'rule' | 'where'>): boolean =>
  one.rule === other.rule && JSON.stringify(Object.entries(one.where).sort()) === JSON.stringify(Object.entries(other.where).sort());
