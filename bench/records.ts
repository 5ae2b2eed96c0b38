/** Audit records made up for measuring: the fields and sizes of real ones, the same records for the same seed. */

import { createHash } from 'node:crypto';

export type RecordKind = 'audit-sharepoint' | 'audit-exchange' | 'audit-azure-active-directory';

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** @param at When it happened; milliseconds since 1970. */
export function auditRecord(kind: RecordKind, at: number, random: () => number): object {
  const draw = new Draw(random);
  const common = commonFields(draw, at);
  if (kind === 'audit-sharepoint') return { ...common, ...sharePointFields(draw, common.UserId) };
  if (kind === 'audit-exchange') return { ...common, ...exchangeFields(draw, common.UserId, at) };
  return { ...common, ...entraFields(draw, common.UserId) };
}

class Draw {
  private readonly random: () => number;
  constructor(random: () => number) {
    this.random = random;
  }
  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }
  of<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }
  often(share: number): boolean {
    return this.random() < share;
  }
  /** Few people do most of what happens. */
  person(): number {
    return Math.floor(3_000 * this.random() ** 3);
  }
  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.below(0x1_0000_0000).toString(16).padStart(8, '0');
    return text.slice(0, digits);
  }
  /** Things that come again: the same GUID for the same kind and number. */
  known(kind: string, number: number): string {
    const digits = createHash('md5')
      .update(`${kind}${String(number)}`)
      .digest('hex');
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
  }
  guid(): string {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-a${this.hex(3)}-${this.hex(12)}`;
  }
  address(): string {
    return this.often(0.06)
      ? `2001:db8:${this.hex(4)}:${this.hex(4)}::${this.hex(2)}`
      : `${this.of(['192.0.2', '198.51.100', '203.0.113'])}.${String(this.below(256))}`;
  }
}

const organization = '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31';
const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Microsoft Office Word/16.0.19127 (Windows/10.0; Desktop x64; en-US; Desktop app; Contoso)',
  'OneDriveMpc-Transform_Thumbnail/1.0',
] as const;

function commonFields(draw: Draw, at: number) {
  const person = draw.person();
  const clientApp = draw.known('app', draw.below(40));
  return {
    AppAccessContext: {
      AADSessionId: draw.known('session', person * 3 + draw.below(3)),
      ClientAppId: clientApp,
      CorrelationId: draw.guid(),
      UniqueTokenId: draw.hex(22),
      IssuedAtTime: isoSeconds(at - 600_000),
    },
    CreationTime: isoSeconds(at),
    Id: draw.guid(),
    OrganizationId: organization,
    UserId: `person${String(person)}@contoso.example`,
    UserKey: `i:0h.f|membership|1003200${String(person).padStart(9, '0')}@live.com`,
    UserType: draw.often(0.03) ? 4 : 0,
    Version: 1,
  };
}

const folders = ['Shared Documents/Forecasts', 'Documents', 'Shared Documents/Entwürfe/2026', 'Documents/会議の資料'] as const;
const extensions = ['docx', 'xlsx', 'pptx', 'pdf', 'one'] as const;

function sharePointFields(draw: Draw, user: string) {
  const number = draw.below(400);
  const site = `https://contoso.sharepoint.com/sites/project-${String(number)}/`;
  const folder = draw.of(folders);
  const extension = draw.of(extensions);
  const file = `Quarterly report ${String(draw.below(9_000))} of the Größe team.${extension}`;
  return {
    Operation: draw.of(['FileAccessed', 'FileAccessed', 'FileModified', 'FileDownloaded', 'FilePreviewed', 'FileUploaded', 'SharingSet']),
    RecordType: draw.often(0.9) ? 6 : 14,
    Workload: draw.often(0.6) ? 'SharePoint' : 'OneDrive',
    ClientIP: draw.address(),
    ObjectId: `${site}${folder}/${file}`,
    ApplicationId: draw.known('app', draw.below(40)),
    ApplicationDisplayName: draw.of(['Office 365 SharePoint Online', 'Microsoft Teams Services', 'OneDrive SyncEngine']),
    AuthenticationType: 'FormsCookieAuth',
    BrowserName: 'Edge',
    BrowserVersion: '141.0.0.0',
    CorrelationId: draw.guid(),
    DeviceDisplayName: draw.address(),
    EventSource: 'SharePoint',
    GeoLocation: 'EUR',
    IsManagedDevice: draw.often(0.7),
    ItemType: 'File',
    ListBaseType: 1,
    ListId: draw.known('list', number * 3 + draw.below(3)),
    ListItemUniqueId: draw.known('item', draw.below(40_000)),
    ListServerTemplate: 101,
    Platform: 'WinDesktop',
    Site: draw.known('site', number),
    SiteUrl: site,
    UserAgent: draw.of(agents),
    WebId: draw.known('web', number),
    SourceFileExtension: extension,
    SourceFileName: file,
    SourceRelativeUrl: folder,
    FileSizeBytes: draw.below(40_000_000),
    HighPriorityMediaProcessing: false,
    ...(draw.often(0.1)
      ? {
          TargetUserOrGroupName: `guest${String(draw.below(900))}@fabrikam.example`,
          TargetUserOrGroupType: 'Guest',
          EventData: '<Permissions granted>Contribute</Permissions granted>',
        }
      : {}),
    ...(draw.often(0.05) ? { ModifiedProperties: [{ Name: 'SiteAdmin', NewValue: user, OldValue: '' }] } : {}),
  };
}

