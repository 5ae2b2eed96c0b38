/** What the five content types of the Management Activity API share: their common schema. */

import { cloudIdsOf } from '../clouds.ts';
import { addressIn, firstOf, long, portIn, text, time, translate, type Expression } from '../domain/columns.ts';
import { days, hours } from '../domain/window.ts';
import type { CommonColumns } from './common.ts';
import type { ContentSource, Permission } from './log-type.ts';

/** Microsoft serves content for 7 days; the margin is for requests that age in a queue. */
const retentionMs = days(7) - hours(1) / 12;

export const managementActivity = {
  permissions: [{ name: 'ActivityFeed.Read' }] as readonly Permission[],
  latencyMs: 0,
  retentionMs,
  clouds: cloudIdsOf('management-activity'),
  isOfferedInFedramp: true,
  vendor: 'msft',
  identity: ['record_id', 'event_time', 'operation', 'record_type', 'actor_id', 'target_id', 'outcome'],
} as const;

export const content = (contentType: string): ContentSource => ({ kind: 'content', contentType });

const address = firstOf('ClientIP', 'ClientIPAddress', 'ActorIpAddress');

/** @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#common-schema */
export const commonSchema = {
  event_time: time('CreationTime', 'When it happened; Microsoft writes it without zone and means UTC'),
  record_id: text('Id', 'Id of the audit record; DLP repeats one Id for a match and its undo'),
  service: text('Workload', 'Microsoft 365 service'),
  operation: text('Operation', 'Activity; a cmdlet for Exchange administration'),
  actor_id: text('UserKey', 'PUID or special value of the user'),
  actor_upn: text('UserId', 'User principal name, or a service such as app@sharepoint'),
  actor_type: text(
    translate(
      'UserType',
      {
        '0': 'user',
        '1': 'reserved',
        '2': 'admin',
        '3': 'datacenter-admin',
        '4': 'system',
        '5': 'application',
        '6': 'service-principal',
        '7': 'custom-policy',
        '8': 'system-policy',
        '9': 'partner-technician',
        '10': 'guest',
      },
      'unknown',
    ),
    'Kind of user; Entra records never say admin',
  ),
  source_ip: text(addressIn(address), 'Address of the client; may be a proxy of Microsoft'),
  source_port: long(portIn(address), 'Port of the client'),
  outcome: text(statedResult(), 'success, failure or unknown'),
  result_code: text('ResultStatus', 'ResultStatus as sent'),
  target_id: text('ObjectId', 'Object that was acted on'),
} satisfies CommonColumns;

/** `ResultStatus` in all the spellings seen; absent is unknown. */
export function statedResult(): Expression {
  const table = {
    success: 'success',
    succeeded: 'success',
    true: 'success',
    failed: 'failure',
    failure: 'failure',
    false: 'failure',
    partiallysucceeded: 'failure',
  };
  return { op: 'first', of: [translate('ResultStatus', table, 'unknown'), { op: 'constant', value: 'unknown' }] };
}

/** Columns that every content type has beside the common ones. */
export const commonSchemaColumns = {
  record_type: long('RecordType', 'Number of the record type'),
  organization_id: text('OrganizationId', 'GUID of the tenant as the record says it'),
  app_access_context: text({ op: 'field', path: 'AppAccessContext', as: 'json' }, 'Application context as JSON: session, token and correlation ids'),
};
