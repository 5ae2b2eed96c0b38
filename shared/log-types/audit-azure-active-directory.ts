import {
  absent,
  asIn,
  cases,
  constant,
  is,
  isPresent,
  eachOf,
  firstOf,
  long,
  pairs,
  known,
  structs,
  text,
  texts,
  translate,
  valueNamed,
  within,
  type Expression,
} from '../domain/columns.ts';
import { addressesAsSent, columnsOf } from './common.ts';
import { logType } from './log-type.ts';
import {
  addressColumns,
  commonSchema,
  commonSchemaColumns,
  content,
  failureByCode,
  managementActivity,
  recognizeAudit,
  statedResult,
} from './management-activity.ts';

/** Actors and targets are lists of one thing under several ids; this is how the type of an id is written. */
const idByType = { name: 'Type', value: 'ID' };

/**
 * Failed sign-ins say `Success` in ResultStatus, which only means that the request was answered: the operation and the
 * error number are more reliable.
 */
const outcome = statedResult(
  translate('Operation', { userloggedin: 'success', userloginfailed: 'failure' }),
  failureByCode('ErrorNumber'),
  failureByCode('ErrorCode'),
  failureByCode('LoginStatus'),
);

/** Kinds of targets: each target has its kind among its ids. */
const kinds = ['User', 'ServicePrincipal', 'Application', 'Group', 'Device', 'Role', 'Policy', 'Directory', 'Contract', 'Other'];
const idItself = { name: 'ID', value: 'ID' };
const isServicePrincipal = isPresent(valueNamed('Actor', 'ServicePrincipal', idItself));
const targetNameOnly = valueNamed('Target', '1', idByType);

/** What a sign-in is to has no kind in the record: of a token it is the application that the token is for, of an account logon the account. */
const signedInTo = cases([
  isPresent(known('ObjectId')),
  cases([is('RecordType', '15'), constant('Application')], [is('RecordType', '9'), constant('User')]).otherwise(absent),
]).otherwise(absent);

/**
 * The kind that stands among the target's ids, unless it is the target's name; else the category of the event. The category is that of
 * what changed: `Add member to role.` has the category Role and a User as target.
 */
const targetKind = firstOf(
  ...kinds.map((kind) => cases([is(targetNameOnly, kind), absent]).otherwise(valueNamed('Target', kind, idItself))),
  valueNamed('ExtendedProperties', 'extendedAuditEventCategory'),
  signedInTo,
);

const anyOf = (...names: readonly string[]) => firstOf(...names.map((name) => valueNamed('Target', name, idItself)));
/** Privileged identity management lists the role and whom it is given to among the targets, each under all its ids; the role comes first. */
const ofRole = (then: Expression, otherwise: Expression): Expression =>
  cases([isPresent(anyOf('Role')), cases([isPresent(anyOf('User', 'Group', 'ServicePrincipal')), then]).otherwise(otherwise)]).otherwise(
    otherwise,
  );

const changedTo = (name: string) => valueNamed('ModifiedProperties', name, { name: 'Name', value: 'NewValue' });
const changedFrom = (name: string) => valueNamed('ModifiedProperties', name, { name: 'Name', value: 'OldValue' });

const device = (name: string) => known(valueNamed('DeviceProperties', name));

