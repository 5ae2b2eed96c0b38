import { actorColumns, boolean, domainOf, double, long, rowColumns, structs, text, texts } from './common-columns.ts';
import { normalizedDataset } from './normalized-dataset.ts';

/** How one factor asks for the other, or for a look at the screen: the same sign-in goes on under another request. */
const interrupts = [
  50055, 50058, 50059, 50072, 50074, 50076, 50079, 50097, 50125, 50127, 50129, 50140, 50143, 50144, 50158, 50199, 51006, 65001, 81010,
  81012,
];

/** @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const failureKinds: Readonly<Record<string, readonly number[]>> = {
  INVALID_CREDENTIALS: [50126, 50056, 50064, 80002, 80005, 80007, 80012, 81016],
  NO_SUCH_ACCOUNT: [50034, 50020, 51004, 90072],
  LOCKED: [50053],
  DISABLED: [50057],
  MFA_REFUSED: [500121, 50088, 50089, 50120, 53011],
  BLOCKED_BY_POLICY: [53000, 53001, 53002, 53003, 53004, 53009, 50131, 50105, 500011, 530032, 530034, 530035, 53012],
  TOKEN_EXPIRED: [50132, 50133, 50173, 70008, 70043, 70044, 700082, 700084, 50078],
  APPLICATION_REFUSED: [700016, 7000112, 7000215, 7000222, 700027, 700024, 700005, 70001, 50011, 65004, 65005, 90094],
  INTERRUPTED: interrupts,
};

const failureKind = `CASE WHEN error_code = 0 THEN NULL ${Object.entries(failureKinds)
  .map(([kind, codes]) => `WHEN error_code IN (${codes.join(', ')}) THEN '${kind}'`)
  .join(' ')} WHEN error_code IS NOT NULL THEN 'OTHER' END`;

const legacyClients = [
  'Authenticated SMTP',
  'Autodiscover',
  'Exchange ActiveSync',
  'Exchange Online PowerShell',
  'Exchange Web Services',
  'IMAP4',
  'MAPI Over HTTP',
  'Offline Address Book',
  'Other clients',
  'Outlook Anywhere (RPC over HTTP)',
  'POP3',
  'Reporting Web Services',
];

/**
 * Every sign-in. The outcome is that of `status.errorCode` alone: what conditional access decided stands in a column of its own, since a
 * wrong password is a failure also where no policy applied.
 */