function exchangeFields(draw: Draw, user: string, at: number) {
  const address = draw.address();
  const mailbox = {
    ResultStatus: 'Succeeded',
    Workload: 'Exchange',
    ClientIP: draw.often(0.2) ? `${address}:${String(1_024 + draw.below(60_000))}` : address,
    ClientIPAddress: address,
    AppId: draw.known('app', draw.below(12)),
    ClientAppId: draw.known('app', draw.below(40)),
    ClientInfoString: `Client=OWA;${draw.of(agents)};`,
    ExternalAccess: false,
    InternalLogonType: 0,
    LogonType: draw.often(0.95) ? 0 : 2,
    LogonUserSid: `S-1-5-21-1004336348-1177238915-682003330-${String(500 + draw.person())}`,
    MailboxGuid: draw.known('mailbox', draw.person()),
    MailboxOwnerUPN: user,
    OrganizationName: 'contoso.onmicrosoft.com',
    OriginatingServer: 'VI1PR04MB0001 (15.20.9412.010)\r\n',
    SessionId: draw.known('session', draw.below(9_000)),
  };
  if (draw.often(0.15))
    return {
      ...mailbox,
      Operation: draw.of(['Set-Mailbox', 'New-InboxRule', 'Add-MailboxPermission']),
      RecordType: 1,
      ResultStatus: 'True',
      ObjectId: user,
      Parameters: cmdletParameters(draw, user),
    };
  if (draw.often(0.3)) return { ...mailbox, Operation: draw.of(['Send', 'Create', 'Update']), RecordType: 2, Item: mailItem(draw, at) };
  const items = Array.from({ length: 1 + draw.below(3) }, () => ({
    Path: draw.of(['\\Inbox', '\\Sent Items', '\\Éléments supprimés']),
    Id: draw.hex(64),
    FolderItems: Array.from({ length: 1 + draw.below(8) }, () => ({
      InternetMessageId: messageId(draw),
      SizeInBytes: draw.below(200_000),
    })),
  }));
  return {
    ...mailbox,
    Operation: 'MailItemsAccessed',
    RecordType: 50,
    OperationCount: items.length,
    OperationProperties: [
      { Name: 'MailAccessType', Value: 'Bind' },
      { Name: 'IsThrottled', Value: 'False' },
    ],
    Folders: items,
  };
}

function cmdletParameters(draw: Draw, user: string) {
  return [
    { Name: 'Identity', Value: user },
    { Name: 'ForwardingSmtpAddress', Value: `smtp:person${String(draw.below(900))}@fabrikam.example` },
    { Name: 'DeliverToMailboxAndForward', Value: 'True' },
    { Name: 'Name', Value: `Rule ${draw.hex(12)}` },
    { Name: 'SubjectContainsWords', Value: 'invoice;payment;Überweisung' },
  ];
}

