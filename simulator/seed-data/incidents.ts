/** Attacks worth finding: each happens once a day at its own time, and leaves records in several log types. */

import { days, hours, minutes, seconds, type Instant } from '../../shared/domain/window.ts';
import type { Company, Person } from '../people.ts';
import { attackerAddress, foreignPlaces, type Place } from '../places.ts';
import { random, type Random } from '../random.ts';
import { audit, consentGiven, policySwitchedOff, roleAssigned } from '../log-types/directory-audits.ts';
import { consentGranted, directoryChange, logon, roleAdded } from '../log-types/audit-azure-active-directory.ts';
import { auditDisabled, cmdlet, forwardingRule, mailboxAuditBypassed, mailItemsAccessed } from '../log-types/audit-exchange.ts';
import { complianceAlert } from './compliance.ts';
import type { IncidentEvent } from './incident-event.ts';
import type { Maker } from './maker.ts';
import { riskDetection } from '../log-types/risk-detections.ts';
import { fileOperation, sharing } from '../log-types/audit-sharepoint.ts';
import { personSignIn } from './person-sign-in.ts';

/** Everything that the incidents of one day leave behind; a day is 24 hours from `day`. */
export function incidentsOfDay(seed: string, company: Company, day: Instant): readonly IncidentEvent[] {
  return incidents.flatMap(({ name, events }) => {
    const chance = random(seed, company.tenantId, name, day);
    const scene = sceneOf(chance, company, day + chance.int(0, hours(22)));
    return events(scene).filter((event) => event.at < day + days(1));
  });
}

/** Who does what to whom, and from where. */
interface Scene {
  readonly chance: Random;
  readonly company: Company;
  readonly start: Instant;
  readonly victim: Person;
  readonly admin: Person;
  readonly address: string;
  readonly place: Place;
}

function sceneOf(chance: Random, company: Company, start: Instant): Scene {
  const victim = company.people[chance.int(3, company.people.length - 5)] ?? chance.pick(company.people);
  const admin = company.people[chance.int(0, 2)] ?? victim;
  return { chance, company, start, victim, admin, address: attackerAddress(chance.int(0, 199)), place: chance.pick(foreignPlaces) };
}

const event = (logTypeId: string, at: Instant, make: Maker): IncidentEvent => ({ logTypeId, at, make });
const repeated = (times: number, each: (index: number) => readonly IncidentEvent[]): IncidentEvent[] =>
  Array.from({ length: times }, (_, index) => each(index)).flat();

/** A sign-in as both APIs report it, and what ID Protection makes of it. */
function signIn(
  scene: Scene,
  at: Instant,
  person: Person,
  errorCode: number,
  more: { clientAppUsed?: string; protocol?: string; userAgent?: string; riskEvent?: string } = {},
): IncidentEvent[] {
  const { address, place } = scene;
  const risk = more.riskEvent === undefined ? 'none' : 'medium';
  return [
    event('sign-ins-interactive', at, (moment) =>
      personSignIn(moment, { person, address, place, errorCode, isInteractive: true, risk, userAgent: 'python-requests/2.32', ...more }),
    ),
    event('audit-azure-active-directory', at, (moment) =>
      logon(moment, { person, address, errorCode, userAgent: more.userAgent ?? 'python-requests/2.32' }),
    ),
    ...(more.riskEvent === undefined ? [] : [riskOf(scene, at, person, more.riskEvent)]),
  ];
}

function riskOf({ address, place }: Scene, at: Instant, person: Person, riskEventType: string): IncidentEvent {
  return event('risk-detections', at + seconds(30), (moment) =>
    riskDetection(moment, { person, address, place, riskEventType, userAgent: 'python-requests/2.32' }),
  );
}

