/** `Audit.General`: everything else. Teams (25), compliance cmdlets (18), alerts (40), Power BI (20), Forms (66), Copilot (261), labels (93). */

import type { Person } from '../people.ts';
import { auditBase } from '../seed-data/audit-base.ts';
import { copilot, forms, powerBi, teams } from '../seed-data/collaboration.ts';
import { complianceAlert, complianceCmdlet } from '../seed-data/compliance.ts';
import { creationTime, type JsonRecord, type Moment } from '../seed-data/maker.ts';
import type { ContentLogType } from './log-type.ts';

/** Every other workload. */
export const auditGeneral: ContentLogType = {
  kind: 'content',
  id: 'audit-general',
  contentType: 'Audit.General',
  seedData: { make: generalAudit, perDay: 3_600, slotMinutes: 20 },
};

function generalAudit(moment: Moment): JsonRecord {
  const person = moment.chance.pick(moment.company.people);
  const make = moment.chance.weighted<(moment: Moment, person: Person) => JsonRecord>([
    [46, teams],
    [12, complianceCmdlet],
    [
      6,
      (now, who) =>
        complianceAlert(now, {
          person: who,
          name: now.chance.pick(alertNames),
          severity: now.chance.pick(['Low', 'Informational', 'Medium']),
        }),
    ],
    [12, powerBi],
    [6, forms],
    [10, copilot],
    [8, label],
  ]);
  return make(moment, person);
}

function label(moment: Moment, person: Person): JsonRecord {
  const { chance, at } = moment;
  return {
    ...auditBase(moment, person, {
      operation: chance.pick(['SensitivityLabelApplied', 'SensitivityLabelUpdated']),
      recordType: 93,
      workload: 'Aip',
    }),
    ObjectId: `C:\\Users\\${person.device.displayName}\\Documents\\Entwurf.docx`,
    ApplicationMode: 'Standard',
    Common: {
      ApplicationId: chance.guid(),
      ApplicationName: 'Microsoft Azure Information Protection Word Add-In',
      DeviceName: person.device.displayName,
      Location: 1,
      Platform: 1,
      ProcessName: 'WINWORD',
      ProductVersion: '2.18.73.0',
    },
    DataState: 'Use',
    ProtectionEventData: {
      IsProtected: true,
      ProtectionOwner: person.userPrincipalName,
      ProtectionType: 'Template',
      TemplateId: chance.guid(),
    },
    SensitiveInfoTypeData: [],
    SensitivityLabelEventData: {
      LabelEventType: 'LabelUpgraded',
      ActionSource: 'Manual',
      SensitivityLabelId: chance.guid(),
      OldSensitivityLabelId: chance.guid(),
    },
    TargetLocation: { Type: 'Local' },
    StartTime: creationTime(at),
  };
}

const alertNames = [
  'Creation of forwarding/redirect rule',
  'eDiscovery search started or exported',
  'Elevation of Exchange admin privilege',
  'Messages have been delayed',
];
