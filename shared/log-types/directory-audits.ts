import { cloudIdsOf } from '../clouds.ts';
import {
  addressIn,
  cases,
  constant,
  eachOf,
  firstElement,
  firstOf,
  isPresent,
  long,
  pairs,
  portIn,
  said,
  structs,
  text,
  time,
  translate,
  valueNamed,
} from '../domain/columns.ts';
import { days, hours, minutes } from '../domain/window.ts';
import { columnsOf } from './common.ts';
import type { LogType } from './log-type.ts';

const keyValue = { name: 'key', value: 'value' };

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
      event_time: time(firstOf('activityDateTime', 'createdDateTime'), 'When it happened'),
      record_id: text('id', "Id of the audit record; no GUID: 'Directory_<guid>_<suffix>'"),
      service: text('loggedByService', 'Service that logged it'),
      operation: text(firstOf('activityDisplayName', 'operationName'), 'What was done'),
      actor_id: text(
        firstOf(said('initiatedBy.user.id'), said('initiatedBy.app.servicePrincipalId'), said('initiatedBy.app.appId')),
        'User or service principal that did it',
      ),
      actor_upn: text(
        firstOf('initiatedBy.user.userPrincipalName', 'initiatedBy.app.displayName', 'initiatedBy.app.servicePrincipalName'),
        'User principal name, or name of the application',
      ),
      actor_type: text(
        cases(
          [isPresent(firstOf('initiatedBy.user.id', 'initiatedBy.user.userPrincipalName')), constant('user')],
          [
            isPresent(firstOf('initiatedBy.app.servicePrincipalId', 'initiatedBy.app.appId', 'initiatedBy.app.displayName')),
            constant('application'),
          ],
        ).otherwise(constant('unknown')),
        'user, application or unknown',
      ),
      source_ip: text(addressIn('initiatedBy.user.ipAddress', 'initiatedBy.app.ipAddress'), 'Address it was done from'),
      source_port: long(portIn('initiatedBy.user.ipAddress', 'initiatedBy.app.ipAddress'), 'Port it was done from'),
      user_agent: text(firstOf('userAgent', valueNamed('additionalDetails', 'User-Agent', keyValue)), 'Client as it names itself'),
      outcome: text(
        firstOf(translate('result', { success: 'success', failure: 'failure', timeout: 'failure' }), constant('unknown')),
        'success, failure or unknown',
      ),
      result_code: text('result', 'success, failure or timeout, as sent'),
      app_id: text(
        firstOf(said('initiatedBy.app.appId'), said(valueNamed('additionalDetails', 'AppId', keyValue))),
        'Application that did it',
      ),
      app_name: text(firstOf('initiatedBy.app.displayName', 'initiatedBy.app.servicePrincipalName'), 'Name of that application'),
      target_id: text(firstElement(eachOf('targetResources', 'id')), 'First of the targets'),
      target_name: text(
        firstOf(firstElement(eachOf('targetResources', 'displayName')), firstElement(eachOf('targetResources', 'userPrincipalName'))),
        'Its name',
      ),
      target_type: text(
        firstOf(firstElement(eachOf('targetResources', 'type')), firstElement(eachOf('targetResources', 'Type'))),
        'Its kind',
      ),
    },
    {
      category: text('category', 'Category of the activity'),
      operation_type: text('operationType', 'Add, Update, Delete, Assign, ...'),
      result_reason: text('resultReason', 'Why it failed, or what came of it'),
      correlation_id: text(said('correlationId'), 'Ties the records of one action together'),
      initiated_by_user_id: text(said('initiatedBy.user.id'), 'User that did it'),
      initiated_by_user_upn: text('initiatedBy.user.userPrincipalName', 'User principal name of that user'),
      initiated_by_user_name: text('initiatedBy.user.displayName', 'Name of that user'),
      initiated_by_user_type: text('initiatedBy.user.userType', 'Kind of that user'),
      initiated_by_user_tenant_id: text(said('initiatedBy.user.homeTenantId'), 'Tenant of that user'),
      initiated_by_user_tenant_name: text('initiatedBy.user.homeTenantName', 'Name of that tenant'),
      initiated_by_app_id: text(said('initiatedBy.app.appId'), 'Application that did it'),
      initiated_by_app_name: text('initiatedBy.app.displayName', 'Name of that application'),
      initiated_by_service_principal_id: text(said('initiatedBy.app.servicePrincipalId'), 'Service principal that did it'),
      initiated_by_service_principal_name: text('initiatedBy.app.servicePrincipalName', 'Name of that service principal'),
      targets: structs(
        'targetResources',
        {
          id: 'id',
          name: 'displayName',
          type: 'type',
          upn: 'userPrincipalName',
          group_type: 'groupType',
          modified_properties: ['modifiedProperties', 'json'],
        },
        'Everything that was acted on',
      ),
      modified_properties: structs(
        'targetResources[].modifiedProperties',
        { target_id: '^id', name: 'displayName', old_value: 'oldValue', new_value: 'newValue' },
        'What was changed, of all targets; values are JSON in a text',
      ),
      additional_details: pairs('additionalDetails', 'Further details by name', keyValue),
    },
  ),
};
