import type { Person } from '../people.ts';
import { creationTime, type JsonRecord, type Moment } from './maker.ts';

/** What every record of the audit log has. */
export function auditBase(
  { chance, company, at }: Moment,
  person: Person,
  what: { operation: string; recordType: number; workload: string },
): JsonRecord {
  return {
    CreationTime: creationTime(at),
    Id: chance.guid(),
    Operation: what.operation,
    OrganizationId: company.tenantId,
    RecordType: what.recordType,
    UserKey: person.objectId,
    UserType: 0,
    Version: 1,
    Workload: what.workload,
    UserId: person.userPrincipalName,
  };
}
