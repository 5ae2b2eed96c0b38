/** `Audit.SharePoint`: files (6), sharing (14), pages (4) and lists (36) of SharePoint and OneDrive. They have no ResultStatus. */

import type { Person, Site } from '../people.ts';
import { auditAddress, creationTime, type JsonRecord, type Moment } from '../seed-data/maker.ts';
import type { ContentLogType } from './log-type.ts';

/** Files, sharing, pages and lists. */
export const auditSharePoint: ContentLogType = {
  kind: 'content',
  id: 'audit-sharepoint',
  contentType: 'Audit.SharePoint',
  seedData: { make: sharePointAudit, perDay: 8_600, slotMinutes: 20 },
};

function sharePointAudit(moment: Moment): JsonRecord {
  const { chance, company } = moment;
  const person = chance.pick(company.people);
  const make = chance.weighted<() => JsonRecord>([
    [
      62,
      () =>
        fileOperation(moment, {
          person,
          operation: chance.pick(fileOperations),
          site: chance.pick(company.sites),
          address: auditAddress(moment, person),
        }),
    ],
    [14, () => pageViewed(moment, person)],
    [12, () => listOperation(moment, person)],
    [12, () => sharing(moment, { person, operation: chance.pick(sharingOperations), address: auditAddress(moment, person) })],
  ]);
  return make();
}

/** Who does what to which file. */
export interface FileOperation {
  readonly person: Person;
  readonly operation: string;
  readonly site: Site;
  readonly address: string;
  readonly fileName?: string;
  readonly userAgent?: string;
}

/** An operation on a file (record type 6). */
export function fileOperation(moment: Moment, { person, operation, site, address, fileName, userAgent }: FileOperation): JsonRecord {
  const { chance } = moment;
  const name = fileName ?? `${chance.pick(fileStems)} ${String(chance.int(1, 400))}.${chance.pick(['docx', 'xlsx', 'pdf', 'pptx', 'msg'])}`;
  const folder = `${site.library}/${chance.pick(['2026', 'Vertraulich', 'Entwürfe', 'Archive'])}`;
  const renamed =
    operation === 'FileRenamed'
      ? { DestinationFileName: `neu_${name}`, DestinationRelativeUrl: folder, DestinationFileExtension: extension(name) }
      : {};
  return {
    ...siteRecord(moment, person, site, { operation, recordType: 6, itemType: 'File', address, userAgent }),
    ObjectId: `${site.url}${folder}/${name}`,
    ListItemUniqueId: chance.guid(),
    HighPriorityMediaProcessing: false,
    ...(operation === 'FileDownloaded' || operation === 'FileUploaded' ? { FileSizeBytes: chance.int(2_000, 80_000_000) } : {}),
    SourceFileExtension: extension(name),
    SiteUrl: site.url,
    SourceFileName: name,
    SourceRelativeUrl: folder,
    ...renamed,
    ...(chance.chance(0.2) ? { SensitivityLabelId: chance.pick(labels), SensitivityLabelOwnerEmail: person.userPrincipalName } : {}),
  };
}

/** Who shares, and how. */
export interface Sharing {
  readonly person: Person;
  readonly operation: string;
  readonly address: string;
}

/** A link that was made or used (record type 14). */
export function sharing(moment: Moment, { person, operation, address }: Sharing): JsonRecord {
  const { chance, company } = moment;
  const site = chance.pick(company.sites);
  const isAnonymous = operation.startsWith('Anonymous');
  const target = isAnonymous ? 'anonymous' : chance.pick(company.people).userPrincipalName;
  const name = `${chance.pick(fileStems)}.xlsx`;
  return {
    ...siteRecord(moment, person, site, { operation, recordType: 14, itemType: 'File', address }),
    ObjectId: `${site.url}${site.library}/${name}`,
    ListItemUniqueId: chance.guid(),
    EventData: isAnonymous ? '<Type>Edit</Type><Expiration Date>Never</Expiration Date>' : '<Permission>Contribute</Permission>',
    SourceFileExtension: 'xlsx',
    SourceFileName: name,
    SourceRelativeUrl: site.library,
    SiteUrl: site.url,
    TargetUserOrGroupType: isAnonymous ? 'Guest' : 'Member',
    TargetUserOrGroupName: target,
    UniqueSharingId: chance.guid(),
  };
}

