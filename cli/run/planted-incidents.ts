/** The attacks that the simulator plants in every day (simulator/seed-data/incidents.ts), and the rules of ours that are about them. */

/** An attack of the simulated day. */
export interface PlantedIncident {
  /** As the simulator names it. */
  readonly name: string;
  /** Names of rules; one of them is enough. */
  readonly rules: readonly string[];
}

/** In the order in which the simulator has them; what is too small to be worth a finding to our rules has none. */
export const plantedIncidents: readonly PlantedIncident[] = [
  { name: 'password spray from one address, and one that worked', rules: ['password-spray'] },
  { name: 'impossible travel', rules: ['impossible-travel'] },
  { name: 'MFA fatigue', rules: ['mfa-fatigue'] },
  { name: 'legacy protocol', rules: ['legacy-protocol-succeeded'] },
  { name: 'device code phishing', rules: ['device-code-sign-in'] },
  { name: 'inbox rule that forwards, after reading the mail', rules: ['inbox-rule-forwards-outside', 'rule-then-send'] },
  { name: 'phishing: a link clicked, a session taken, a mailbox rule, files downloaded', rules: ['inbox-rule-forwards-outside'] },
  // Less than 500 files.
  { name: 'mass download', rules: [] },
  { name: 'anonymous link', rules: ['anonymous-link-created'] },
  // By a user, for that user's own mailbox.
  { name: 'consent to an app nobody knows', rules: [] },
  { name: 'administrator added', rules: ['privileged-role-granted'] },
  { name: 'auditing switched off', rules: ['audit-log-disabled'] },
];
