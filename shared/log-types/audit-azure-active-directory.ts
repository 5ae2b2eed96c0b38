import { columnsOf } from './common.ts';
import type { LogType } from './log-type.ts';
import { commonSchema, commonSchemaColumns, content, managementActivity } from './management-activity.ts';

export const auditAzureActiveDirectory: LogType = {
  ...managementActivity,
  id: 'audit-azure-active-directory',
  title: 'Microsoft 365 audit: Microsoft Entra',
  reference: 'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema',
  source: content('Audit.AzureActiveDirectory'),
  dataset: 'msft_o365_azure_ad_raw',
  product: 'O365 Azure AD',
  columns: columnsOf(commonSchema, { ...commonSchemaColumns }),
};
