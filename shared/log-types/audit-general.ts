import { columnsOf } from './common.ts';
import type { LogType } from './log-type.ts';
import { commonSchema, commonSchemaColumns, content, managementActivity } from './management-activity.ts';

export const auditGeneral: LogType = {
  ...managementActivity,
  id: 'audit-general',
  title: 'Microsoft 365 audit: all other services',
  reference: 'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema',
  source: content('Audit.General'),
  dataset: 'msft_o365_general_raw',
  product: 'O365 General',
  columns: columnsOf(commonSchema, { ...commonSchemaColumns }),
};
