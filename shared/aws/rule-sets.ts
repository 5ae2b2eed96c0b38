/** Which rules are in force in a deployment, and those that a job names. */

import { ruleSetFromJson, ruleSetHash, ruleSetOf, type RuleFiles, type RuleSet } from '../detections/rule-set.ts';
import { minutes, type Instant } from '../domain/window.ts';
import type { Clock } from '../ports/clock.ts';
import type { RuleSets } from '../ports/detecting.ts';
import { addedRules, storedRuleSet, storeRuleSet, type RulePlace } from './rule-objects.ts';

/** What people add counts from then on. */
const lookAgainMs = minutes(10);

/**
 * The hash of the rules in force, for those who make jobs: our own and what people have added. The set is stored before it is named, so
 * that a worker of another version finds it.
 *
 * @param library Our own rules, as they were bundled with the functions.
 */
export function openRulesInForce(place: RulePlace, library: RuleFiles, clock: Pick<Clock, 'now'>): () => Promise<string> {
  let known: { readonly hash: string; readonly at: Instant } | undefined;
  return async () => {
    const now = clock.now();
    if (known && now - known.at < lookAgainMs) return known.hash;
    const files = { ...library, ...(await addedRules(place)) };
    const hash = ruleSetHash(files);
    if (known?.hash !== hash) await storeRuleSet(place, files);
    known = { hash, at: now };
    return hash;
  };
}

/** Sets by their hashes, compiled once in a process. A set that is nowhere was of a lake that was emptied: today's own rules are asked then. */
export function openRuleSets(place: RulePlace, library: RuleFiles): RuleSets {
  const known = new Map<string, Promise<RuleSet>>();
  const own = ruleSetHash(library);
  const libraryAlone = (): Promise<RuleSet> => remembered(own, () => Promise.resolve(ruleSetOf(library)));
  const remembered = (hash: string, make: () => Promise<RuleSet>): Promise<RuleSet> => {
    const set = known.get(hash) ?? make();
    known.set(hash, set);
    // A set that could not be read is asked for again.
    set.catch(() => known.delete(hash));
    return set;
  };
  const stored = async (hash: string): Promise<RuleSet> => {
    const text = await storedRuleSet(place, hash);
    return text === undefined ? libraryAlone() : ruleSetFromJson(text, hash);
  };
  return {
    read: (hash = own) => (hash === own ? libraryAlone() : remembered(hash, () => stored(hash))),
    current: () => Promise.resolve(own),
  };
}