export const authenticationStory = normalizedDataset({
  name: 'authentication_story',
  vendor: 'msft',
  product: 'Authentication Story',
  meaning: 'sign-ins of users, service principals and managed identities, every version that was served',
  logTypes: ['sign-ins-interactive', 'sign-ins-non-interactive', 'sign-ins-service-principal', 'sign-ins-managed-identity'],
  columns: {
    ...rowColumns('msft', 'Authentication Story', 'sign-ins-interactive'),
    ...actorColumns('sign-ins-interactive'),
    auth_outcome: text(
      `CASE WHEN error_code = 0 THEN 'SUCCESS' WHEN error_code IS NOT NULL THEN 'FAILURE' ELSE 'UNKNOWN' END`,
      'SUCCESS, FAILURE or UNKNOWN, by status.errorCode; an interrupt that goes on is a FAILURE of kind INTERRUPTED',
      'FAILURE',
    ),
    error_code: long('error_code', 'AADSTS number; 0 is success', '50126'),
    outcome_reason: text('failure_reason', 'Why it failed, in words', 'Invalid username or password.'),
    failure_kind: text(
      failureKind,
      `Why it failed, by kind: ${Object.keys(failureKinds).join(', ')} or OTHER`,
      'INVALID_CREDENTIALS',
      'error_code, by a table of kinds',
    ),
    conditional_access_result: text(
      'conditional_access_status',
      'What conditional access decided: success, failure, notApplied, ...',
      'notApplied',
    ),
    logon_type: text(
      `CASE log_type WHEN 'sign-ins-interactive' THEN 'INTERACTIVE' WHEN 'sign-ins-non-interactive' THEN 'NON_INTERACTIVE' WHEN 'sign-ins-service-principal' THEN 'SERVICE_PRINCIPAL' WHEN 'sign-ins-managed-identity' THEN 'MANAGED_IDENTITY' END`,
      'INTERACTIVE, NON_INTERACTIVE, SERVICE_PRINCIPAL or MANAGED_IDENTITY',
      'INTERACTIVE',
      'log_type',
    ),
    auth_client: text('coalesce(app_name, service_principal_name, app_id)', 'Application that asked', 'Contoso Timesheets'),
    auth_target: text('coalesce(target_name, target_id)', 'Resource that was asked for', 'Microsoft Graph'),
    auth_target_id: text('target_id', 'Id of that resource', '8a1d2b3c-4e5f-4061-9273-84a5b6c7d8e9'),
    auth_domain: text(domainOf('actor_upn'), 'Domain of the user', 'contoso.example'),
    associated_products: texts(`[product]`, 'Products that report it', '["Azure AD"]'),
    auth_service: text('token_issuer_type', 'Who issued the token: AzureAD, ADFederationServices, ...', 'AzureAD'),
    auth_method: text(
      'coalesce(authentication_details[1].method, authentication_methods[1], client_credential_type)',
      'First method, or credential of an application',
      'Password',
    ),
    auth_methods: texts(
      'coalesce(lake_some(lake_distinct(list_transform(authentication_details, step -> step.method))), authentication_methods)',
      'All methods, each once',
      '["Password", "Mobile app notification"]',
      'authentication_details.method, else authentication_methods',
    ),
    auth_protocol: text('authentication_protocol', 'Protocol, such as deviceCode or ropc', 'deviceCode'),
    auth_transfer_method: text('original_transfer_method', 'How an earlier session was handed over', 'deviceCodeFlow'),
    is_mfa_needed: boolean(
      `authentication_requirement = 'multiFactorAuthentication'`,
      'Whether more than one factor was asked for',
      'true',
    ),
    mfa_method: text(
      `coalesce(mfa_method, CASE WHEN len(authentication_details) > 1 THEN authentication_details[-1].method END)`,
      'Last of several methods',
      'Mobile app notification',
    ),
    client_app_used: text('client_app_used', 'Kind of client', 'Browser'),
    is_legacy_protocol: boolean(
      `client_app_used IN (${legacyClients.map((name) => `'${name}'`).join(', ')})`,
      'Whether the client cannot ask for a second factor',
      'false',
      'client_app_used, by a list of clients',
    ),
    network_rules: texts(
      `lake_some(list_transform(list_filter(conditional_access_policies, p -> p.result IN ('success', 'failure')), p -> p.name))`,
      'Conditional access policies that were applied',
      '["Require MFA for administrators"]',
      'conditional_access_policies.name where result is success or failure',
    ),
    conditional_access_policies: structs(
      { name: 'text', result: 'text' },
      `list_transform(conditional_access_policies, p -> {name: p.name, result: p.result})`,
      'Conditional access policies that were looked at, and what each decided',
      '[{"name": "Require MFA for administrators", "result": "success"}]',
      'name and result of conditional_access_policies',
    ),
    risk_level: text('risk_level_during_sign_in', 'Risk of the sign-in', 'medium'),
    risk_level_aggregated: text('risk_level_aggregated', 'Risk of the user altogether', 'high'),
    risk_state: text('risk_state', 'State of the risk', 'atRisk'),
    risk_detail: text('risk_detail', 'Why the risk state is what it is', 'none'),
    risk_event_types: texts('risk_event_types', 'Risks detected', '["unfamiliarFeatures"]'),
    user_name: text('user_name', 'Name of the user', 'Megan Bowen'),
    user_type: text('user_type', 'member or guest', 'member'),
    hostname: text('device_name', 'Name of the device', 'LAPTOP-7C21'),
    device_id: text('device_id', 'Device id in Entra', '2c8a4f5e-9b1d-4b3a-8f0e-7d6c5b4a3921'),
    operating_system: text('operating_system', 'Operating system of the device', 'Windows 11'),
    browser: text('browser', 'Browser of the device', 'Edge 141.0.0'),
    trust_type: text('trust_type', 'How the device is joined', 'Azure AD joined'),
    is_compliant: boolean('is_compliant', 'Whether the device is compliant', 'true'),
    is_managed: boolean('is_managed', 'Whether the device is managed', 'true'),
    city: text('city', 'City by address', 'Leipzig'),
    state: text('state', 'State by address', 'Sachsen'),
    country: text('country', 'Country by address', 'DE'),
    latitude: double('latitude', 'Latitude by address', '51.34'),
    longitude: double('longitude', 'Longitude by address', '12.37'),
    asn: long('autonomous_system_number', 'Network the address belongs to', '64500'),
    session_context_id: text('correlation_id', 'Ties the requests of one sign-in together', '3c5a9d10-77aa-4f0e-9b61-cb8c2b1d5e42'),
    session_id: text('session_id', 'Session; joins with saas_audit_logs', '0d9e8c7b-6a5f-4e3d-8c2b-1a0f9e8d7c6b'),
    unique_token_id: text('unique_token_id', 'Token issued; joins with saas_audit_logs', 'kT4mWq8ZsE-2yB1xVn0fAA'),
    incoming_token_type: text('incoming_token_type', 'Token presented', 'primaryRefreshToken'),
    service_principal_id: text('service_principal_id', 'Service principal that signed in', '6d0f1b7e-44c1-4f0b-a1b5-0c7f3d2e9a58'),
    service_principal_name: text('service_principal_name', 'Name of that service principal', 'contoso-backup'),
    credential_type: text('client_credential_type', 'Credential of the application', 'certificate'),
    credential_key_id: text('service_principal_credential_key_id', 'Key id of its credential', '5e1c9f04-3b7a-4d62-9d83-0a2f6c4b8e17'),
    managed_identity_type: text('managed_identity_type', 'Kind of managed identity', 'systemAssigned'),
    home_tenant_id: text('home_tenant_id', 'Tenant of the user', '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31'),
    resource_tenant_id: text('resource_tenant_id', 'Tenant of the resource', '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31'),
    cross_tenant_access_type: text('cross_tenant_access_type', 'How the user came from another tenant', 'b2bCollaboration'),
  },
});
