/** Changes of the directory as Graph reports them. Old and new values are JSON in strings; ids are no GUIDs. */

import { days } from '../../shared/domain/window.ts';
import type { Person } from '../people.ts';
import { sevenDigits, type JsonRecord, type Moment } from '../seed-data/maker.ts';
import { correctedLater } from '../seed-data/seeded-versions.ts';
import type { GraphLogType } from './log-type.ts';

/** Changes of the directory. @see https://learn.microsoft.com/graph/api/directoryaudit-list */
export const directoryAudits: GraphLogType = {
  kind: 'graph',
  id: 'directory-audits',
  collection: {
    path: 'auditLogs/directoryAudits',
    route: 'directory-audits',
    api: 'reporting',
    permissions: ['AuditLog.Read.All'],
    timeField: 'activityDateTime',
    filterable: ['activityDisplayName', 'category', 'correlationId', 'id', 'loggedByService', 'operationType', 'result'],
    strictComparisons: 'ignored',
    oldestMs: days(90),
  },
  seedData: { perDay: 550, versions: correctedLater(directoryAudit, correctAudit) },
};

function directoryAudit(moment: Moment): JsonRecord {
  const { chance, company } = moment;
  const actor = company.people[chance.int(0, 4)] ?? chance.pick(company.people);
  return audit(moment, { actor, target: chance.pick(company.people), change: chance.pick(usualChanges), isByApp: chance.chance(0.3) });
}

/** A kind of change to the directory. */
export interface AuditedChange {
  readonly activity: string;
  readonly category: string;
  readonly operationType: string;
  readonly targetType: 'User' | 'Group' | 'Role' | 'ServicePrincipal' | 'Policy' | 'Device';
  readonly modified: (moment: Moment, target: Person) => readonly [name: string, oldValue: string | null, newValue: string | null][];
}

/** Who changes whom, and from where. */
export interface Audit {
  readonly actor: Person;
  readonly target: Person;
  readonly change: AuditedChange;
  readonly isByApp?: boolean;
  readonly address?: string;
}

/** A record of `auditLogs/directoryAudits`. */
export function audit(moment: Moment, { actor, target, change, isByApp = false, address }: Audit): JsonRecord {
  const { chance, at } = moment;
  const correlationId = chance.guid();
  const isFailure = chance.chance(0.04);
  return {
    id: `Directory_${correlationId}_${chance.hex(5).toUpperCase()}_${String(chance.int(1e7, 9e8))}`,
    category: change.category,
    correlationId,
    result: isFailure ? 'failure' : 'success',
    resultReason: isFailure ? 'Microsoft.Online.DirectoryServices.UniqueKeyPropertyException' : '',
    activityDisplayName: change.activity,
    activityDateTime: sevenDigits(at, chance.hex(8).replaceAll(/\D/g, '5')),
    loggedByService: change.targetType === 'Policy' ? 'Conditional Access' : 'Core Directory',
    operationType: change.operationType,
    userAgent: null,
    initiatedBy: isByApp ? initiatedByApp(moment) : initiatedByUser(actor, address ?? actor.officeAddress),
    targetResources: [targetResource(moment, change, target)],
    additionalDetails: [
      { key: 'UserType', value: target.isGuest ? 'Guest' : 'Member' },
      { key: 'User-Agent', value: actor.device.userAgent },
    ],
  };
}

function initiatedByUser(actor: Person, ipAddress: string): JsonRecord {
  const user = {
    id: actor.objectId,
    displayName: actor.displayName,
    userPrincipalName: actor.userPrincipalName,
    ipAddress,
    userType: null,
    homeTenantId: null,
    homeTenantName: null,
  };
  return { app: null, user };
}

function initiatedByApp({ chance, company }: Moment): JsonRecord {
  const service = chance.pick(company.services);
  return {
    user: null,
    app: { appId: null, displayName: service.name, servicePrincipalId: service.servicePrincipalId, servicePrincipalName: null },
  };
}

function targetResource(moment: Moment, { targetType, modified }: AuditedChange, target: Person): JsonRecord {
  const isUser = targetType === 'User';
  const values = modified(moment, target);
  return {
    id: isUser ? target.objectId : moment.chance.guid(),
    displayName: isUser
      ? target.displayName
      : moment.chance.pick(['Alle Mitarbeiter', 'crm-sync', 'Länder sperren', 'Global Administrator']),
    type: targetType,
    userPrincipalName: isUser ? target.userPrincipalName : null,
    groupType: targetType === 'Group' ? 'azureAD' : null,
    modifiedProperties: values.map(([displayName, oldValue, newValue]) => ({ displayName, oldValue, newValue })),
    administrativeUnits: [],
  };
}