function mailItem(draw: Draw, at: number) {
  return {
    Attachments: `figure (${String(draw.below(90_000))}b); report.pdf (${String(draw.below(900_000))}b)`,
    Id: draw.hex(96),
    InternetMessageId: messageId(draw),
    CreationTime: isoSeconds(at),
    ParentFolder: { Id: draw.hex(64), Path: '\\Sent Items' },
    SizeInBytes: draw.below(900_000),
    Subject: `Re: Planung für Woche ${String(draw.below(52))} 🗓`,
  };
}

const messageId = (draw: Draw): string => `<${draw.hex(32)}@VI1PR04MB0001.eurprd04.prod.outlook.com>`;

function entraFields(draw: Draw, user: string) {
  const id = draw.known('user', draw.person());
  const address = draw.address();
  const base = {
    Workload: 'AzureActiveDirectory',
    ClientIP: address,
    AzureActiveDirectoryEventType: 1,
    Actor: [
      { ID: id, Type: 0 },
      { ID: user, Type: 5 },
      { ID: `1003${draw.hex(12)}`, Type: 3 },
    ],
    ActorContextId: organization,
    ActorIpAddress: address,
    InterSystemsId: draw.guid(),
    IntraSystemId: draw.guid(),
    SupportTicketId: '',
    Target: [{ ID: draw.known('app', draw.below(40)), Type: 0 }],
    TargetContextId: organization,
  };
  return draw.often(0.7) ? { ...base, ...logonFields(draw) } : { ...base, ...directoryChange(draw, user) };
}

function logonFields(draw: Draw) {
  const hasFailed = draw.often(0.2);
  return {
    Operation: hasFailed ? 'UserLoginFailed' : 'UserLoggedIn',
    RecordType: 15,
    ResultStatus: 'Success',
    ObjectId: draw.known('app', draw.below(40)),
    ApplicationId: draw.known('app', draw.below(40)),
    ErrorNumber: hasFailed ? '50126' : '0',
    ...(hasFailed ? { LogonError: 'InvalidUserNameOrPassword' } : {}),
    ExtendedProperties: [
      { Name: 'ResultStatusDetail', Value: 'Success' },
      { Name: 'UserAgent', Value: draw.of(agents) },
      { Name: 'UserAuthenticationMethod', Value: '1' },
      { Name: 'RequestType', Value: 'OAuth2:Authorize' },
    ],
    ModifiedProperties: [],
    DeviceProperties: [
      { Name: 'Id', Value: draw.known('device', draw.person()) },
      { Name: 'DisplayName', Value: `LAPTOP-${draw.hex(6)}` },
      { Name: 'OS', Value: 'Windows10' },
      { Name: 'BrowserType', Value: 'Edge' },
      { Name: 'IsCompliantAndManaged', Value: 'True' },
      { Name: 'SessionId', Value: draw.known('session', draw.below(9_000)) },
    ],
  };
}

function directoryChange(draw: Draw, user: string) {
  return {
    Operation: draw.of(['Update user.', 'Add member to group.', 'Update device.']),
    RecordType: 8,
    ResultStatus: 'Success',
    ObjectId: user,
    ExtendedProperties: [
      { Name: 'additionalDetails', Value: JSON.stringify({ 'User-Agent': draw.of(agents) }) },
      { Name: 'extendedAuditEventCategory', Value: 'User' },
    ],
    ModifiedProperties: [
      { Name: 'StrongAuthenticationPhoneAppDetail', NewValue: JSON.stringify([{ DeviceName: 'Phone', Id: draw.guid() }]), OldValue: '[]' },
      { Name: 'Included Updated Properties', NewValue: 'StrongAuthenticationPhoneAppDetail', OldValue: '' },
      { Name: 'TargetId.UserType', NewValue: 'Member', OldValue: '' },
    ],
  };
}

function isoSeconds(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}
