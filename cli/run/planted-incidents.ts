/** The attacks that the simulator plants in every day (simulator/seed-data/incidents.ts), and the rules of ours that are about them. */

import { count } from '../terminal/quantity.ts';

/** An attack of the simulated day. */
export interface PlantedIncident {
  /** As the simulator names it. */
  readonly name: string;
  /** Names of rules; one of them is enough. */
  readonly rules: readonly string[];
  /** Why no rule of ours is about it. */
  readonly unfoundBecause?: string;
}

/** In the order in which the simulator has them; what is too small to be worth a finding to our rules says so. */
export const plantedIncidents: readonly PlantedIncident[] = [
  { name: 'password spray from one address, and one that worked', rules: ['password-spray'] },
  { name: 'impossible travel', rules: ['impossible-travel'] },
  { name: 'MFA fatigue', rules: ['mfa-fatigue'] },
  { name: 'legacy protocol', rules: ['legacy-protocol-succeeded'] },
  { name: 'device code phishing', rules: ['device-code-sign-in'] },
  { name: 'inbox rule that forwards, after reading the mail', rules: ['inbox-rule-forwards-outside', 'rule-then-send'] },
  { name: 'phishing: a link clicked, a session taken, a mailbox rule, files downloaded', rules: ['inbox-rule-forwards-outside'] },
  { name: 'mass download', rules: [], unfoundBecause: 'below the limit of 500 files' },
  { name: 'anonymous link', rules: ['anonymous-link-created'] },
  { name: 'consent to an app nobody knows', rules: [], unfoundBecause: "no rule: a user's consent for the own mailbox alone" },
  { name: 'administrator added', rules: ['privileged-role-granted'] },
  { name: 'auditing switched off', rules: ['audit-log-disabled'] },
];

/**
 * How many attacks of the simulated day were found, and which were not, with the reason.
 *
 * @param found Names of the rules that found something.
 */
export function plantedLine(incidents: readonly PlantedIncident[], found: ReadonlySet<string>): string {
  const unfound = incidents.filter(({ rules }) => !rules.some((rule) => found.has(rule)));
  const reasons = unfound.map(({ name, rules, unfoundBecause }) => `${name} (${unfoundBecause ?? `no finding of ${rules.join(' or ')}`})`);
  const line = `${count(incidents.length - unfound.length)} of ${count(incidents.length)} attacks planted in the simulated day were found`;
  return reasons.length === 0 ? line : `${line}; not found: ${reasons.join('; ')}`;
}
