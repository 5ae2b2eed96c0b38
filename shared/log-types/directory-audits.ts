import { cloudIdsOf } from '../clouds.ts';
import { addressIn, eachOf, firstElement, firstOf, json, long, portIn, structs, text, time, translate } from '../domain/columns.ts';
import { days, hours, minutes } from '../domain/window.ts';
import { columnsOf } from './common.ts';
import type { LogType } from './log-type.ts';

/** Changes in the directory: users, groups, applications, roles, policies. */
export const directoryAudits: LogType = {
  id: 'directory-audits',
  title: 'Microsoft Entra directory audits',
  reference: 'https://learn.microsoft.com/graph/api/directoryaudit-list',
  source: {
    kind: 'windows',
    path: '/v1.0/auditLogs/directoryAudits',
    timeField: 'activityDateTime',
    timeColumn: 'event_time',
    throttle: 'reporting',
    laterPassesMs: [hours(1), hours(24)],
  },
  permissions: [{ name: 'AuditLog.Read.All' }, { name: 'Directory.Read.All', isOptional: true, satisfiedBy: ['Directory.ReadWrite.All'] }],
  latencyMs: minutes(10),
  retentionMs: days(30),
  clouds: cloudIdsOf('graph'),
  isOfferedInFedramp: true,
  dataset: 'msft_azure_ad_audit_raw',
  vendor: 'msft',
  product: 'Azure AD Audit',
  identity: 'every typed column',
  columns: columnsOf(
    {
      event_time: time('activityDateTime', 'When it happened'),
      record_id: text('id', "Id of the audit record; no GUID: 'Directory_<guid>_<suffix>'"),
      service: text('loggedByService', 'Service that logged it'),
      operation: text('activityDisplayName', 'What was done'),
      actor_id: text(firstOf('initiatedBy.user.id', 'initiatedBy.app.servicePrincipalId', 'initiatedBy.app.appId'), 'User or service principal that did it'),
      actor_upn: text(firstOf('initiatedBy.user.userPrincipalName', 'initiatedBy.app.displayName'), 'User principal name, or name of the application'),
      source_ip: text(addressIn('initiatedBy.user.ipAddress'), 'Address of the user'),
      source_port: long(portIn('initiatedBy.user.ipAddress'), 'Port of the user'),
      user_agent: text('userAgent', 'Client as it names itself'),
      outcome: text(
        { op: 'first', of: [translate('result', { success: 'success', failure: 'failure', timeout: 'failure' }, 'unknown'), { op: 'constant', value: 'unknown' }] },
        'success, failure or unknown',
      ),
      result_code: text('result', 'Result as sent'),
      app_id: text('initiatedBy.app.appId', 'Application that did it'),
      app_name: text('initiatedBy.app.displayName', 'Name of that application'),
      target_id: text(firstElement(eachOf('targetResources', 'id')), 'First of the targets'),
      target_name: text(firstElement(eachOf('targetResources', 'displayName')), 'Its name'),
      target_type: text(firstElement(eachOf('targetResources', 'type')), 'Its kind'),
    },
    {
      category: text('category', 'Category of the activity'),
      operation_type: text('operationType', 'Add, Update, Delete, Assign, ...'),
      result_reason: text('resultReason', 'Why it failed'),
      correlation_id: text('correlationId', 'Ties the records of one action together'),
      targets: structs('targetResources', { id: 'id', name: 'displayName', type: 'type', upn: 'userPrincipalName' }, 'Everything that was acted on'),
      additional_details: json('additionalDetails', 'Further details as JSON'),
    },
  ),
};
