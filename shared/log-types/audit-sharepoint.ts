import {
  boolean,
  cases,
  constant,
  firstElement,
  firstOf,
  isPresent,
  long,
  known,
  splitBy,
  structs,
  text,
  translate,
  withoutPrefix,
} from '../domain/columns.ts';
import { columnsOf } from './common.ts';
import { logType } from './log-type.ts';
import { commonSchema, commonSchemaColumns, content, managementActivity, recognizeAudit, statedResult } from './management-activity.ts';
import { sharePointOutcomes } from './sharepoint-outcomes.ts';

/** What SharePoint writes before the address of a guest who has no account. */
const guestPrefix = 'urn:spo:guest#';

/**
 * Kinds of users that these records call ordinary ones, by the user's id up to its first `#`.
 *
 * @see https://learn.microsoft.com/purview/audit-log-activities#the-appsharepoint-user-in-audit-records
 */
const kindsOfUserId = {
  'urn:spo:guest': 'guest',
  'urn:spo:anon': 'anonymous',
  anonymous: 'anonymous',
  'app@sharepoint': 'application',
  'sharepoint\\system': 'system',
  'microsoft\\serviceoperator': 'system',
};

const kindOfUserId = firstElement(splitBy('#', 'UserId'));
const isAnonymous = isPresent(translate(kindOfUserId, { 'urn:spo:anon': 'anonymous' }));

