/**
 * What people have switched off and allowed: one file of a rule set, so that a job is evaluated with what counted when it was made.
 *
 * A rule that is off is not asked. What is allowed is found and landed all the same, and nobody is notified of it: the finding says who
 * allowed it, until when and why.
 */

import { z } from 'zod';
import { days, type Instant } from '../domain/window.ts';
import type { Refusal } from './sigma/refused.ts';

/** The name of the file, beside the rules. */
export const switchesFile = 'switches.json';

/** The longest that anything is allowed, in days: somebody looks at it again once a year. */
const longestDays = 366;

const reason = {
  rule: z.string().min(1).max(200),
  by: z.string().min(1).max(200),
  since: z.iso.date(),
  because: z.string().trim().min(1).max(1_000),
};
const switchedOff = z.strictObject(reason);
const allowed = z
  .strictObject({ ...reason, where: z.record(z.string().max(200), z.string().max(1_000)), until: z.iso.date() })
  .refine(({ where }) => Object.keys(where).length > 0, 'names no value that is allowed')
  .refine(
    ({ since, until }) => Date.parse(until) - Date.parse(since) <= days(longestDays),
    `is allowed for more than ${String(longestDays)} days`,
  );
const switches = z.strictObject({ off: z.array(switchedOff).max(10_000), allowed: z.array(allowed).max(10_000) });

/** A rule that is off: its id, who switched it off, on which day, and why. */
export type SwitchedOff = z.infer<typeof switchedOff>;

/** Values of a rule's findings that nobody is notified of to the end of a day (UTC), and who answers for it. */
export type Allowed = z.infer<typeof allowed>;

/** All of them. */
export type Switches = z.infer<typeof switches>;

/** Nothing is off, and nothing allowed. */
const noSwitches: Switches = { off: [], allowed: [] };

/** What the file says. One that cannot be read is refused, and then every rule is on: silence would be the worse mistake. */
export function readSwitches(text: string | undefined): { readonly switches: Switches; readonly refusals: readonly Refusal[] } {
  if (text === undefined) return { switches: noSwitches, refusals: [] };
  const parsed = switches.safeParse(jsonOf(text));
  if (parsed.success) return { switches: parsed.data, refusals: [] };
  const [issue] = parsed.error.issues;
  const message = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'cannot be read'}; nothing is off or allowed until it is mended: lake rules on, off and allow write it`;
  return { switches: noSwitches, refusals: [{ file: switchesFile, line: 1, column: 1, message }] };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The file's text. */
export const switchesText = (value: Switches): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** Each rule with what is allowed of it, without those that are off. */
export function switched<Rule extends { readonly id: string }>(
  detections: readonly Rule[],
  { off, allowed: all }: Switches,
): readonly (Rule & { readonly allowed?: readonly Allowed[] })[] {
  const isOff = new Set(off.map(({ rule }) => rule));
  const on = detections.filter(({ id }) => !isOff.has(id));
  if (all.length === 0) return on;
  return on.map((detection) => {
    const own = all.filter(({ rule }) => rule === detection.id);
    return own.length === 0 ? detection : { ...detection, allowed: own };
  });
}

/** Why nobody is notified of a finding that is allowed; undefined for any other. Values are compared without case. */
export function allowedBecause(group: Readonly<Record<string, string>>, entries: readonly Allowed[], now: Instant): string | undefined {
  const found = entries.find(
    ({ where, until }) =>
      now < Date.parse(until) + days(1) &&
      Object.entries(where).every(([name, value]) => group[name]?.toLowerCase() === value.toLowerCase()),
  );
  return found && `${found.by} allowed it until ${found.until}: ${found.because}`;
}
