/** `Audit.Exchange`: mail read (50), items (2), groups of items (3), and cmdlets of administrators (1). */

import type { Person } from '../people.ts';
import { auditAddress, creationTime, nameValues, type JsonRecord, type Moment } from '../seed-data/maker.ts';
import type { ContentLogType } from './log-type.ts';

/** Mail. */
export const auditExchange: ContentLogType = {
  kind: 'content',
  id: 'audit-exchange',
  contentType: 'Audit.Exchange',
  seedData: { make: exchangeAudit, perDay: 9_700, slotMinutes: 20 },
};

function exchangeAudit(moment: Moment): JsonRecord {
  const person = moment.chance.pick(moment.company.people);
  const make = moment.chance.weighted<(moment: Moment, person: Person) => JsonRecord>([
    [38, (now, who) => mailItemsAccessed(now, { person: who, address: auditAddress(now, who) })],
    [34, mailItem],
    [16, movedItems],
    [12, (now, who) => cmdlet(now, now.chance.pick(usualCmdlets), { actor: now.company.people[now.chance.int(0, 2)] ?? who, target: who })],
  ]);
  return make(moment, person);
}

/** Whose mail is read, and from where. */
export interface MailAccess {
  readonly person: Person;
  readonly address: string;
  readonly clientInfo?: string;
  readonly items?: number;
}

/** Many messages in one record; nested ids and times are not the record's own. */
export function mailItemsAccessed(moment: Moment, { person, address, clientInfo, items }: MailAccess): JsonRecord {
  const { chance } = moment;
  const folders = Array.from({ length: chance.int(1, 2) }, () => ({
    FolderItems: Array.from({ length: items ?? chance.int(1, 6) }, () => ({
      Id: mailId(moment),
      ImmutableId: `LgAAAA${chance.hex(40)}`,
      InternetMessageId: messageId(moment),
      SizeInBytes: chance.int(4_000, 400_000),
    })),
    Id: `LgAAAA${chance.hex(36)}`,
    Path: chance.pick(['\\Inbox', '\\Sent Items', '\\Archiv', '\\Gelöschte Elemente', '\\Inbox\\Projekte']),
  }));
  return {
    ...mailboxRecord(moment, person, address, {
      operation: 'MailItemsAccessed',
      recordType: 50,
      clientInfo: clientInfo ?? 'Client=REST;Client=RESTSystem;;',
    }),
    OperationProperties: nameValues({ MailAccessType: 'Bind', IsThrottled: 'False' }),
    Folders: folders,
    OperationCount: folders.reduce((sum, folder) => sum + folder.FolderItems.length, 0),
  };
}

function mailItem(moment: Moment, person: Person): JsonRecord {
  const { chance } = moment;
  const operation = chance.pick(['Create', 'Send', 'Update', 'Send', 'SendAs']);
  const folder = operation === 'Update' ? '\\Calendar' : '\\Sent Items';
  return {
    ...mailboxRecord(moment, person, auditAddress(moment, person), { operation, recordType: 2, clientInfo: owaClient(person) }),
    ...(operation === 'SendAs' ? { SendAsUserSmtp: `info@${moment.company.domain}`, SendAsUserMailboxGuid: chance.guid() } : {}),
    Item: item(moment, folder),
    ...(operation === 'Update' ? { ModifiedProperties: ['TimeZoneDefinition', 'AppointmentRecurring'] } : {}),
    ...(operation === 'Send' ? { SaveToSentItems: true } : {}),
  };
}

function movedItems(moment: Moment, person: Person): JsonRecord {
  const { chance } = moment;
  const operation = chance.pick(['MoveToDeletedItems', 'SoftDelete', 'HardDelete', 'Move']);
  const folder = { Id: `LgAAAA${chance.hex(36)}`, Path: chance.pick(['\\Inbox', '\\Drafts', '\\Inbox\\Rechnungen']) };
  return {
    ...mailboxRecord(moment, person, auditAddress(moment, person), { operation, recordType: 3, clientInfo: owaClient(person) }),
    AffectedItems: Array.from({ length: chance.int(1, 4) }, () => item(moment, folder.Path)),
    CrossMailboxOperation: false,
    Folder: folder,
    ...(operation.startsWith('Move') ? { DestFolder: { Id: `LgAAAA${chance.hex(36)}`, Path: '\\Deleted Items' } } : {}),
  };
}

interface MailboxOperation {
  readonly operation: string;
  readonly recordType: number;
  readonly clientInfo: string;
}

function mailboxRecord({ chance, company, at }: Moment, person: Person, address: string, what: MailboxOperation): JsonRecord {
  const app = company.apps[0]?.appId ?? '';
  return {
    CreationTime: creationTime(at),
    Id: chance.guid(),
    Operation: what.operation,
    OrganizationId: company.tenantId,
    RecordType: what.recordType,
    ResultStatus: 'Succeeded',
    UserKey: person.puid,
    UserType: 0,
    Version: 1,
    Workload: 'Exchange',
    // Either of the two may be missing.
    ...(chance.chance(0.6) ? { ClientIP: address } : {}),
    UserId: person.userPrincipalName,
    AppId: app,
    ClientAppId: chance.chance(0.4) ? app : '',
    ClientIPAddress: address,
    ClientInfoString: what.clientInfo,
    ClientRequestId: chance.guid(),
    ExternalAccess: false,
    InternalLogonType: 0,
    LogonType: 0,
    LogonUserSid: person.sid,
    MailboxGuid: person.mailboxGuid,
    MailboxOwnerSid: person.sid,
    MailboxOwnerUPN: person.userPrincipalName,
    OrganizationName: company.domain,
    OriginatingServer: `${company.mailServer}${chance.chance(0.3) ? '\r\n' : ''}`,
    SessionId: chance.guid(),
    AppAccessContext: { AADSessionId: chance.guid(), CorrelationId: chance.guid(), UniqueTokenId: chance.hex(22) },
  };
}

