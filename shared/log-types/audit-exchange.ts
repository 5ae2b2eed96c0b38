import { columnsOf } from './common.ts';
import type { LogType } from './log-type.ts';
import { commonSchema, commonSchemaColumns, content, managementActivity } from './management-activity.ts';

export const auditExchange: LogType = {
  ...managementActivity,
  id: 'audit-exchange',
  title: 'Microsoft 365 audit: Exchange',
  reference: 'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema',
  source: content('Audit.Exchange'),
  dataset: 'msft_o365_exchange_online_raw',
  product: 'O365 Exchange Online',
  columns: columnsOf(commonSchema, { ...commonSchemaColumns }),
};
