import { eachOf, firstOf, long, pairs, said, structs, text, texts, translate, valueNamed, within } from '../domain/columns.ts';
import { columnsOf } from './common.ts';
import type { LogType } from './log-type.ts';
import {
  addressColumns,
  commonSchema,
  commonSchemaColumns,
  content,
  failureByCode,
  managementActivity,
  statedResult,
} from './management-activity.ts';

/** Actors and targets are lists of one thing under several ids; this is how the type of an id is written. */
const idByType = { name: 'Type', value: 'ID' };

/**
 * Failed sign-ins say `Success` in ResultStatus, which only means that the request was answered: the operation and the
 * error number are surer.
 */
const outcome = statedResult(
  translate('Operation', { userloggedin: 'success', userloginfailed: 'failure' }),
  failureByCode('ErrorNumber'),
  failureByCode('ErrorCode'),
  failureByCode('LoginStatus'),
);

const device = (name: string) => said(valueNamed('DeviceProperties', name));

export const auditAzureActiveDirectory: LogType = {
  ...managementActivity,
  id: 'audit-azure-active-directory',
  title: 'Microsoft 365 audit: Microsoft Entra',
  reference:
    'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#azure-active-directory-base-schema',
  source: content('Audit.AzureActiveDirectory'),
  dataset: 'msft_o365_azure_ad_raw',
  product: 'O365 Azure AD',
  columns: columnsOf(
    {
      ...commonSchema,
      ...addressColumns('ClientIP', 'ActorIpAddress'),
      user_agent: text(
        firstOf(valueNamed('ExtendedProperties', 'UserAgent'), within(valueNamed('ExtendedProperties', 'additionalDetails'), 'User-Agent')),
        'Client as it names itself',
      ),
      outcome: text(outcome, 'success, failure or unknown, by operation and error code before ResultStatus'),
      app_name: text(firstOf('Application', 'AppAccessContext.ClientAppName'), 'Name of the application used'),
      target_name: text(
        firstOf(valueNamed('Target', '1', idByType), valueNamed('Target', '5', idByType)),
        'Name or user principal name of the target',
      ),
      target_type: text(
        valueNamed('ExtendedProperties', 'extendedAuditEventCategory'),
        'Kind of the target: User, Group, ServicePrincipal, ...',
      ),
    },
    {
      ...commonSchemaColumns,
      session_id: text(
        firstOf(said('AppAccessContext.AADSessionId'), device('SessionId')),
        'Session of the sign-in, or the one it was done in; joins with sign-ins',
      ),
      event_type: long('AzureActiveDirectoryEventType', '0 account logon, 1 application security event'),
      error_code: long(firstOf('ErrorNumber', 'ErrorCode'), 'AADSTS number of a sign-in; 0 is success'),
      logon_error: text(firstOf('LogonError', valueNamed('ExtendedProperties', 'LoginError')), 'Why a sign-in failed, by name'),
      login_status: long('LoginStatus', 'Status of an account logon (record type 9); 0 is success'),
      client: text('Client', 'Client or service of an account logon'),
      user_domain: text('UserDomain', 'Domain of the user'),
      actor_ids: texts(eachOf('Actor', 'ID'), 'Every id of who acted: object id, PUID, user principal name'),
      actor_tenant_id: text(said('ActorContextId'), 'Tenant of who acted'),
      target_ids: texts(eachOf('Target', 'ID'), 'Every id of the target'),
      target_tenant_id: text(said('TargetContextId'), 'Tenant of the target'),
      modified_properties: structs(
        'ModifiedProperties',
        { name: 'Name', new_value: 'NewValue', old_value: 'OldValue' },
        'What was changed, from what, to what',
      ),
      extended_properties: pairs('ExtendedProperties', 'Further properties by name'),
      request_type: text(valueNamed('ExtendedProperties', 'RequestType'), 'Protocol step of a sign-in, such as OAuth2:Token'),
      result_detail: text(valueNamed('ExtendedProperties', 'ResultStatusDetail'), 'Result of a sign-in in more words'),
      authentication_method: text(valueNamed('ExtendedProperties', 'UserAuthenticationMethod'), 'Number of the authentication method'),
      device_properties: pairs('DeviceProperties', 'What a sign-in says of the device, by name'),
      device_id: text(device('Id'), 'Device id in Entra'),
      device_name: text(device('DisplayName'), 'Name of the device'),
      operating_system: text(device('OS'), 'Operating system of the device'),
      browser: text(device('BrowserType'), 'Browser'),
      trust_type: text(device('TrustType'), 'How the device is joined'),
      is_compliant_and_managed: text(device('IsCompliantAndManaged'), 'Whether the device is compliant and managed, as sent'),
      inter_system_id: text(said(firstOf('InterSystemsId', 'InterSystemId')), 'Ties the records of one action across services'),
      intra_system_id: text(said(firstOf('IntraSystemId', 'IntraSystemsId')), 'Ties the records of one action within a service'),
      support_ticket_id: text('SupportTicketId', 'Support ticket on whose behalf it was done'),
    },
  ),
};