function item(moment: Moment, path: string): JsonRecord {
  const { chance } = moment;
  return {
    ...(chance.chance(0.4)
      ? {
          Attachments: `${chance.pick(['Angebot', 'invoice', 'Präsentation', '見積書'])}_${String(chance.int(100, 999))}.pdf (${String(chance.int(8_000, 900_000))}b)`,
        }
      : {}),
    Id: mailId(moment),
    ImmutableId: `LgAAAA${chance.hex(40)}`,
    InternetMessageId: messageId(moment),
    IsRecord: false,
    ParentFolder: { Id: `LgAAAA${chance.hex(36)}`, Path: path },
    SizeInBytes: chance.int(4_000, 900_000),
    Subject: chance.pick(subjects),
  };
}

const mailId = ({ chance }: Moment): string => `RgAAAA${chance.hex(48).toUpperCase()}AAJ`;
const messageId = ({ chance, company }: Moment): string =>
  `<${chance.hex(32).toUpperCase()}@${company.mailServer.split(' ')[0] ?? ''}.eurprd05.prod.outlook.com>`;
const owaClient = (person: Person): string => `Client=OWA;${person.device.userAgent};`;
const subjects = [
  'Re: Quartalszahlen',
  'Invoice 2026-1187',
  'Réunion de lundi',
  'Fwd: Angebot',
  '議事録',
  'Your order has shipped',
  'Re: Re: contract “final”',
  'Lunch?',
];

/** A cmdlet and the parameters that it is called with. */
export interface Cmdlet {
  readonly name: string;
  readonly parameters: (moment: Moment, who: { readonly actor: Person; readonly target: Person }) => Readonly<Record<string, string>>;
}

/** A call of a cmdlet by an administrator (record type 1). */
export function cmdlet(
  moment: Moment,
  { name, parameters }: Cmdlet,
  who: { readonly actor: Person; readonly target: Person; readonly address?: string },
): JsonRecord {
  const { chance, company, at } = moment;
  const { actor, target } = who;
  return {
    CreationTime: creationTime(at),
    Id: chance.guid(),
    Operation: name,
    OrganizationId: company.tenantId,
    RecordType: 1,
    ResultStatus: 'True',
    UserKey: actor.puid,
    UserType: 2,
    Version: 1,
    Workload: 'Exchange',
    ClientIP: who.address ?? auditAddress(moment, actor),
    ObjectId: `EURPR05A004.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/${company.domain}/${target.objectId}`,
    UserId: actor.userPrincipalName,
    AppId: '',
    ClientAppId: '',
    ExternalAccess: false,
    OrganizationName: company.domain,
    OriginatingServer: company.mailServer,
    Parameters: nameValues(parameters(moment, who)),
    SessionId: chance.guid(),
    RequestId: chance.guid(),
    AppAccessContext: { IssuedAtTime: creationTime(at), UniqueTokenId: chance.hex(22) },
  };
}

const usualCmdlets: readonly Cmdlet[] = [
  {
    name: 'Set-Mailbox',
    parameters: ({ chance }, { target }) => ({
      Identity: target.objectId,
      DisplayName: target.displayName,
      IssueWarningQuota: `${String(chance.int(40, 90))}GB`,
    }),
  },
  {
    name: 'Set-ConditionalAccessPolicy',
    parameters: ({ chance }) => ({
      Identity: chance.guid(),
      DisplayName: 'Require compliant device',
      PolicyLastUpdatedTime: '11/20/2026 9:00:02 AM',
    }),
  },
  {
    name: 'Add-MailboxPermission',
    parameters: (_moment, { actor, target }) => ({
      Identity: target.userPrincipalName,
      User: actor.userPrincipalName,
      AccessRights: 'ReadPermission',
    }),
  },
  {
    name: 'Set-CalendarProcessing',
    parameters: ({ chance }) => ({ Identity: `Raum ${chance.pick(['Zugspitze', 'Säntis', 'Rysy'])}`, AutomateProcessing: 'AutoAccept' }),
  },
];

/** Mail out of the house, hidden in a folder nobody opens. */
export const forwardingRule: Cmdlet = {
  name: 'New-InboxRule',
  /** Matches mail about money. */
  parameters: ({ chance }) => ({
    Name: '.',
    SubjectOrBodyContainsWords: 'invoice;payment;Rechnung;wire',
    ForwardTo: `${chance.hex(8)}@mailbox.example`,
    MoveToFolder: 'RSS Feeds',
    MarkAsRead: 'True',
    StopProcessingRules: 'True',
  }),
};

/** Unified auditing is switched off. */
export const auditDisabled: Cmdlet = {
  name: 'Set-AdminAuditLogConfig',
  /** The same for everybody. */
  parameters: () => ({ UnifiedAuditLogIngestionEnabled: 'False' }),
};

/** Nothing that somebody does in mailboxes is audited any more. */
export const mailboxAuditBypassed: Cmdlet = {
  name: 'Set-MailboxAuditBypassAssociation',
  /** Names the mailbox. */
  parameters: (_moment, { target }) => ({ Identity: target.userPrincipalName, AuditBypassEnabled: 'True' }),
};
