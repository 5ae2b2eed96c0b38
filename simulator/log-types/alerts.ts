/** `security/alerts_v2`: what alerts say when they are created, and how they change. */

import { days, minutes, type Instant } from '../../shared/domain/window.ts';
import type { Person } from '../people.ts';
import { attackerAddress } from '../places.ts';
import { sevenDigits, type JsonRecord, type Moment } from '../seed-data/maker.ts';
import { updatedLater, type Stage } from '../seed-data/updated-later.ts';
import type { GraphLogType, Rendering } from './log-type.ts';

/** Alerts of every product. @see https://learn.microsoft.com/graph/api/security-list-alerts_v2 */
export const alerts: GraphLogType = {
  kind: 'graph',
  id: 'alerts',
  collection: {
    path: 'security/alerts_v2',
    route: 'alerts',
    api: 'security',
    permissions: ['SecurityAlert.Read.All', 'SecurityAlert.ReadWrite.All'],
    timeField: 'lastUpdateDateTime',
    filterable: ['assignedTo', 'classification', 'determination', 'createdDateTime', 'severity', 'serviceSource', 'status'],
    strictComparisons: 'honoured',
    oldestMs: days(3_650),
    render: hideNewMembers,
  },
  seedData: { perDay: 48, versions: updatedLater('alert', alert) },
};

/** Members added after `unknownFutureValue` show as that, unless the client says that it can take them. */
function hideNewMembers(text: string, { knowsNewMembers }: Rendering): string {
  if (knowsNewMembers) return text;
  const record = JSON.parse(text) as Record<string, unknown>;
  const hidden = Object.entries(record).map(([name, value]) => [
    name,
    newMembers.has(`${name} ${String(value)}`) ? 'unknownFutureValue' : value,
  ]);
  return JSON.stringify(Object.fromEntries(hidden));
}

/** @see https://learn.microsoft.com/graph/api/resources/security-alert */
const newMembers = new Set([
  'serviceSource microsoftDefenderForCloud',
  'serviceSource microsoftSentinel',
  'serviceSource microsoftInsiderRiskManagement',
  'serviceSource microsoftThreatIntelligence',
  'detectionSource microsoftSentinel',
  'detectionSource scheduledAlerts',
  'detectionSource microsoftDefenderForServers',
  'detectionSource microsoftDefenderThreatIntelligenceAnalytics',
]);

/**
 * The alert as it is at one stage. With the same `moment.chance` state the rest of it is the same at every stage.
 *
 * @param incidentId Alerts of one incident are updated in the same instant, so that `lastUpdateDateTime` has ties.
 */
function alert(moment: Moment, stage: Stage, incidentId: number): JsonRecord {
  const { chance, company, at } = moment;
  const kind = chance.pick(kinds);
  const person = chance.pick(company.people);
  const id = `${kind.prefix}${String(chance.int(1e8, 9e8))}_${chance.hex(12)}`;
  const started = at - minutes(chance.int(5, 60));
  const isResolved = stage.status === 'resolved';
  // Drawn at every stage, or all that follows would change with it.
  const classification = chance.pick(['truePositive', 'falsePositive']);
  const time = (instant: Instant) => sevenDigits(instant, '6667');
  return {
    id,
    providerAlertId: id.slice(2),
    incidentId: String(incidentId),
    status: stage.status,
    severity: kind.severity,
    classification: isResolved ? classification : null,
    determination: isResolved ? 'securityTesting' : null,
    serviceSource: kind.serviceSource,
    detectionSource: kind.detectionSource,
    productName: kind.productName,
    detectorId: chance.guid(),
    tenantId: company.tenantId,
    title: kind.title,
    description: kind.description,
    recommendedActions: `1. Confirm the activity with ${person.displayName}.\n2. Reset the password.\n3. Revoke the sessions.`,
    category: kind.category,
    assignedTo: stage.status === 'new' ? null : (company.people[0]?.userPrincipalName ?? null),
    alertWebUrl: `https://security.microsoft.com/alerts/${id}?tid=${company.tenantId}`,
    incidentWebUrl: `https://security.microsoft.com/incidents/${String(incidentId)}?tid=${company.tenantId}`,
    actorDisplayName: null,
    threatDisplayName: kind.threat,
    threatFamilyName: null,
    mitreTechniques: kind.techniques,
    createdDateTime: time(at),
    lastUpdateDateTime: time(stage.updatedAt),
    resolvedDateTime: isResolved ? time(stage.updatedAt) : null,
    firstActivityDateTime: time(started),
    lastActivityDateTime: time(started + minutes(4)),
    alertPolicyId: null,
    systemTags: [],
    additionalData: null,
    customDetails: {},
    comments:
      stage.status === 'new'
        ? []
        : [
            {
              comment: 'Wird geprüft.',
              createdByDisplayName: company.people[0]?.displayName ?? '',
              createdDateTime: time(stage.updatedAt),
            },
          ],
    evidence: evidence(moment, person, stage, time(at)),
  };
}

