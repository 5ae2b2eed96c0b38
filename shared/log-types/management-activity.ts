/** What the five content types of the Management Activity API share: their common schema. */

import { cloudIdsOf } from '../clouds.ts';
import {
  addressIn,
  allOf,
  cases,
  constant,
  firstOf,
  is,
  isPresent,
  long,
  nameOf,
  portIn,
  known,
  text,
  texts,
  time,
  translate,
  type Columns,
  type Expression,
} from '../domain/columns.ts';
import { days, hours } from '../domain/window.ts';
import { addressesAsSent, type CommonColumns } from './common.ts';
import type { ContentSource, Permission } from './log-type.ts';
import { recordTypeNames } from './record-types.ts';

/** Microsoft serves content for 7 days; the margin is for requests that age in a queue. */
const retentionMs = days(7) - hours(1) / 12;

/** What every content type's log type shares: how it is served, and which columns make two records the same. */
export const managementActivity = {
  permissions: [{ name: 'ActivityFeed.Read' }] as readonly Permission[],
  latencyMs: 0,
  retentionMs,
  clouds: cloudIdsOf('management-activity'),
  isOfferedInFedramp: true,
  vendor: 'msft',
  identity: ['record_id', 'event_time', 'operation', 'record_type', 'actor_id', 'target_id', 'outcome'],
} as const;

/** Id, time and organization of the common schema. */
export const recognizeAudit = { id: ['Id'], times: ['CreationTime'], organization: 'OrganizationId' } as const;

/** @param contentType As the API spells it, e.g. `Audit.Exchange`. */
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

/** The spellings of `ResultStatus` that were seen, in lower case. */
export const statedResults = {
  success: 'success',
  succeeded: 'success',
  successful: 'success',
  true: 'success',
  completed: 'success',
  failed: 'failure',
  failure: 'failure',
  false: 'failure',
  error: 'failure',
  // Microsoft: Succeeded, PartiallySucceeded or Failed. Some of what was asked for was done; result_code has the word.
  partiallysucceeded: 'success',
} as const;

/** @param paths Where the content type writes addresses, the most reliable first. */
export function addressColumns(...paths: (string | Expression)[]) {
  return {
    source_ip: text(addressIn(...paths), 'Address of the client; may be a proxy of Microsoft', '203.0.113.24'),
    source_port: long(portIn(...paths), 'Port of the client', '51844'),
  };
}

/** Where records have the id of an application, the most telling place first. */
export const appIdPaths = ['ApplicationId', 'ClientAppId', 'AppId', 'AppAccessContext.ClientAppId'] as const;

/** @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#common-schema */
export const commonSchema = {
  event_time: time('CreationTime', 'When it happened; Microsoft writes it without zone and means UTC', '2026-11-20 09:14:03+00'),
  record_id: text('Id', 'Id of the audit record; DLP repeats one Id for a match and its undo', '0a6f3c52-2f4e-4b7d-9a51-08de2a1b7c11'),
  service: text('Workload', 'Microsoft 365 service', 'SharePoint'),
  operation: text('Operation', 'Activity; a cmdlet for Exchange administration', 'FileDownloaded'),
  actor_id: text(known('UserKey'), 'PUID or special value of the user', 'i:0h.f|membership|10032001a2b3c4d5@live.com'),
  actor_upn: text(known('UserId'), 'User principal name, or a service such as app@sharepoint', 'megan@contoso.example'),
  actor_type: text(firstOf(nameOf('UserType', userTypes), constant('unknown')), 'Kind of user; Entra records never say admin', 'user'),
  ...addressColumns('ClientIP'),
  user_agent: text('UserAgent', 'Client as it names itself', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/141.0'),
  outcome: text(statedResult(), 'success (also where only a part of it worked: see result_code), failure or unknown', 'success'),
  result_code: text('ResultStatus', 'ResultStatus as sent', 'Succeeded'),
  app_id: text(firstOf(...appIdPaths.map(known)), 'Id of the application used', '7b2f0c7e-1f55-4d6a-8a8b-2f6f3a9d0c11'),
  app_name: text(firstOf('ApplicationDisplayName', 'AppAccessContext.ClientAppName'), 'Name of the application used', 'Contoso Timesheets'),
  target_id: text(
    known('ObjectId'),
    'Object that was acted on',
    'https://contoso.example/sites/finance/Shared Documents/Forecast 2027.xlsx',
  ),
} satisfies CommonColumns;

/**
 * `ResultStatus`, unless something more reliable comes before it.
 *
 * @param better Expressions of success or failure; the first that is not NULL decides.
 */
export function statedResult(...better: Expression[]): Expression {
  return firstOf(...better, translate('ResultStatus', statedResults), constant('unknown'));
}

/** Failure for any error code but 0; NULL for 0, which Microsoft also writes for interrupts that end well. */
export const failureByCode = (path: string): Expression =>
  cases([is(path, '0'), { op: 'absent' }], [isPresent(path), constant('failure')]).otherwise({ op: 'absent' });

/** Columns that every content type has beside the common ones. */
export const commonSchemaColumns = {
  record_type: long('RecordType', 'Number of the record type', '6'),
  record_type_name: text(
    nameOf('RecordType', recordTypeNames),
    "Microsoft's name of the record type; NULL for numbers it has not published",
    'SharePointFileOperation',
  ),
  user_type_number: long('UserType', 'Kind of user as Microsoft numbers it; actor_type has it as a word', '0'),
  source_addresses: addressesAsSent('ClientIP'),
  app_ids: texts(
    allOf(...appIdPaths),
    'Every id of an application in the record: of the application used, and of the one that the token was issued to',
    '["7b2f0c7e-1f55-4d6a-8a8b-2f6f3a9d0c11"]',
  ),
  organization_id: text(known('OrganizationId'), 'GUID of the tenant as the record says it', '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31'),
  correlation_id: text(
    firstOf(known('CorrelationId'), known('AppAccessContext.CorrelationId')),
    'Ties the records of one request together',
    '3c5a9d10-77aa-4f0e-9b61-cb8c2b1d5e42',
  ),
  session_id: text(
    firstOf(known('SessionId'), known('AppAccessContext.AADSessionId')),
    'Session the user signed in with; joins with sign-ins',
    '0d9e8c7b-6a5f-4e3d-8c2b-1a0f9e8d7c6b',
  ),
  token_app_name: text('AppAccessContext.ClientAppName', 'Name of the application that the token was issued to', 'Contoso Timesheets'),
  token_correlation_id: text(
    known('AppAccessContext.CorrelationId'),
    'Correlation id of the access with the token, which can differ from correlation_id',
    '3c5a9d10-77aa-4f0e-9b61-cb8c2b1d5e42',
  ),
  token_session_id: text(
    known('AppAccessContext.AADSessionId'),
    'Session that the token was issued in',
    '0d9e8c7b-6a5f-4e3d-8c2b-1a0f9e8d7c6b',
  ),
  token_issued_time: time('AppAccessContext.IssuedAtTime', 'When that token was issued', '2026-11-20 08:59:12+00'),
  unique_token_id: text(known('AppAccessContext.UniqueTokenId'), 'Token that was used; joins with sign-ins', 'kT4mWq8ZsE-2yB1xVn0fAA'),
} satisfies Columns;