const incidents: readonly { readonly name: string; readonly events: (scene: Scene) => readonly IncidentEvent[] }[] = [
  {
    name: 'password spray from one address, and one that worked',
    events: (scene) => [
      ...scene.company.people.flatMap((person, index) =>
        signIn(scene, scene.start + index * seconds(17), person, person === scene.victim ? 0 : 50126),
      ),
    ],
  },
  {
    name: 'impossible travel',
    events: (scene) => signIn(scene, scene.start, scene.victim, 0, { riskEvent: 'impossibleTravel' }),
  },
  {
    name: 'MFA fatigue',
    events: (scene) => [
      ...repeated(9, (index) => signIn(scene, scene.start + index * seconds(40), scene.victim, 500121)),
      ...signIn(scene, scene.start + minutes(7), scene.victim, 0, { riskEvent: 'unfamiliarFeatures' }),
    ],
  },
  {
    name: 'legacy protocol',
    events: (scene) =>
      repeated(4, (index) =>
        signIn(scene, scene.start + index * minutes(3), scene.victim, index === 3 ? 0 : 50126, {
          clientAppUsed: 'Authenticated SMTP',
          userAgent: 'BAV2ROPC',
        }),
      ),
  },
  {
    name: 'device code phishing',
    events: (scene) => signIn(scene, scene.start, scene.victim, 0, { protocol: 'deviceCode', riskEvent: 'anomalousToken' }),
  },
  {
    name: 'inbox rule that forwards, after reading the mail',
    events: (scene) => [
      ...repeated(6, (index) => [
        event('audit-exchange', scene.start + index * minutes(2), (moment) =>
          mailItemsAccessed(moment, {
            person: scene.victim,
            address: scene.address,
            clientInfo: 'Client=WebServices;python-requests/2.32;',
            items: 8,
          }),
        ),
      ]),
      event('audit-exchange', scene.start + minutes(14), (moment) =>
        cmdlet(moment, forwardingRule, { actor: scene.victim, target: scene.victim, address: scene.address }),
      ),
      event('audit-general', scene.start + minutes(15), (moment) =>
        complianceAlert(moment, { person: scene.victim, name: 'Creation of forwarding/redirect rule', severity: 'High' }),
      ),
    ],
  },
  {
    // What an investigation follows from its first alert to its end (docs/console-investigation.md): all by one person.
    name: 'phishing: a link clicked, a session taken, a mailbox rule, files downloaded',
    events: (scene) => [
      event('audit-general', scene.start, (moment) => ({
        ...complianceAlert(moment, { person: scene.victim, name: 'A potentially malicious URL click was detected', severity: 'High' }),
        Operation: 'AlertTriggered',
      })),
      ...signIn(scene, scene.start + minutes(3), scene.victim, 0, { riskEvent: 'anomalousToken' }),
      event('audit-exchange', scene.start + minutes(9), (moment) =>
        cmdlet(moment, forwardingRule, { actor: scene.victim, target: scene.victim, address: scene.address }),
      ),
      ...repeated(12, (index) => [
        event('audit-sharepoint', scene.start + minutes(14) + index * seconds(20), (moment) =>
          fileOperation(moment, {
            person: scene.victim,
            operation: 'FileDownloaded',
            site: scene.company.sites[1] ?? moment.chance.pick(scene.company.sites),
            address: scene.address,
            userAgent: 'python-requests/2.32',
          }),
        ),
      ]),
    ],
  },
  {
    name: 'mass download',
    events: (scene) =>
      repeated(45, (index) => [
        event('audit-sharepoint', scene.start + index * seconds(9), (moment) =>
          fileOperation(moment, {
            person: scene.victim,
            operation: 'FileDownloaded',
            site: scene.company.sites[2] ?? moment.chance.pick(scene.company.sites),
            address: scene.address,
            userAgent: 'rclone/v1.71',
          }),
        ),
      ]),
  },
  {
    name: 'anonymous link',
    events: (scene) => [
      event('audit-sharepoint', scene.start, (moment) =>
        sharing(moment, { person: scene.victim, operation: 'AnonymousLinkCreated', address: scene.victim.homeAddress }),
      ),
      event('audit-sharepoint', scene.start + minutes(11), (moment) =>
        sharing(moment, { person: scene.victim, operation: 'AnonymousLinkUsed', address: scene.address }),
      ),
    ],
  },
  {
    name: 'consent to an app nobody knows',
    events: (scene) => [
      event('audit-azure-active-directory', scene.start, (moment) =>
        directoryChange(moment, consentGranted, { actor: scene.victim, target: scene.victim }),
      ),
      event('directory-audits', scene.start, (moment) =>
        audit(moment, { actor: scene.victim, target: scene.victim, change: consentGiven, address: scene.address }),
      ),
    ],
  },
  {
    name: 'administrator added',
    events: (scene) => [
      event('audit-azure-active-directory', scene.start, (moment) =>
        directoryChange(moment, roleAdded, { actor: scene.admin, target: scene.victim }),
      ),
      event('directory-audits', scene.start, (moment) =>
        audit(moment, { actor: scene.admin, target: scene.victim, change: roleAssigned, address: scene.address }),
      ),
      event('directory-audits', scene.start + minutes(4), (moment) =>
        audit(moment, { actor: scene.victim, target: scene.victim, change: policySwitchedOff, address: scene.address }),
      ),
    ],
  },
  {
    name: 'auditing switched off',
    events: (scene) => [
      event('audit-exchange', scene.start, (moment) =>
        cmdlet(moment, mailboxAuditBypassed, { actor: scene.admin, target: scene.victim, address: scene.address }),
      ),
      event('audit-exchange', scene.start + minutes(1), (moment) =>
        cmdlet(moment, auditDisabled, { actor: scene.admin, target: scene.admin, address: scene.address }),
      ),
    ],
  },
];

/** What each incident is called, in order. */
export const incidentNames: readonly string[] = incidents.map(({ name }) => name);
