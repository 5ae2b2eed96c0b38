/** `Audit.AzureActiveDirectory`: logons (record type 15) and changes of the directory (8). */

import type { Person } from '../people.ts';
import { auditAddress, creationTime, nameValues, type JsonRecord, type Moment } from '../seed-data/maker.ts';
import type { ContentLogType } from './log-type.ts';

/** Logons and changes of the directory. */
export const auditAzureActiveDirectory: ContentLogType = {
  kind: 'content',
  id: 'audit-azure-active-directory',
  contentType: 'Audit.AzureActiveDirectory',
  seedData: { make: entraAudit, perDay: 3_200, slotMinutes: 20 },
};

function entraAudit(moment: Moment): JsonRecord {
  const person = moment.chance.pick(moment.company.people);
  if (moment.chance.chance(0.82)) return logon(moment, { person, address: auditAddress(moment, person), errorCode: logonError(moment) });
  return directoryChange(moment, moment.chance.pick(changes), {
    actor: moment.company.people[moment.chance.int(0, 2)] ?? person,
    target: person,
  });
}

/** What a logon says that the rest of it does not follow from. */
export interface Logon {
  readonly person: Person;
  readonly address: string;
  /** 0 for success; else the number of an AADSTS code. */
  readonly errorCode: number;
  readonly userAgent?: string;
  readonly requestType?: string;
}

/** A logon at Entra's token service. `ResultStatus` says only that HTTP went well: a failure may carry `Success`. */
export function logon(moment: Moment, { person, address, errorCode, userAgent, requestType }: Logon): JsonRecord {
  const { chance, company, at } = moment;
  const app = chance.pick(company.apps);
  const id = chance.guid();
  const isSuccess = errorCode === 0;
  return {
    CreationTime: creationTime(at),
    Id: id,
    Operation: isSuccess ? 'UserLoggedIn' : 'UserLoginFailed',
    OrganizationId: company.tenantId,
    RecordType: 15,
    ResultStatus: isSuccess || chance.chance(0.5) ? 'Success' : 'Failed',
    UserKey: person.objectId,
    UserType: 0,
    Version: 1,
    Workload: 'AzureActiveDirectory',
    ClientIP: address,
    ObjectId: app.appId,
    UserId: person.userPrincipalName,
    AzureActiveDirectoryEventType: 1,
    ExtendedProperties: nameValues({
      ResultStatusDetail: isSuccess ? 'Success' : 'UserError',
      UserAgent: userAgent ?? person.device.userAgent,
      RequestType: requestType ?? chance.pick(['OAuth2:Authorize', 'OAuth2:Token', 'Login:login', 'SAS:ProcessAuth']),
    }),
    ModifiedProperties: [],
    Actor: [
      { ID: person.objectId, Type: 0 },
      { ID: person.userPrincipalName, Type: 5 },
    ],
    ActorContextId: company.tenantId,
    ActorIpAddress: address,
    InterSystemsId: chance.guid(),
    IntraSystemId: id,
    SupportTicketId: '',
    Target: [{ ID: app.appId, Type: 0 }],
    TargetContextId: company.tenantId,
    ApplicationId: app.appId,
    DeviceProperties: deviceProperties(moment, person),
    ErrorNumber: String(errorCode),
    ...(isSuccess ? {} : { LogonError: logonErrors[errorCode] ?? 'UserStrongAuthClientAuthNRequiredInterrupt' }),
  };
}

function deviceProperties({ chance }: Moment, { device }: Person): JsonRecord[] {
  return nameValues({
    ...(device.deviceId === '' ? {} : { Id: device.deviceId, DisplayName: device.displayName }),
    OS: device.operatingSystem,
    BrowserType: device.browser.split(' ')[0] ?? '',
    ...(device.isCompliant ? { IsCompliant: 'True', IsCompliantAndManaged: 'True' } : { IsCompliantAndManaged: 'False' }),
    TrustType: device.trustType === '' ? '0' : '1',
    SessionId: chance.guid(),
  });
}

function logonError({ chance }: Moment): number {
  return chance.weighted<number>([
    [90, 0],
    [4, 50126],
    [3, 50140],
    [2, 50074],
    [1, 53003],
  ]);
}

const logonErrors: Readonly<Record<number, string>> = {
  50053: 'IdsLocked',
  50126: 'InvalidUserNameOrPassword',
  50140: 'KmsiInterrupt',
  50074: 'UserStrongAuthClientAuthNRequired',
  53003: 'BlockedByConditionalAccess',
  500121: 'AuthenticationFailedDuringStrongAuthenticationRequest',
};

/** A kind of change to the directory. */
export interface DirectoryChange {
  readonly operation: string;
  readonly category: 'User' | 'Group' | 'Application' | 'Role' | 'Device' | 'Policy';
  readonly modified: (moment: Moment, people: Parties) => readonly [name: string, newValue: string, oldValue: string][];
}

/** Who changes whom. */
export interface Parties {
  readonly actor: Person;
  readonly target: Person;
  /** Of group, role, application. */
  readonly name?: string;
}