const list = (...values: readonly string[]): string => JSON.stringify(values);

const usualChanges: readonly AuditedChange[] = [
  {
    activity: 'Update user',
    category: 'UserManagement',
    operationType: 'Update',
    targetType: 'User',
    modified: ({ chance }, target) => [
      ['Department', list(target.department), list(chance.pick(['Einkauf', 'Legal']))],
      ['MobilePhone', list('+1 555 0100'), list(`+1 555 01${String(chance.int(10, 99))}`)],
      ['Included Updated Properties', null, '"Department, MobilePhone"'],
      ['TargetId.UserType', null, '"Member"'],
    ],
  },
  {
    activity: 'Add member to group',
    category: 'GroupManagement',
    operationType: 'Assign',
    targetType: 'User',
    modified: ({ chance }) => [
      ['Group.ObjectID', null, `"${chance.guid()}"`],
      ['Group.DisplayName', null, '"Équipe Montréal"'],
    ],
  },
  { activity: 'Reset password (by admin)', category: 'UserManagement', operationType: 'Update', targetType: 'User', modified: () => [] },
  {
    activity: 'Update device',
    category: 'Device',
    operationType: 'Update',
    targetType: 'Device',
    modified: () => [
      ['IsCompliant', '[true]', '[false]'],
      ['Included Updated Properties', null, '"IsCompliant"'],
    ],
  },
  {
    activity: 'User registered security info',
    category: 'UserManagement',
    operationType: '',
    targetType: 'User',
    modified: ({ chance }) => [['StrongAuthenticationMethod', '[]', list(`{"MethodType":${String(chance.int(0, 7))},"Default":true}`)]],
  },
  {
    activity: 'Update service principal',
    category: 'ApplicationManagement',
    operationType: 'Update',
    targetType: 'ServicePrincipal',
    modified: ({ chance }) => [
      ['KeyDescription', '[]', list(`[KeyIdentifier=${chance.guid()},KeyType=Password,KeyUsage=Verify,DisplayName=rotation]`)],
      ['Included Updated Properties', null, '"KeyDescription"'],
      ['TargetId.ServicePrincipalNames', null, `"${chance.guid()}"`],
    ],
  },
];

/** Somebody becomes a global administrator. */
export const roleAssigned: AuditedChange = {
  activity: 'Add member to role',
  category: 'RoleManagement',
  operationType: 'Assign',
  targetType: 'User',
  /** The new role, as JSON in a string; there is no old one. */
  modified: ({ chance }) => [
    ['Role.ObjectID', null, `"${chance.guid()}"`],
    ['Role.DisplayName', null, '"Global Administrator"'],
    ['Role.TemplateId', null, '"62e90394-69f5-4237-9190-012177145e10"'],
    ['Role.WellKnownObjectName', null, '"TenantAdmins"'],
  ],
};

/** Somebody lets an app read mail and files. */
export const consentGiven: AuditedChange = {
  activity: 'Consent to application',
  category: 'ApplicationManagement',
  operationType: 'Assign',
  targetType: 'ServicePrincipal',
  /** What the app may do now. */
  modified: ({ chance }) => [
    ['ConsentContext.IsAdminConsent', null, '"False"'],
    [
      'ConsentAction.Permissions',
      null,
      `"[] => [[Id: ${chance.hex(22)}, ConsentType: Principal, Scope: Mail.Read Mail.Send offline_access]]; "`,
    ],
  ],
};

/** A Conditional Access policy is disabled. */
export const policySwitchedOff: AuditedChange = {
  activity: 'Update conditional access policy',
  category: 'Policy',
  operationType: 'Update',
  targetType: 'Policy',
  /** The policy before and after. */
  modified: () => [
    [
      'ConditionalAccessPolicy',
      '{"state":"enabled","displayName":"Require MFA for all users"}',
      '{"state":"disabled","displayName":"Require MFA for all users"}',
    ],
  ],
};

/** A reason that was not known at first. */
function correctAudit(record: JsonRecord, { chance }: Moment): JsonRecord {
  return { ...record, resultReason: chance.pick(['User successfully updated.', 'Completed after replication.']) };
}
