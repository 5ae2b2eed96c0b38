/** `identityProtection/riskDetections`: what Microsoft Entra ID Protection detects, and how its state changes. */

import { days, seconds, type Instant } from '../../shared/domain/window.ts';
import type { Person } from '../people.ts';
import { attackerAddress, foreignPlaces, locationOf, type Place } from '../places.ts';
import { sevenDigits, type JsonRecord, type Moment } from '../seed-data/maker.ts';
import { updatedLater, type Stage } from '../seed-data/updated-later.ts';
import type { GraphLogType } from './log-type.ts';

/** Risk of users and sign-ins. @see https://learn.microsoft.com/graph/api/riskdetection-list */
export const riskDetections: GraphLogType = {
  kind: 'graph',
  id: 'risk-detections',
  collection: {
    path: 'identityProtection/riskDetections',
    route: 'risk-detections',
    api: 'identity-protection',
    permissions: ['IdentityRiskEvent.Read.All', 'IdentityRiskEvent.ReadWrite.All'],
    needsPremium: true,
    timeField: 'lastUpdatedDateTime',
    filterable: [
      'activityDateTime',
      'detectedDateTime',
      'detectionTimingType',
      'id',
      'ipAddress',
      'riskEventType',
      'riskLevel',
      'riskState',
      'userId',
      'userPrincipalName',
    ],
    strictComparisons: 'honoured',
    oldestMs: days(90),
  },
  seedData: { perDay: 40, versions: updatedLater('risk detection', usualDetection) },
};

function usualDetection(moment: Moment, stage: Stage): JsonRecord {
  const { chance, company } = moment;
  const person = chance.pick(company.people);
  const detected = {
    person,
    address: attackerAddress(chance.int(0, 199)),
    place: chance.pick(foreignPlaces),
    riskEventType: chance.pick(usualTypes),
  };
  return riskDetection(moment, detected, stage);
}

/** What a detection is about. */
export interface Detected {
  readonly person: Person;
  readonly address: string;
  readonly place: Place;
  readonly riskEventType: string;
  readonly userAgent?: string;
}

/** The detection as it is at one stage, by default when it was made. */
export function riskDetection(moment: Moment, what: Detected, stage: Stage = { status: 'new', updatedAt: moment.at }): JsonRecord {
  const { chance, at } = moment;
  const { person, riskEventType } = what;
  const isUserRisk = riskEventType === 'leakedCredentials';
  const time = (instant: Instant) => sevenDigits(instant, '1180');
  const { state, detail } = stageFields[stage.status];
  return {
    id: chance.hex(64),
    requestId: isUserRisk ? null : chance.guid(),
    correlationId: isUserRisk ? null : chance.guid(),
    riskEventType,
    riskState: state,
    riskLevel: chance.pick(['low', 'medium', 'high']),
    riskDetail: detail,
    source: 'IdentityProtection',
    detectionTimingType: isUserRisk ? 'offline' : chance.pick(['realtime', 'nearRealtime', 'offline']),
    activity: isUserRisk ? 'user' : 'signin',
    tokenIssuerType: 'AzureAD',
    ipAddress: isUserRisk ? null : what.address,
    location: isUserRisk ? null : locationOf(what.place),
    activityDateTime: time(at - seconds(chance.int(1, 90))),
    detectedDateTime: time(at),
    lastUpdatedDateTime: time(stage.updatedAt),
    userId: person.objectId,
    userDisplayName: person.displayName,
    userPrincipalName: person.userPrincipalName,
    additionalInfo: JSON.stringify([
      { Key: 'userAgent', Value: what.userAgent ?? person.device.userAgent },
      { Key: 'mitreTechniques', Value: techniques[riskEventType] ?? 'T1078.004' },
    ]),
  };
}

const usualTypes = ['unfamiliarFeatures', 'anonymizedIPAddress', 'maliciousIPAddress', 'newCountry', 'leakedCredentials', 'unlikelyTravel'];
const techniques: Readonly<Record<string, string>> = {
  anonymizedIPAddress: 'T1090.003,T1078',
  leakedCredentials: 'T1589.001',
  passwordSpray: 'T1110.003',
};

const stageFields: Readonly<Record<Stage['status'], { readonly state: string; readonly detail: string }>> = {
  new: { state: 'atRisk', detail: 'none' },
  inProgress: { state: 'confirmedCompromised', detail: 'adminConfirmedSigninCompromised' },
  resolved: { state: 'remediated', detail: 'userPerformedSecuredPasswordReset' },
};