/** A change of the directory (record type 8). */
export function directoryChange(moment: Moment, change: DirectoryChange, people: Parties): JsonRecord {
  const { chance, company, at } = moment;
  const { actor, target } = people;
  const correlation = chance.guid();
  const address = chance.chance(0.5) ? actor.officeAddress : '';
  const modified = change.modified(moment, people);
  return {
    CreationTime: creationTime(at),
    Id: chance.guid(),
    Operation: change.operation,
    OrganizationId: company.tenantId,
    RecordType: 8,
    ResultStatus: chance.chance(0.97) ? 'Success' : 'Failure',
    UserKey: `${actor.puid}@${company.domain}`,
    UserType: 0,
    Version: 1,
    Workload: 'AzureActiveDirectory',
    ...(address === '' ? {} : { ClientIP: address }),
    ObjectId: target.userPrincipalName,
    UserId: actor.userPrincipalName,
    AzureActiveDirectoryEventType: 1,
    ExtendedProperties: nameValues({
      additionalDetails: JSON.stringify({ UserType: target.isGuest ? 'Guest' : 'Member', 'User-Agent': actor.device.userAgent }),
      extendedAuditEventCategory: change.category,
    }),
    ModifiedProperties: modified.map(([Name, NewValue, OldValue]) => ({ Name, NewValue, OldValue })),
    Actor: party(actor),
    ActorContextId: company.tenantId,
    ...(address === '' ? {} : { ActorIpAddress: address }),
    InterSystemsId: correlation,
    IntraSystemId: chance.guid(),
    SupportTicketId: '',
    Target: party(target),
    TargetContextId: company.tenantId,
  };
}

function party(person: Person): JsonRecord[] {
  return [
    { ID: person.userPrincipalName, Type: 5 },
    { ID: person.puid, Type: 3 },
    { ID: `User_${person.objectId}`, Type: 2 },
    { ID: person.objectId, Type: 2 },
    { ID: 'User', Type: 2 },
  ];
}

const lines = (value: string): string => JSON.stringify([value], null, 2).replaceAll('\n', '\r\n');

const changes: readonly DirectoryChange[] = [
  {
    operation: 'Update user.',
    category: 'User',
    modified: ({ chance }, { target }) => [
      ['Department', lines(chance.pick(['Sales', 'Finance', 'Legal', 'Einkauf'])), lines(target.department)],
      ['StrongAuthenticationPhoneAppDetail', lines(`${chance.guid()} NotificationVersion 6`), '[]'],
      ['Included Updated Properties', 'Department, StrongAuthenticationPhoneAppDetail', ''],
      ['TargetId.UserType', target.isGuest ? 'Guest' : 'Member', ''],
    ],
  },
  {
    operation: 'Add member to group.',
    category: 'Group',
    modified: ({ chance }, { name }) => [
      ['Group.ObjectID', chance.guid(), ''],
      ['Group.DisplayName', name ?? chance.pick(['Alle Mitarbeiter', 'VPN users', 'Finance approvers', 'Équipe Montréal']), ''],
      ['Group.WellKnownObjectName', '', ''],
    ],
  },
  { operation: 'Reset user password.', category: 'User', modified: () => [['Included Updated Properties', '', '']] },
  {
    operation: 'Update device.',
    category: 'Device',
    modified: ({ chance }, { target }) => [
      ['DisplayName', lines(target.device.displayName), lines(target.device.displayName)],
      ['IsCompliant', lines(String(target.device.isCompliant)), '[]'],
      ['DeviceId', lines(chance.guid()), '[]'],
      ['Included Updated Properties', 'IsCompliant, ApproximateLastLogonTimestamp', ''],
    ],
  },
  {
    operation: 'Add app role assignment grant to user.',
    category: 'Application',
    modified: ({ chance }, { target }) => [
      ['AppRole.Id', '00000000-0000-0000-0000-000000000000', ''],
      ['AppRole.Value', '', ''],
      ['User.ObjectID', target.objectId, ''],
      ['User.UPN', target.userPrincipalName, ''],
      ['User.PUID', target.puid, ''],
      ['TargetId.ServicePrincipalNames', chance.guid(), ''],
    ],
  },
];

/** Somebody becomes a global administrator. */
export const roleAdded: DirectoryChange = {
  operation: 'Add member to role.',
  category: 'Role',
  /** The new role; there is no old one. */
  modified: ({ chance }, { name }) => [
    ['Role.ObjectID', chance.guid(), ''],
    ['Role.DisplayName', name ?? 'Global Administrator', ''],
    ['Role.TemplateId', '62e90394-69f5-4237-9190-012177145e10', ''],
    ['Role.WellKnownObjectName', 'TenantAdmins', ''],
  ],
};

/** Somebody lets an app read mail and files. */
export const consentGranted: DirectoryChange = {
  operation: 'Consent to application.',
  category: 'Application',
  /** What the app may do now. */
  modified: ({ chance }, { name }) => [
    ['ConsentContext.IsAdminConsent', 'False', ''],
    ['ConsentContext.IsAppOnly', 'False', ''],
    ['ConsentContext.OnBehalfOfAll', 'False', ''],
    [
      'ConsentAction.Permissions',
      `[] => [[Id: ${chance.hex(22)}, ClientId: ${chance.guid()}, ConsentType: Principal, Scope: Mail.Read Mail.Send offline_access, CreatedDateTime: , LastModifiedDateTime ]];`,
      '',
    ],
    ['TargetId.ServicePrincipalNames', name ?? 'PDF Viewer Pro', ''],
  ],
};
