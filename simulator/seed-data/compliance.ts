/** Records of the compliance center: cmdlets (18) and alerts (40). */

import type { Person } from '../people.ts';
import { auditBase } from './audit-base.ts';
import { creationTime, type JsonRecord, type Moment } from './maker.ts';

/** A cmdlet of the compliance center (record type 18). */
export function complianceCmdlet(moment: Moment, person: Person): JsonRecord {
  const { chance, company, at } = moment;
  const operation = chance.pick(['Get-ComplianceSearch', 'Get-RetentionCompliancePolicy', 'Search-UnifiedAuditLog', 'Get-Label']);
  // A string here, an array in Exchange's records.
  const parameters =
    operation === 'Search-UnifiedAuditLog'
      ? `-StartDate "11/20/2026" -EndDate "11/22/2026" -ResultSize "5000" -SessionId "${chance.guid()}"`
      : '';
  return {
    ...auditBase(moment, person, { operation, recordType: 18, workload: 'SecurityComplianceCenter' }),
    ResultStatus: 'Success',
    UserType: 2,
    ObjectId: '',
    SecurityComplianceCenterEventType: 0,
    ClientApplication: chance.pick(['EMC', '']),
    ClientRequestId: chance.guid(),
    CmdletVersion: '...',
    EffectiveOrganization: company.domain,
    NonPIIParameters: parameters.replaceAll(/"[^"]*"/g, '"<PII>"'),
    Parameters: parameters,
    StartTime: creationTime(at),
    UserServicePlan: '',
  };
}

/** Which alert policy matched whom. */
export interface ComplianceAlert {
  readonly person: Person;
  readonly name: string;
  readonly severity: string;
}

/** `Data` is JSON in a string. */
export function complianceAlert(moment: Moment, { person, name, severity }: ComplianceAlert): JsonRecord {
  const { chance, company, at } = moment;
  const time = `${creationTime(at)}.0000000Z`;
  return {
    ...auditBase(moment, person, {
      operation: chance.pick(['AlertTriggered', 'AlertEntityGenerated']),
      recordType: 40,
      workload: 'SecurityComplianceCenter',
    }),
    ResultStatus: 'Succeeded',
    UserKey: 'SecurityComplianceAlerts',
    UserType: 4,
    UserId: 'SecurityComplianceAlerts',
    ObjectId: person.userPrincipalName,
    AlertEntityId: person.userPrincipalName,
    AlertId: chance.guid(),
    AlertLinks: [{ AlertLinkHref: '' }],
    AlertType: 'System',
    Category: 'ThreatManagement',
    Comments: 'New alert',
    Data: JSON.stringify({
      etype: 'User',
      eid: person.userPrincipalName,
      tid: company.tenantId,
      ts: time,
      te: time,
      op: name,
      tdc: '1',
      suid: person.userPrincipalName,
      ut: 'Regular',
      lon: name,
    }),
    EntityType: 'User',
    Name: name,
    PolicyId: chance.guid(),
    Severity: severity,
    Source: 'Office 365 Security & Compliance',
    Status: 'Active',
  };
}
