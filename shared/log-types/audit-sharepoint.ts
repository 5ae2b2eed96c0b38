import { columnsOf } from './common.ts';
import type { LogType } from './log-type.ts';
import { commonSchema, commonSchemaColumns, content, managementActivity } from './management-activity.ts';

export const auditSharepoint: LogType = {
  ...managementActivity,
  id: 'audit-sharepoint',
  title: 'Microsoft 365 audit: SharePoint and OneDrive',
  reference: 'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema',
  source: content('Audit.SharePoint'),
  dataset: 'msft_o365_sharepoint_online_raw',
  product: 'O365 Sharepoint Online',
  columns: columnsOf(commonSchema, { ...commonSchemaColumns }),
};