function evidence(moment: Moment, person: Person, { status }: Stage, createdDateTime: string): JsonRecord[] {
  const { chance, company } = moment;
  const base = {
    createdDateTime,
    verdict: status === 'new' ? 'unknown' : 'suspicious',
    remediationStatus: status === 'resolved' ? 'remediated' : 'none',
    remediationStatusDetails: null,
    roles: [],
    detailedRoles: [],
    tags: [],
  };
  const sha256 = chance.hex(64);
  const [accountName = ''] = person.userPrincipalName.split('@');
  const userAccount = {
    accountName,
    domainName: company.domain,
    userSid: person.sid,
    azureAdUserId: person.objectId,
    userPrincipalName: person.userPrincipalName,
    displayName: person.displayName,
  };
  return [
    { '@odata.type': '#microsoft.graph.security.userEvidence', ...base, stream: null, userAccount },
    {
      '@odata.type': '#microsoft.graph.security.ipEvidence',
      ...base,
      ipAddress: attackerAddress(chance.int(0, 199)),
      countryLetterCode: 'MD',
      location: null,
    },
    {
      '@odata.type': '#microsoft.graph.security.deviceEvidence',
      ...base,
      firstSeenDateTime: createdDateTime,
      mdeDeviceId: chance.hex(40),
      azureAdDeviceId: person.device.deviceId || null,
      deviceDnsName: `${person.device.displayName.toLowerCase()}.${company.name}.example`,
      osPlatform: 'Windows11',
      osBuild: 26100,
      version: '24H2',
      healthStatus: 'active',
      riskScore: 'medium',
      rbacGroupId: 0,
      rbacGroupName: null,
      onboardingStatus: 'onboarded',
      defenderAvStatus: 'updated',
      lastIpAddress: person.homeAddress,
      lastExternalIpAddress: person.officeAddress,
      ipInterfaces: [person.homeAddress, '127.0.0.1', '::1'],
      loggedOnUsers: [{ accountName, domainName: company.name.toUpperCase() }],
      vmMetadata: null,
    },
    {
      '@odata.type': '#microsoft.graph.security.processEvidence',
      ...base,
      processId: chance.int(1_000, 30_000),
      parentProcessId: chance.int(400, 9_000),
      processCommandLine: 'powershell.exe -NoProfile -EncodedCommand JABhAD0AMQA=',
      processCreationDateTime: createdDateTime,
      parentProcessCreationDateTime: createdDateTime,
      detectionStatus: 'detected',
      mdeDeviceId: chance.hex(40),
      imageFile: {
        sha1: sha256.slice(0, 40),
        sha256,
        fileName: 'powershell.exe',
        filePath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0',
        fileSize: 450_560,
        filePublisher: 'Microsoft Corporation',
        signer: null,
        issuer: null,
      },
      parentProcessImageFile: {
        sha1: null,
        sha256: null,
        fileName: 'winword.exe',
        filePath: 'C:\\Program Files\\Microsoft Office\\root\\Office16',
        fileSize: 1_620_872,
        filePublisher: 'Microsoft Corporation',
        signer: null,
        issuer: null,
      },
      userAccount,
    },
  ];
}

interface Kind {
  readonly prefix: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly severity: 'informational' | 'low' | 'medium' | 'high';
  readonly serviceSource: string;
  readonly detectionSource: string;
  readonly productName: string;
  readonly threat: string | null;
  readonly techniques: readonly string[];
}

const kinds: readonly Kind[] = [
  {
    prefix: 'da',
    title: 'Suspicious PowerShell command line',
    description: 'A suspicious PowerShell activity was observed on the machine.',
    category: 'Execution',
    severity: 'medium',
    serviceSource: 'microsoftDefenderForEndpoint',
    detectionSource: 'antivirus',
    productName: 'Microsoft Defender for Endpoint',
    threat: null,
    techniques: ['T1059.001', 'T1105'],
  },
  {
    prefix: 'ad',
    title: 'Impossible travel activity',
    description: 'The user signed in from two places too far apart for the time between. Orte: München und Chişinău.',
    category: 'InitialAccess',
    severity: 'medium',
    serviceSource: 'azureAdIdentityProtection',
    detectionSource: 'azureAdIdentityProtection',
    productName: 'Microsoft Entra ID Protection',
    threat: null,
    techniques: ['T1078'],
  },
  {
    prefix: 'fa',
    title: 'Email messages containing malicious URL removed after delivery',
    description: 'Messages with a malicious URL that were delivered have been removed from mailboxes.',
    category: 'InitialAccess',
    severity: 'informational',
    serviceSource: 'microsoftDefenderForOffice365',
    detectionSource: 'microsoftDefenderForOffice365',
    productName: 'Microsoft Defender for Office 365',
    threat: 'Phish',
    techniques: ['T1566.002'],
  },
  {
    prefix: 'sn',
    title: 'Mass download by a single user',
    description: 'A user downloaded an unusual number of files.',
    category: 'Exfiltration',
    severity: 'high',
    // Only clients that say they can take it get this value.
    serviceSource: 'microsoftSentinel',
    detectionSource: 'scheduledAlerts',
    productName: 'Microsoft Sentinel',
    threat: null,
    techniques: ['T1567'],
  },
];