/** Sign-ins and directory changes, as the Management Activity API reports them; Graph has more of both. */
export const auditAzureActiveDirectory = logType({
  ...managementActivity,
  id: 'audit-azure-active-directory',
  title: 'Microsoft 365 audit: Microsoft Entra',
  reference:
    'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#azure-active-directory-base-schema',
  source: content('Audit.AzureActiveDirectory'),
  dataset: 'msft_o365_azure_ad_raw',
  product: 'O365 Azure AD',
  recognize: {
    ...recognizeAudit,
    recordTypes: [8, 9, 15, 294],
    workloads: ['AzureActiveDirectory'],
  },
  columns: columnsOf(
    {
      ...commonSchema,
      service: asIn(commonSchema.service, 'AzureActiveDirectory'),
      operation: asIn(commonSchema.operation, 'UserLoginFailed'),
      actor_id: asIn(commonSchema.actor_id, '10032001A2B3C4D5'),
      actor_upn: text(
        cases([isServicePrincipal, firstOf(valueNamed('Actor', '1', idByType), commonSchema.actor_upn.from)]).otherwise(
          commonSchema.actor_upn.from,
        ),
        'User principal name; of a service principal its name, as Graph has it',
        'megan@contoso.example',
      ),
      actor_type: text(
        cases([isServicePrincipal, constant('service-principal')]).otherwise(commonSchema.actor_type.from),
        'Kind of who acted; Entra records never say admin',
        'user',
      ),
      result_code: asIn(commonSchema.result_code, 'Success'),
      target_id: asIn(commonSchema.target_id, '00000003-0000-0000-c000-000000000000'),
      ...addressColumns('ClientIP', 'ActorIpAddress'),
      user_agent: text(
        firstOf(valueNamed('ExtendedProperties', 'UserAgent'), within(valueNamed('ExtendedProperties', 'additionalDetails'), 'User-Agent')),
        'Client as it names itself',
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/141.0',
      ),
      outcome: text(outcome, 'success, failure or unknown, by operation and error code before ResultStatus', 'failure'),
      app_name: text(firstOf('Application', 'AppAccessContext.ClientAppName'), 'Name of the application used', 'Contoso Timesheets'),
      target_name: text(
        ofRole(valueNamed('Target', '5', idByType), firstOf(targetNameOnly, valueNamed('Target', '5', idByType))),
        'Name or user principal name of the target; of a role that is given by privileged identity management, to whom',
        'lee@contoso.example',
      ),
      target_type: text(targetKind, 'Kind of the target: User, Group, ServicePrincipal, ...', 'User'),
    },
    {
      ...commonSchemaColumns,
      record_type: asIn(commonSchemaColumns.record_type, '15'),
      record_type_name: asIn(commonSchemaColumns.record_type_name, 'AzureActiveDirectoryStsLogon'),
      user_id: text('UserId', 'User as sent; of a service principal its id', 'megan@contoso.example'),
      source_addresses: addressesAsSent('ClientIP', 'ActorIpAddress'),
      session_id: text(
        firstOf(known('AppAccessContext.AADSessionId'), device('SessionId')),
        'Session of the sign-in, or the one it was done in; joins with sign-ins',
        '0d9e8c7b-6a5f-4e3d-8c2b-1a0f9e8d7c6b',
      ),
      event_type: long('AzureActiveDirectoryEventType', '0 account logon, 1 application security event', '0'),
      error_code: long(firstOf('ErrorNumber', 'ErrorCode'), 'AADSTS number of a sign-in; 0 is success', '50126'),
      logon_error: text(
        firstOf('LogonError', valueNamed('ExtendedProperties', 'LoginError')),
        'Why a sign-in failed, by name',
        'InvalidUserNameOrPassword',
      ),
      login_status: long('LoginStatus', 'Status of an account logon (record type 9); 0 is success', '50034'),
      client: text('Client', 'Client or service of an account logon', 'Exchange'),
      user_domain: text('UserDomain', 'Domain of the user', 'contoso.example'),
      actor_ids: texts(
        eachOf('Actor', 'ID'),
        'Every id of who acted: object id, PUID, user principal name',
        '["9c1d7a2e-0b4f-4f6d-8e3a-5b7c9d1e2f30", "10032001A2B3C4D5", "megan@contoso.example"]',
      ),
      actor_tenant_id: text(known('ActorContextId'), 'Tenant of who acted', '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31'),
      target_ids: texts(
        eachOf('Target', 'ID'),
        'Every id of the target',
        '["2c8a4f5e-9b1d-4b3a-8f0e-7d6c5b4a3921", "lee@contoso.example"]',
      ),
      target_tenant_id: text(known('TargetContextId'), 'Tenant of the target', '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31'),
      modified_properties: structs(
        'ModifiedProperties',
        { name: 'Name', new_value: 'NewValue', old_value: 'OldValue' },
        'What was changed, from what, to what',
        '[{"name": "Role.DisplayName", "new_value": "Global Administrator", "old_value": ""}]',
      ),
      extended_properties: pairs(
        'ExtendedProperties',
        'Further properties by name',
        '{"RequestType": "OAuth2:Token", "ResultStatusDetail": "Redirect"}',
      ),
      request_type: text(
        valueNamed('ExtendedProperties', 'RequestType'),
        'Protocol step of a sign-in, such as OAuth2:Token',
        'OAuth2:Token',
      ),
      result_detail: text(valueNamed('ExtendedProperties', 'ResultStatusDetail'), 'Result of a sign-in in more words', 'Redirect'),
      authentication_method: text(valueNamed('ExtendedProperties', 'UserAuthenticationMethod'), 'Number of the authentication method', '1'),
      device_properties: pairs(
        'DeviceProperties',
        'What a sign-in says of the device, by name',
        '{"OS": "Windows10", "BrowserType": "Edge", "IsCompliantAndManaged": "True"}',
      ),
      device_id: text(device('Id'), 'Device id in Entra', '2c8a4f5e-9b1d-4b3a-8f0e-7d6c5b4a3921'),
      device_name: text(device('DisplayName'), 'Name of the device', 'LAPTOP-7C21'),
      operating_system: text(device('OS'), 'Operating system of the device', 'Windows10'),
      browser: text(device('BrowserType'), 'Browser', 'Edge'),
      trust_type: text(device('TrustType'), 'How the device is joined', '1'),
      is_compliant_and_managed: text(device('IsCompliantAndManaged'), 'Whether the device is compliant and managed, as sent', 'True'),
      inter_system_id: text(
        known(firstOf('InterSystemsId', 'InterSystemId')),
        'Ties the records of one action across services',
        '3c5a9d10-77aa-4f0e-9b61-cb8c2b1d5e42',
      ),
      intra_system_id: text(
        known(firstOf('IntraSystemId', 'IntraSystemsId')),
        'Ties the records of one action within a service',
        '0a6f3c52-2f4e-4b7d-9a51-08de2a1b7c11',
      ),
      role_name: text(
        firstOf(changedTo('Role.DisplayName'), changedFrom('Role.DisplayName'), ofRole(targetNameOnly, absent)),
        'Directory role that was granted or removed',
        'Global Administrator',
      ),
      role_template_id: text(
        firstOf(changedTo('Role.TemplateId'), changedFrom('Role.TemplateId')),
        'Template of that role; the same in every tenant',
        '62e90394-69f5-4237-9190-012177145e10',
      ),
      support_ticket_id: text('SupportTicketId', 'Support ticket on whose behalf it was done', '2611200040001234'),
    },
  ),
});