/** Files, folders, lists, pages, sites and sharing, in SharePoint and OneDrive. */
export const auditSharepoint = logType({
  ...managementActivity,
  id: 'audit-sharepoint',
  title: 'Microsoft 365 audit: SharePoint and OneDrive',
  reference:
    'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#sharepoint-base-schema',
  source: content('Audit.SharePoint'),
  dataset: 'msft_o365_sharepoint_online_raw',
  product: 'O365 Sharepoint Online',
  recognize: {
    ...recognizeAudit,
    recordTypes: [4, 6, 7, 14, 36, 37, 54, 55, 56, 102, 277, 336],
    workloads: ['SharePoint', 'OneDrive'],
  },
  columns: columnsOf(
    {
      ...commonSchema,
      actor_upn: text(
        cases([isAnonymous, constant('anonymous')]).otherwise(withoutPrefix(guestPrefix, known('UserId'))),
        'User principal name, or a service such as app@sharepoint; anonymous for whoever used a link without an account',
        'megan@contoso.example',
      ),
      actor_type: text(
        firstOf(translate(kindOfUserId, kindsOfUserId), commonSchema.actor_type.from),
        'Kind of user; guest for a guest without account, anonymous for who used a link, application, system',
        'guest',
      ),
      outcome: text(
        statedResult(translate('Operation', sharePointOutcomes)),
        'success, failure or unknown; by operation, since these records have no ResultStatus',
        'success',
      ),
      target_name: text(firstOf('SourceFileName', 'ListTitle', 'ListName'), 'Name of the file or list', 'Forecast 2027.xlsx'),
      target_type: text('ItemType', 'File, Folder, Web, Site, List, Page, ...', 'File'),
    },
    {
      ...commonSchemaColumns,
      user_id: text('UserId', 'User as sent: urn:spo:anon# and an id of whoever used a link without an account', 'megan@contoso.example'),
      site_id: text(known('Site'), 'GUID of the site collection', 'b1d3f5a7-2c4e-4680-9ace-13579bdf0246'),
      web_id: text(known('WebId'), 'GUID of the site within the site collection', 'd4c6e8a0-1b3d-4f57-8a9c-0e2f4a6b8c1d'),
      site_url: text('SiteUrl', 'Address of the site', 'https://contoso.example/sites/finance/'),
      relative_url: text('SourceRelativeUrl', 'Folder of the file within the site', 'Shared Documents'),
      file_name: text('SourceFileName', 'Name of the file or folder', 'Forecast 2027.xlsx'),
      file_extension: text('SourceFileExtension', 'Extension of the file', 'xlsx'),
      file_size_bytes: long('FileSizeBytes', 'Size of the file', '48213'),
      destination_relative_url: text('DestinationRelativeUrl', 'Folder it was copied or moved to', 'Shared Documents/Archive'),
      destination_file_name: text('DestinationFileName', 'Name it got there', 'Forecast 2027.xlsx'),
      destination_file_extension: text('DestinationFileExtension', 'Extension it got there', 'xlsx'),
      item_type: text('ItemType', 'File, Folder, Web, Site, List, Page, ...', 'File'),
      item_id: text(known('ListItemUniqueId'), 'GUID of the item', 'e7c9a1b3-5d2f-4b68-8f0a-2468ace01357'),
      list_id: text(known('ListId'), 'GUID of the list or library', 'c5a7e9b1-3f0d-4d24-9b68-0fedcba98765'),
      list_title: text('ListTitle', 'Title of the list', 'Documents'),
      list_name: text('ListName', 'Name of the list', 'Documents'),
      list_url: text('ListUrl', 'Address of the list', 'https://contoso.example/sites/finance/Shared Documents'),
      list_base_type: text('ListBaseType', 'Base type of the list', 'DocumentLibrary'),
      list_template: text(firstOf('ListBaseTemplateType', 'ListServerTemplate'), 'Template of the list', '101'),
      list_server_template: text('ListServerTemplate', 'Template of the list as the server numbers it', '101'),
      is_document_library: boolean('IsDocLib', 'Whether the list is a document library', 'true'),
      event_source: text('EventSource', 'SharePoint, ObjectModel, ...', 'SharePoint'),
      event_data: text('EventData', 'What the operation adds, as XML', '<Permissions granted>Contribute</Permissions granted>'),
      target_user: text(withoutPrefix(guestPrefix, 'TargetUserOrGroupName'), 'With whom it was shared', 'guest@fabrikam.example'),
      target_user_type: text('TargetUserOrGroupType', 'Member, Guest, SharePointGroup, SecurityGroup or Partner', 'Guest'),
      user_shared_with: text(withoutPrefix(guestPrefix, 'UserSharedWith'), 'With whom a file was shared', 'guest@fabrikam.example'),
      sharing_type: text('SharingType', 'Which permissions were given', 'Edit'),
      sharing_id: text(known('UniqueSharingId'), 'Id of the sharing link or invitation', 'f2a4c6e8-0b1d-4f3a-8c5e-7d9b1f3a5c7e'),
      site_sensitivity_label_id: text(
        known('SiteSensitivityLabelId'),
        'Sensitivity label of the site',
        '87867195-f2b8-4ac2-b0b6-6bb73cb33afc',
      ),
      sensitivity_label_id: text(known('SensitivityLabelId'), 'Sensitivity label of the file', 'd9f23ae3-a239-45ea-bf23-f515f9e2a1b0'),
      sensitivity_label_owner: text('SensitivityLabelOwnerEmail', 'Who set that label', 'lee@contoso.example'),
      source_label: text('SourceLabel', 'Label before', '87867195-f2b8-4ac2-b0b6-6bb73cb33afc'),
      destination_label: text('DestinationLabel', 'Label after', 'd9f23ae3-a239-45ea-bf23-f515f9e2a1b0'),
      modified_properties: structs(
        'ModifiedProperties',
        { name: { paths: ['Name', ''], as: 'text' }, new_value: 'NewValue', old_value: 'OldValue' },
        'What was changed, from what, to what',
        '[{"name": "SiteAdmin", "new_value": "lee@contoso.example", "old_value": ""}]',
      ),
      authentication_type: text('AuthenticationType', 'Kind of authentication', 'OAuth'),
      browser: text('BrowserName', 'Browser', 'Edge'),
      platform: text('Platform', 'Platform of the device', 'WinDesktop'),
      device_name: text('DeviceDisplayName', 'Device as SharePoint names it', 'LAPTOP-7C21'),
      is_managed_device: boolean('IsManagedDevice', 'Whether the device is managed', 'true'),
      geo_location: text('GeoLocation', 'Where the data lies, of a tenant with several geographies', 'EUR'),
      malware_name: text('VirusInfo', 'Malware found in the file', 'Trojan:Win32/Contoso'),
      malware_vendor: text('VirusVendor', 'Scanner that found it', 'Default'),
      file_sha256: text('SHA256Hash', 'SHA-256 of that file', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
      file_md5: text('MD5Hash', 'MD5 of that file', '098f6bcd4621d373cade4e832627b4f6'),
      zip_file_name: text('ZipFileName', 'Archive in which the file was downloaded', 'OneDrive_1_20-11-2026.zip'),
      machine_id: text(known('MachineId'), 'Machine that synchronizes', '5d0c9b8a-7e6f-4a5b-8c3d-2e1f0a9b8c7d'),
      machine_domain_id: text(known('MachineDomainInfo'), 'Domain of that machine', '1a2b3c4d-5e6f-4708-9a0b-1c2d3e4f5a6b'),
      synchronized_bytes: long('FileSyncBytesCommitted', 'How much of the file was synchronized', '1344200'),
      user_session_id: text(known('UserSessionId'), "SharePoint's own id of the session", '7c6b5a49-3827-4165-90af-8e7d6c5b4a39'),
      item_count: long('ItemCount', 'Items of a list', '12'),
      search_query: text('SearchQueryText', 'What was searched for', 'forecast 2027'),
    },
  ),
});
