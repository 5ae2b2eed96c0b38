import { columnsOf } from './common.ts';
import type { LogType } from './log-type.ts';
import { commonSchema, commonSchemaColumns, content, managementActivity } from './management-activity.ts';

export const dlpAll: LogType = {
  ...managementActivity,
  id: 'dlp-all',
  title: 'Data loss prevention',
  reference: 'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema',
  source: content('DLP.All'),
  dataset: 'msft_o365_dlp_raw',
  product: 'O365 DLP',
  columns: columnsOf(commonSchema, { ...commonSchemaColumns }),
};
