import { boolean, firstOf, long, said, structs, text, translate } from '../domain/columns.ts';
import { columnsOf } from './common.ts';
import type { LogType } from './log-type.ts';
import { commonSchema, commonSchemaColumns, content, managementActivity, statedResult } from './management-activity.ts';
import { sharePointOutcomes } from './sharepoint-outcomes.ts';

/** Files, folders, lists, pages, sites and sharing, in SharePoint and OneDrive. */
export const auditSharepoint: LogType = {
  ...managementActivity,
  id: 'audit-sharepoint',
  title: 'Microsoft 365 audit: SharePoint and OneDrive',
  reference:
    'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#sharepoint-base-schema',
  source: content('Audit.SharePoint'),
  dataset: 'msft_o365_sharepoint_online_raw',
  product: 'O365 Sharepoint Online',
  columns: columnsOf(
    {
      ...commonSchema,
      outcome: text(
        statedResult(translate('Operation', sharePointOutcomes)),
        'success, failure or unknown; by operation, since these records have no ResultStatus',
      ),
      target_name: text(firstOf('SourceFileName', 'ListTitle', 'ListName'), 'Name of the file or list'),
      target_type: text('ItemType', 'File, Folder, Web, Site, List, Page, ...'),
    },
    {
      ...commonSchemaColumns,
      site_id: text(said('Site'), 'GUID of the site collection'),
      site_url: text('SiteUrl', 'Address of the site'),
      relative_url: text('SourceRelativeUrl', 'Folder of the file within the site'),
      file_name: text('SourceFileName', 'Name of the file or folder'),
      file_extension: text('SourceFileExtension', 'Extension of the file'),
      file_size_bytes: long('FileSizeBytes', 'Size of the file'),
      destination_relative_url: text('DestinationRelativeUrl', 'Folder it was copied or moved to'),
      destination_file_name: text('DestinationFileName', 'Name it got there'),
      destination_file_extension: text('DestinationFileExtension', 'Extension it got there'),
      item_type: text('ItemType', 'File, Folder, Web, Site, List, Page, ...'),
      item_id: text(said('ListItemUniqueId'), 'GUID of the item'),
      list_id: text(said('ListId'), 'GUID of the list or library'),
      list_title: text('ListTitle', 'Title of the list'),
      list_url: text('ListUrl', 'Address of the list'),
      list_base_type: text('ListBaseType', 'Base type of the list'),
      list_template: text(firstOf('ListBaseTemplateType', 'ListServerTemplate'), 'Template of the list'),
      is_document_library: boolean('IsDocLib', 'Whether the list is a document library'),
      event_source: text('EventSource', 'SharePoint, ObjectModel, ...'),
      event_data: text('EventData', 'What the operation adds, as XML'),
      target_user: text('TargetUserOrGroupName', 'With whom it was shared'),
      target_user_type: text('TargetUserOrGroupType', 'Member, Guest, SharePointGroup, SecurityGroup or Partner'),
      user_shared_with: text('UserSharedWith', 'With whom a file was shared'),
      sharing_type: text('SharingType', 'Which permissions were given'),
      sharing_id: text(said('UniqueSharingId'), 'Id of the sharing link or invitation'),
      site_sensitivity_label_id: text(said('SiteSensitivityLabelId'), 'Sensitivity label of the site'),
      sensitivity_label_id: text(said('SensitivityLabelId'), 'Sensitivity label of the file'),
      sensitivity_label_owner: text('SensitivityLabelOwnerEmail', 'Who set that label'),
      source_label: text('SourceLabel', 'Label before'),
      destination_label: text('DestinationLabel', 'Label after'),
      modified_properties: structs(
        'ModifiedProperties',
        { name: { paths: ['Name', ''], as: 'text' }, new_value: 'NewValue', old_value: 'OldValue' },
        'What was changed, from what, to what',
      ),
      authentication_type: text('AuthenticationType', 'Kind of authentication'),
      browser: text('BrowserName', 'Browser'),
      platform: text('Platform', 'Platform of the device'),
      device_name: text('DeviceDisplayName', 'Device as SharePoint names it'),
      is_managed_device: boolean('IsManagedDevice', 'Whether the device is managed'),
      geo_location: text('GeoLocation', 'Where the data lies, of a tenant with several geographies'),
      search_query: text('SearchQueryText', 'What was searched for'),
    },
  ),
};
