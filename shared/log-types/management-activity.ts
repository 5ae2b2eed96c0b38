/** What the five content types of the Management Activity API share: their common schema. */

import { cloudIdsOf } from '../clouds.ts';
import {
  addressIn,
  cases,
  constant,
  firstOf,
  is,
  isPresent,
  long,
  nameOf,
  portIn,
  said,
  text,
  time,
  translate,
  type Columns,
  type Expression,
} from '../domain/columns.ts';
import { days, hours } from '../domain/window.ts';
import type { CommonColumns } from './common.ts';
import type { ContentSource, Permission } from './log-type.ts';
import { recordTypeNames } from './record-types.ts';

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

const userTypes = {
  0: 'user',
  1: 'reserved',
  2: 'admin',
  3: 'datacenter-admin',
  4: 'system',
  5: 'application',
  6: 'service-principal',
  7: 'custom-policy',
  8: 'system-policy',
  9: 'partner-technician',
  10: 'guest',
};

/** @param paths Where the content type writes addresses, the surest first. */
export function addressColumns(...paths: string[]) {
  return {
    source_ip: text(addressIn(...paths), 'Address of the client; may be a proxy of Microsoft'),
    source_port: long(portIn(...paths), 'Port of the client'),
  };
}

/** @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#common-schema */
export const commonSchema = {
  event_time: time('CreationTime', 'When it happened; Microsoft writes it without zone and means UTC'),
  record_id: text('Id', 'Id of the audit record; DLP repeats one Id for a match and its undo'),
  service: text('Workload', 'Microsoft 365 service'),
  operation: text('Operation', 'Activity; a cmdlet for Exchange administration'),
  actor_id: text(said('UserKey'), 'PUID or special value of the user'),
  actor_upn: text(said('UserId'), 'User principal name, or a service such as app@sharepoint'),
  actor_type: text(firstOf(nameOf('UserType', userTypes), constant('unknown')), 'Kind of user; Entra records never say admin'),
  ...addressColumns('ClientIP'),
  user_agent: text('UserAgent', 'Client as it names itself'),
  outcome: text(statedResult(), 'success, failure or unknown'),
  result_code: text('ResultStatus', 'ResultStatus as sent'),
  app_id: text(
    firstOf(said('ApplicationId'), said('ClientAppId'), said('AppId'), said('AppAccessContext.ClientAppId')),
    'Id of the application used',
  ),
  app_name: text(firstOf('ApplicationDisplayName', 'AppAccessContext.ClientAppName'), 'Name of the application used'),
  target_id: text(said('ObjectId'), 'Object that was acted on'),
} satisfies CommonColumns;

/**
 * `ResultStatus` in all the spellings seen, unless something surer is said before.
 *
 * @param surer Expressions of success or failure; the first that is not NULL decides.
 */
export function statedResult(...surer: Expression[]): Expression {
  const table = {
    success: 'success',
    succeeded: 'success',
    true: 'success',
    completed: 'success',
    failed: 'failure',
    failure: 'failure',
    false: 'failure',
    error: 'failure',
    partiallysucceeded: 'failure',
  };
  return firstOf(...surer, translate('ResultStatus', table), constant('unknown'));
}

/** Failure for any error code but 0; says nothing for 0, which Microsoft also writes for interrupts that end well. */
export const failureByCode = (path: string): Expression =>
  cases([is(path, '0'), { op: 'none' }], [isPresent(path), constant('failure')]).otherwise({ op: 'none' });

/** Columns that every content type has beside the common ones. */
export const commonSchemaColumns = {
  record_type: long('RecordType', 'Number of the record type'),
  record_type_name: text(
    nameOf('RecordType', recordTypeNames),
    "Microsoft's name of the record type; NULL for numbers it has not published",
  ),
  organization_id: text(said('OrganizationId'), 'GUID of the tenant as the record says it'),
  correlation_id: text(firstOf(said('CorrelationId'), said('AppAccessContext.CorrelationId')), 'Ties the records of one request together'),
  session_id: text(
    firstOf(said('SessionId'), said('AppAccessContext.AADSessionId')),
    'Session the user signed in with; joins with sign-ins',
  ),
  unique_token_id: text(said('AppAccessContext.UniqueTokenId'), 'Token that was used; joins with sign-ins'),
} satisfies Columns;
