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
  known,
  structs,
  text,
  time,
  translate,
  valueNamed,
} from '../domain/columns.ts';
import { days, hours, minutes } from '../domain/window.ts';
import { addressesAsSent, columnsOf } from './common.ts';
import { graphClouds } from './graph-clouds.ts';
import { logType } from './log-type.ts';

const keyValue = { name: 'key', value: 'value' };

/** A field of the first target of a kind. */
const targetOf = (kind: string, field: string) => valueNamed('targetResources', kind, { name: 'type', value: field });
const principal = (field: string) => firstOf(...['User', 'Group', 'ServicePrincipal'].map((kind) => targetOf(kind, field)));

/** Changes in the directory: users, groups, applications, roles, policies. */
export const directoryAudits = logType({
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
  clouds: graphClouds,
  isOfferedInFedramp: true,
  dataset: 'msft_azure_ad_audit_raw',
  vendor: 'msft',
  product: 'Azure AD Audit',
  recognize: {
    id: ['id'],
    times: ['activityDateTime', 'createdDateTime'],
    organization: 'tenantId',
    elsewhere: ['AuditLogs'],
    shapes: [
      { activityDateTime: 'anything', activityDisplayName: 'anything' },
      { activityDateTime: 'anything', initiatedBy: 'anything' },
      { activityDateTime: 'anything', targetResources: 'anything' },
      { createdDateTime: 'anything', activityDisplayName: 'anything' }, // as B2C writes them
    ],
  },
  identity: 'every typed column',
  columns: columnsOf(
    {
      event_time: time(firstOf('activityDateTime', 'createdDateTime'), 'When it happened', '2026-11-20 09:14:03.118+00'),
      record_id: text(
        'id',
        "Id of the audit record; no GUID: 'Directory_<guid>_<suffix>'",
        'Directory_0a6f3c52-2f4e-4b7d-9a51-08de2a1b7c11_K2C4B_118',
      ),
      service: text('loggedByService', 'Service that logged it', 'Core Directory'),
      operation: text(firstOf('activityDisplayName', 'operationName'), 'What was done', 'Add member to role'),
      actor_id: text(
        firstOf(known('initiatedBy.user.id'), known('initiatedBy.app.servicePrincipalId'), known('initiatedBy.app.appId')),
        'User or service principal that did it',
        '9c1d7a2e-0b4f-4f6d-8e3a-5b7c9d1e2f30',
      ),
      actor_upn: text(
        firstOf('initiatedBy.user.userPrincipalName', 'initiatedBy.app.displayName', 'initiatedBy.app.servicePrincipalName'),
        'User principal name, or name of the application',
        'admin@contoso.example',
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
        'user',
      ),
      source_ip: text(addressIn('initiatedBy.user.ipAddress', 'initiatedBy.app.ipAddress'), 'Address it was done from', '203.0.113.24'),
      source_port: long(portIn('initiatedBy.user.ipAddress', 'initiatedBy.app.ipAddress'), 'Port it was done from', '51844'),
      user_agent: text(
        firstOf('userAgent', valueNamed('additionalDetails', 'User-Agent', keyValue)),
        'Client as it names itself',
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/141.0',
      ),
      outcome: text(
        firstOf(translate('result', { success: 'success', failure: 'failure', timeout: 'failure' }), constant('unknown')),
        'success, failure or unknown',
        'success',
      ),
      result_code: text('result', 'success, failure or timeout, as sent', 'success'),
      app_id: text(
        firstOf(known('initiatedBy.app.appId'), known(valueNamed('additionalDetails', 'AppId', keyValue))),
        'Application that did it',
        '7b2f0c7e-1f55-4d6a-8a8b-2f6f3a9d0c11',
      ),
      app_name: text(firstOf('initiatedBy.app.displayName', 'initiatedBy.app.servicePrincipalName'), 'Name of that application', 'MS-PIM'),
      target_id: text(firstElement(eachOf('targetResources', 'id')), 'First of the targets', '2c8a4f5e-9b1d-4b3a-8f0e-7d6c5b4a3921'),
      target_name: text(
        firstOf(firstElement(eachOf('targetResources', 'displayName')), firstElement(eachOf('targetResources', 'userPrincipalName'))),
        'Its name',
        'lee@contoso.example',
      ),
      target_type: text(
        firstOf(firstElement(eachOf('targetResources', 'type')), firstElement(eachOf('targetResources', 'Type'))),
        'Its kind',
        'User',
      ),
    },
    {
      operation_name_as_sent: text(
        'operationName',
        'operationName of the Event Hub and B2C forms of a record, which can differ from operation',
        'Delete role assignment',
      ),
      source_addresses: addressesAsSent('initiatedBy.user.ipAddress', 'initiatedBy.app.ipAddress'),
      category: text('category', 'Category of the activity', 'RoleManagement'),
      operation_type: text('operationType', 'Add, Update, Delete, Assign, ...', 'Assign'),
      result_reason: text('resultReason', 'Why it failed, or what came of it', 'User is already a member of the role'),
      correlation_id: text(known('correlationId'), 'Ties the records of one action together', '3c5a9d10-77aa-4f0e-9b61-cb8c2b1d5e42'),
      initiated_by_user_id: text(known('initiatedBy.user.id'), 'User that did it', '9c1d7a2e-0b4f-4f6d-8e3a-5b7c9d1e2f30'),
      initiated_by_user_upn: text('initiatedBy.user.userPrincipalName', 'User principal name of that user', 'admin@contoso.example'),
      initiated_by_user_name: text('initiatedBy.user.displayName', 'Name of that user', 'Ada Admin'),
      initiated_by_user_type: text('initiatedBy.user.userType', 'Kind of that user', 'Member'),
      initiated_by_agent_type: text('initiatedBy.user.agentType', 'Kind of AI agent that the user is', 'notAgentic'),
      initiated_by_user_tenant_id: text(
        known('initiatedBy.user.homeTenantId'),
        'Tenant of that user',
        '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31',
      ),
      initiated_by_user_tenant_name: text('initiatedBy.user.homeTenantName', 'Name of that tenant', 'Contoso'),
      initiated_by_app_id: text(known('initiatedBy.app.appId'), 'Application that did it', '7b2f0c7e-1f55-4d6a-8a8b-2f6f3a9d0c11'),
      initiated_by_app_name: text('initiatedBy.app.displayName', 'Name of that application', 'MS-PIM'),
      initiated_by_service_principal_id: text(
        known('initiatedBy.app.servicePrincipalId'),
        'Service principal that did it',
        '6d0f1b7e-44c1-4f0b-a1b5-0c7f3d2e9a58',
      ),
      initiated_by_service_principal_name: text('initiatedBy.app.servicePrincipalName', 'Name of that service principal', 'MS-PIM'),
      targets: structs(
        'targetResources',
        {
          id: 'id',
          name: 'displayName',
          type: { paths: ['type', 'Type'], as: 'text' },
          upn: 'userPrincipalName',
          group_type: 'groupType',
          modified_properties: ['modifiedProperties', 'json'],
        },
        'Everything that was acted on',
        '[{"id": "2c8a4f5e-9b1d-4b3a-8f0e-7d6c5b4a3921", "name": null, "type": "User", "upn": "lee@contoso.example", "group_type": null, "modified_properties": "[...]"}]',
      ),
      modified_properties: structs(
        'targetResources[].modifiedProperties',
        { target_id: '^id', name: 'displayName', old_value: 'oldValue', new_value: 'newValue' },
        'What was changed, of all targets; values are JSON in a text',
        '[{"target_id": "2c8a4f5e-9b1d-4b3a-8f0e-7d6c5b4a3921", "name": "Role.DisplayName", "old_value": null, "new_value": "\\"Global Administrator\\""}]',
      ),
      role_name: text(
        firstOf(targetOf('Role', 'displayName'), valueNamed('additionalDetails', 'RoleName', keyValue)),
        'Role among the targets, as privileged identity management has it, or among the details, as Azure has it',
        'Global Administrator',
      ),
      role_id: text(targetOf('Role', 'id'), 'Id of that role', '62e90394-69f5-4237-9190-012177145e10'),
      principal_id: text(principal('id'), 'User, group or service principal among the targets', '2c8a4f5e-9b1d-4b3a-8f0e-7d6c5b4a3921'),
      principal_name: text(
        firstOf(targetOf('User', 'userPrincipalName'), principal('displayName')),
        'User principal name, or name of that',
        'lee@contoso.example',
      ),
      principal_type: text(principal('type'), 'Kind of that', 'User'),
      additional_details: pairs('additionalDetails', 'Further details by name', '{"ipaddr": "203.0.113.24"}', keyValue),
    },
  ),
});