function pageViewed(moment: Moment, person: Person): JsonRecord {
  const { chance, company } = moment;
  const site = chance.pick(company.sites);
  return {
    ...siteRecord(moment, person, site, {
      operation: chance.pick(['PageViewed', 'ClientViewSignaled', 'PagePrefetched']),
      recordType: 4,
      itemType: 'Page',
      address: auditAddress(moment, person),
    }),
    ObjectId: `${site.url}SitePages/${chance.pick(['Home', 'Startseite', 'Über uns'])}.aspx`,
    CustomUniqueId: false,
    ListItemUniqueId: chance.guid(),
  };
}

function listOperation(moment: Moment, person: Person): JsonRecord {
  const { chance, company } = moment;
  const site = chance.pick(company.sites);
  const title = chance.pick(['Dokumente', 'Site Pages', 'Tasks', 'Événements']);
  return {
    ...siteRecord(moment, person, site, {
      operation: chance.pick(['ListViewed', 'ListUpdated', 'ListItemCreated']),
      recordType: 36,
      itemType: 'List',
      address: auditAddress(moment, person),
    }),
    ObjectId: `${site.url}Lists/${title}`,
    DoNotDistributeEvent: true,
    CustomizedDoclib: false,
    FromApp: false,
    IsDocLib: chance.chance(0.6),
    ItemCount: chance.int(0, 900),
    ListBaseTemplateType: '101',
    ListBaseType: 'DocumentLibrary',
    ListColor: '',
    ListIcon: '',
    Source: 'Unknown',
    TemplateTypeId: '',
    ListTitle: title,
  };
}

interface SiteOperation {
  readonly operation: string;
  readonly recordType: number;
  readonly itemType: string;
  readonly address: string;
  readonly userAgent?: string | undefined;
}

function siteRecord({ chance, company, at }: Moment, person: Person, site: Site, what: SiteOperation): JsonRecord {
  return {
    AppAccessContext: {
      AADSessionId: chance.guid(),
      CorrelationId: chance.guid(),
      TokenIssuedAtTime: creationTime(at),
      UniqueTokenId: chance.hex(22),
    },
    CreationTime: creationTime(at),
    Id: chance.guid(),
    Operation: what.operation,
    OrganizationId: company.tenantId,
    RecordType: what.recordType,
    UserKey: `i:0h.f|membership|${person.puid.toLowerCase()}@live.com`,
    UserType: person.isGuest ? 10 : 0,
    Version: 1,
    Workload: site.workload,
    ClientIP: chance.chance(0.95) ? what.address : '',
    UserId: person.userPrincipalName,
    ApplicationId: company.apps[1]?.appId ?? '',
    AuthenticationType: 'OAuth',
    BrowserName: person.device.browser.split(' ')[0],
    CorrelationId: chance.guid(),
    EventSource: 'SharePoint',
    GeoLocation: 'EUR',
    IsManagedDevice: person.device.isCompliant,
    ItemType: what.itemType,
    ListId: site.listId,
    Platform: person.device.operatingSystem,
    Site: site.siteId,
    UserAgent: what.userAgent ?? (chance.chance(0.9) ? person.device.userAgent : ''),
    WebId: site.webId,
    DeviceDisplayName: person.device.displayName,
  };
}

const extension = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const fileStems = ['Angebot Müller', 'Budget', 'Q4 forecast', 'Contrat cadre', 'Protokoll', 'Umsatz', '給与台帳', 'Roadmap'];
const labels = ['1a19d03a-48bc-4359-8038-5b5f6d5847c3', '87867195-f2b8-4ac2-b0b6-6bb73cb33afc'];
const fileOperations = [
  'FileAccessed',
  'FileAccessed',
  'FileAccessed',
  'FileModified',
  'FileModified',
  'FileDownloaded',
  'FileUploaded',
  'FilePreviewed',
  'FileRecycled',
  'FileRenamed',
];
const sharingOperations = ['SharingSet', 'SharingInvitationCreated', 'SecureLinkCreated', 'AddedToSecureLink', 'CompanyLinkCreated'];
