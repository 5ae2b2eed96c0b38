/** Alerts of the retired API (v1), for deployments that still have some. */

import { days } from '../../shared/domain/window.ts';
import { sevenDigits, type JsonRecord, type Moment } from '../seed-data/maker.ts';
import { correctedLater } from '../seed-data/seeded-versions.ts';
import type { GraphLogType } from './log-type.ts';

/** The first alerts API, retired on 2026-10-15. @see https://learn.microsoft.com/graph/api/alert-list */
export const alertsLegacy: GraphLogType = {
  kind: 'graph',
  id: 'alerts-legacy',
  collection: {
    path: 'security/alerts',
    route: 'alerts-legacy',
    api: 'security',
    permissions: ['SecurityEvents.Read.All', 'SecurityEvents.ReadWrite.All'],
    timeField: 'lastModifiedDateTime',
    filterable: ['assignedTo', 'category', 'eventDateTime', 'createdDateTime', 'severity', 'status', 'vendorInformation/provider'],
    strictComparisons: 'honoured',
    oldestMs: days(3_650),
    retiredAt: Date.parse('2026-10-15T00:00:00Z'),
  },
  seedData: { perDay: 20, versions: correctedLater(legacyAlert, (record) => ({ ...record, status: 'inProgress' })) },
};

function legacyAlert({ chance, company, at }: Moment): JsonRecord {
  const person = chance.pick(company.people);
  const time = sevenDigits(at, '1400');
  return {
    id: `${String(chance.int(1e15, 9e15))}_${chance.guid()}`,
    azureTenantId: company.tenantId,
    azureSubscriptionId: chance.guid(),
    riskScore: null,
    tags: [],
    activityGroupName: null,
    assignedTo: null,
    category: chance.pick(['AnonymousLogin', 'MaliciousIP', 'ImpossibleTravel']),
    closedDateTime: null,
    comments: [],
    confidence: null,
    createdDateTime: time,
    description: 'Anmeldung von einer anonymen IP-Adresse.',
    detectionIds: [],
    eventDateTime: time,
    feedback: null,
    incidentIds: [],
    lastEventDateTime: null,
    lastModifiedDateTime: time,
    recommendedActions: ['• Reset the password', '• Revoke the sessions'],
    severity: chance.pick(['low', 'medium', 'high']),
    sourceMaterials: [`https://portal.azure.com/#blade/alerts/${chance.guid()}`],
    status: 'newAlert',
    title: 'Anonymous IP address',
    vendorInformation: { provider: 'IPC', providerVersion: null, subProvider: null, vendor: 'Microsoft' },
    alertDetections: [],
    cloudAppStates: [],
    fileStates: [],
    hostStates: [],
    historyStates: [],
    investigationSecurityStates: [],
    malwareStates: [],
    messageSecurityStates: [],
    networkConnections: [],
    processes: [],
    registryKeyStates: [],
    securityResources: [],
    triggers: [],
    userStates: [
      {
        aadUserId: person.objectId,
        accountName: person.userPrincipalName.split('@')[0],
        domainName: company.domain,
        emailRole: 'unknown',
        isVpn: null,
        logonDateTime: time,
        logonId: null,
        logonIp: `192.0.2.${String(chance.int(20, 219))}`,
        logonLocation: 'Chişinău, MD',
        logonType: null,
        onPremisesSecurityIdentifier: null,
        riskScore: '100',
        userAccountType: null,
        userPrincipalName: person.userPrincipalName,
      },
    ],
    uriClickSecurityStates: [],
    vulnerabilityStates: [],
  };
}
