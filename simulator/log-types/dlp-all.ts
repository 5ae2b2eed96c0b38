/** `DLP.All`: rule matches of mail (13), files (11) and devices (63). One Id can carry both a match and its undo. */

import type { Person } from '../people.ts';
import { creationTime, type JsonRecord, type Moment } from '../seed-data/maker.ts';
import type { ContentLogType } from './log-type.ts';

/** Matches of data loss prevention rules. */
export const dlpAll: ContentLogType = {
  kind: 'content',
  id: 'dlp-all',
  contentType: 'DLP.All',
  seedData: { make: dlp, perDay: 900, slotMinutes: 30 },
};

function dlp(moment: Moment): JsonRecord {
  const { chance, company } = moment;
  const person = chance.pick(company.people);
  return chance.weighted<(moment: Moment, person: Person) => JsonRecord>([
    [6, mailMatch],
    [3, fileMatch],
    [1, endpointMatch],
  ])(moment, person);
}

function mailMatch(moment: Moment, person: Person): JsonRecord {
  const { chance, company, at } = moment;
  const messageId = `<${chance.hex(32).toUpperCase()}@${company.mailServer.split(' ')[0] ?? ''}.eurprd05.prod.outlook.com>`;
  return {
    ...match(moment, { recordType: 13, workload: 'Exchange', objectId: messageId, userId: 'DlpAgent', location: 'Message Body' }),
    ExchangeMetaData: {
      BCC: [],
      CC: chance.chance(0.3) ? [chance.pick(company.people).userPrincipalName] : [],
      FileSize: chance.int(4_000, 90_000),
      From: person.userPrincipalName,
      MessageID: messageId,
      RecipientCount: 1,
      Sent: creationTime(at),
      Subject: chance.pick(['Kundenliste', 'card data for the refund', 'Re: Pässe der Teilnehmer']),
      To: [`${chance.hex(6)}@partner.example`],
      UniqueID: chance.guid(),
    },
  };
}

function fileMatch(moment: Moment, person: Person): JsonRecord {
  const { chance, company, at } = moment;
  const site = chance.pick(company.sites);
  const fileName = `${chance.pick(['Kreditkarten', 'salaries', 'Ausweise'])}_${String(chance.int(1, 99))}.xlsx`;
  const filePath = `${site.url}${site.library}/${fileName}`;
  return {
    ...match(moment, { recordType: 11, workload: site.workload, objectId: filePath, userId: person.userPrincipalName, location: fileName }),
    SharePointMetaData: {
      DocumentLastModifier: person.displayName,
      DocumentSharer: '',
      FileID: chance.guid(),
      FileName: fileName,
      FileOwner: person.displayName,
      FilePathUrl: filePath,
      FileSize: chance.int(9_000, 900_000),
      From: person.userPrincipalName,
      IsViewableByExternalUsers: chance.chance(0.2),
      IsVisibleOnlyToOdbOwner: false,
      ItemCreationTime: creationTime(at - 86_400_000),
      LastModifiedTime: `${creationTime(at)}Z`,
      SiteAdmin: [company.people[0]?.userPrincipalName ?? ''],
      SiteCollectionGuid: site.siteId,
      SiteCollectionUrl: site.url,
      UniqueID: chance.guid(),
    },
    ...(chance.chance(0.15) ? { ExceptionInfo: { FalsePositive: true, Justification: 'Testdaten', Reason: 'Override' } } : {}),
  };
}

function endpointMatch(moment: Moment, person: Person): JsonRecord {
  const { chance, at } = moment;
  const path = `C:\\Users\\${person.device.displayName}\\Desktop\\customers.csv`;
  return {
    ...match(moment, { recordType: 63, workload: 'Endpoint', objectId: path, userId: person.userPrincipalName, location: path }),
    EndpointMetaData: {
      DeviceName: person.device.displayName,
      EndpointOperation: chance.pick(['FileCopiedToRemovableMedia', 'FileUploadedToCloud', 'FilePrinted']),
      EnforcementMode: chance.int(1, 5),
      FileExtension: 'csv',
      FileType: 'CSV',
      SensitiveInformation: [sensitiveType(moment, path)],
    },
    EvidenceFile: { FullUrl: '', StorageName: '' },
    StartTime: creationTime(at),
    ExceptionInfo: chance.chance(0.5) ? '{"Reason":"None"}' : { Reason: 'None' },
  };
}

interface Match {
  readonly recordType: number;
  readonly workload: string;
  readonly objectId: string;
  readonly userId: string;
  readonly location: string;
}

function match(moment: Moment, { recordType, workload, objectId, userId, location }: Match): JsonRecord {
  const { chance, company, at } = moment;
  return {
    CreationTime: creationTime(at),
    Id: chance.guid(),
    IncidentId: chance.guid(),
    ObjectId: objectId,
    Operation: chance.chance(0.9) ? 'DlpRuleMatch' : 'DlpRuleUndo',
    OrganizationId: company.tenantId,
    PolicyDetails: [policyDetails(moment, location)],
    RecordType: recordType,
    SensitiveInfoDetectionIsIncluded: chance.chance(0.5),
    UserId: userId,
    UserKey: chance.chance(0.5) ? 'DlpAgent' : String(chance.int(1e15, 9e15)),
    UserType: 4,
    Version: 1,
    Workload: workload,
  };
}

function policyDetails(moment: Moment, location: string): JsonRecord {
  const { chance, company } = moment;
  const severity = chance.pick(['Low', 'Medium', 'High']);
  return {
    PolicyId: '4d2bd1c2-9f0e-4d8a-8d4b-2c6c1d0b7c11',
    PolicyName: chance.pick(['Financial data', 'Personenbezogene Daten']),
    Rules: [
      {
        ActionParameters: [`GenerateIncidentReport:${company.people[0]?.userPrincipalName ?? ''}`],
        Actions: severity === 'High' ? ['BlockAccess', 'NotifyUser', 'GenerateIncidentReport'] : ['NotifyUser'],
        ConditionsMatched: {
          DocumentProperties: [],
          OtherConditions: [{ Name: 'AccessScope', Value: 'IncludeExternalUsers' }],
          SensitiveInformation: [sensitiveType(moment, location)],
        },
        OverriddenActions: [],
        RuleId: 'b1f6a0c4-2f3e-49b0-9c0e-6d1f4b7f2a90',
        RuleMode: 'Enable',
        RuleName: `${severity} volume of content detected`,
        Severity: severity,
      },
    ],
  };
}

function sensitiveType({ chance }: Moment, location: string): JsonRecord {
  const count = chance.int(1, 30);
  return {
    Confidence: chance.pick([65, 75, 85]),
    Count: count,
    Location: location,
    SensitiveInformationDetailedClassificationAttributes: [{ Confidence: 85, Count: count, IsMatch: true }],
    SensitiveInformationDetections: {
      DetectedValues: [{ Name: '4000 **** **** 0002', Value: 'card number 4000 **** **** 0002 exp 01/30' }],
      ResultsTruncated: false,
    },
    SensitiveInformationTypeName: chance.pick([
      'Credit Card Number',
      'EU Debit Card Number',
      'International Banking Account Number (IBAN)',
    ]),
    SensitiveType: chance.pick([
      '50842eb7-edc8-4019-85dd-5a5c1f2bb085',
      '0e9b3178-9678-47dd-a509-37222ca96b42',
      'e7dc4711-11b7-4cb0-b88b-2c394a771f0e',
    ]),
    UniqueCount: Math.max(1, count - 1),
  };
}
