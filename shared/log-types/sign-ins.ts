/** What the four kinds of Microsoft Entra sign-ins share. */

import {
  addressIn,
  boolean,
  cases,
  constant,
  double,
  firstOf,
  is,
  isPresent,
  long,
  pairs,
  portIn,
  known,
  structs,
  text,
  texts,
  time,
  translate,
  type Columns,
} from '../domain/columns.ts';
import { days, hours, minutes } from '../domain/window.ts';
import { addressesAsSent, type CommonColumns } from './common.ts';
import { graphClouds } from './graph-clouds.ts';
import type { Permission, WindowSource } from './log-type.ts';
import type { Recognition, Shape } from './recognition.ts';

const directoryRead: Permission = {
  name: 'Directory.Read.All',
  why: "some tenants' licence check reads the directory",
  isOptional: true,
  satisfiedBy: ['Directory.ReadWrite.All'],
};

/** What the four log types share: permissions, licence, latency, dataset, and which columns make two records the same. */
export const signIns = {
  reference: 'https://learn.microsoft.com/graph/api/signin-list',
  permissions: [
    { name: 'AuditLog.Read.All' },
    directoryRead,
    {
      name: 'Policy.Read.ConditionalAccess',
      why: 'without it Microsoft leaves the applied conditional access policies out',
      isOptional: true,
      satisfiedBy: ['Policy.Read.All', 'Policy.ReadWrite.ConditionalAccess'],
    },
  ] as readonly Permission[],
  licence: 'Microsoft Entra ID P1 or P2',
  latencyMs: minutes(10),
  // 30 days with Entra ID P1 or P2, 7 without; Microsoft answers with what it has.
  retentionMs: days(30),
  clouds: graphClouds,
  isOfferedInFedramp: false,
  dataset: 'msft_azure_ad_raw',
  vendor: 'msft',
  product: 'Azure AD',
  identity: 'every typed column',
} as const;

/** How each kind differs where nobody says it: `signInEventTypes` is often absent, and then the fields of the kind have to decide. */
const kinds: Readonly<Record<SignInKind, { readonly elsewhere: readonly string[]; readonly shapes: readonly Shape[] }>> = {
  interactiveUser: {
    elsewhere: ['SignInLogs', 'AADSignInLogs'],
    shapes: [
      { isInteractive: [true] },
      { isInteractive: 'nothing', servicePrincipalId: 'nothing', 'managedServiceIdentity.msiType': 'nothing' },
    ],
  },
  nonInteractiveUser: {
    elsewhere: ['NonInteractiveUserSignInLogs', 'AADNonInteractiveUserSignInLogs'],
    shapes: [{ isInteractive: [false], servicePrincipalId: 'nothing', 'managedServiceIdentity.msiType': 'nothing' }],
  },
  // A managed identity is a service principal too: only its kind or its type shows that it is one.
  servicePrincipal: {
    elsewhere: ['ServicePrincipalSignInLogs', 'AADServicePrincipalSignInLogs'],
    shapes: [
      { isInteractive: [false], servicePrincipalId: 'anything' },
      { isInteractive: 'nothing', servicePrincipalId: 'anything' },
    ],
  },
  managedIdentity: {
    elsewhere: ['ManagedIdentitySignInLogs', 'AADManagedIdentitySignInLogs'],
    shapes: [{ 'managedServiceIdentity.msiType': ['systemAssigned', 'userAssigned'] }],
  },
};

type SignInKind = 'interactiveUser' | 'nonInteractiveUser' | 'servicePrincipal' | 'managedIdentity';

/** Any of these beside `createdDateTime` makes a sign-in of it; alerts have none. */
const signInFields = ['status.errorCode', 'appId', 'appDisplayName', 'clientAppUsed', 'conditionalAccessStatus', 'ipAddress'];

/** @see https://learn.microsoft.com/entra/identity/monitoring-health/concept-diagnostic-settings-logs-options Categories of Azure Monitor. */
export function recognizeSignIns(kind: SignInKind): Recognition {
  const { elsewhere, shapes } = kinds[kind];
  const untold = shapes.flatMap((shape) =>
    signInFields.map((field): Shape => ({ createdDateTime: 'anything', signInEventTypes: 'nothing', [field]: 'anything', ...shape })),
  );
  return {
    id: ['id'],
    times: ['createdDateTime'],
    organization: 'tenantId',
    elsewhere,
    shapes: [{ createdDateTime: 'anything', signInEventTypes: [kind] }, ...untold],
  };
}

const betaPath = '/beta/auditLogs/signIns';
const otherKinds = ['sign-ins-non-interactive', 'sign-ins-service-principal', 'sign-ins-managed-identity'];

/** @param eventType Microsoft's name of the kind, e.g. `nonInteractiveUser`. */
export function signInWindows(eventType: string): WindowSource {
  const isInteractive = eventType === 'interactiveUser';
  return {
    kind: 'windows',
    path: isInteractive ? '/v1.0/auditLogs/signIns' : betaPath,
    ...(isInteractive ? { beta: { path: betaPath, whenAlso: otherKinds } } : {}),
    timeField: 'createdDateTime',
    timeColumn: 'event_time',
    filter: `(signInEventTypes/any(t: t eq '${eventType}'))`,
    throttle: 'reporting',
    laterPassesMs: [hours(1), hours(24)],
  };
}

/** AADSTS number 0 is success whatever conditional access says; see status.errorCode. */
const outcome = cases([is('status.errorCode', '0'), constant('success')], [isPresent('status.errorCode'), constant('failure')]).otherwise(
  constant('unknown'),
);

const actorType = firstOf(translate('userType', { member: 'member', guest: 'guest' }, 'unknown'), constant('unknown'));

/** @see https://learn.microsoft.com/graph/api/resources/signin */
export const signInCommon: CommonColumns = {
  event_time: time('createdDateTime', 'When the sign-in began', '2026-11-20 09:14:03.118+00'),
  record_id: text('id', 'Id of the sign-in', '66ea54eb-6301-4ee5-be62-ff5a759b0100'),
  service: text(constant('Microsoft Entra'), 'Microsoft service', 'Microsoft Entra'),
  operation: text(constant('Sign-in'), 'Always Sign-in; log_type has the kind', 'Sign-in'),
  actor_id: text(
    firstOf(known('userId'), known('servicePrincipalId')),
    'Object id of the user or service principal',
    '9c1d7a2e-0b4f-4f6d-8e3a-5b7c9d1e2f30',
  ),
  actor_upn: text(
    firstOf('userPrincipalName', 'servicePrincipalName'),
    'User principal name, or name of the service principal',
    'megan@contoso.example',
  ),
  actor_type: text(actorType, 'member, guest, service-principal, managed-identity or unknown', 'member'),
  source_ip: text(addressIn('ipAddress'), 'Address of the client', '203.0.113.24'),
  source_port: long(portIn('ipAddress'), 'Port of the client', '51844'),
  user_agent: text('userAgent', 'Client as it names itself', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/141.0'),
  outcome: text(outcome, 'success, failure or unknown, by status.errorCode', 'failure'),
  result_code: text('status.errorCode', 'AADSTS number; 0 is success', '50126'),
  app_id: text(known('appId'), 'Application that asked', '7b2f0c7e-1f55-4d6a-8a8b-2f6f3a9d0c11'),
  app_name: text('appDisplayName', 'Name of that application', 'Contoso Timesheets'),
  target_id: text(known('resourceId'), 'Resource that was asked for', '00000003-0000-0000-c000-000000000000'),
  target_name: text('resourceDisplayName', 'Name of that resource', 'Microsoft Graph'),
  target_type: text(cases([isPresent('resourceId'), constant('resource')]).otherwise({ op: 'absent' }), 'Always resource', 'resource'),
};

/**
 * The common columns of sign-ins without a user: what signs in is of the log type's kind. Real records of managed identities have
 * `userType: Member` and no `managedServiceIdentity`, so the record does not show it.
 */
export const signInCommonOf = (kind: 'service-principal' | 'managed-identity'): CommonColumns => ({
  ...signInCommon,
  actor_type: text(constant(kind), 'member, guest, service-principal, managed-identity or unknown', kind),
});

/** Fields of v1.0, of beta, and in the spelling of the Event Hub form of the same record. */
export const signInColumns: Columns = {
  source_addresses: addressesAsSent('ipAddress', 'ipAddressFromResourceProvider', 'globalSecureAccessIpAddress'),
  error_code: long('status.errorCode', 'AADSTS number; 0 is success', '50126'),
  failure_reason: text('status.failureReason', 'Why it failed, in words', 'Invalid username or password.'),
  additional_details: text('status.additionalDetails', 'What Microsoft adds to that', 'The user typed an outdated password.'),
  user_name: text('userDisplayName', 'Name of the user', 'Megan Bowen'),
  user_type: text('userType', 'member or guest, as sent', 'member'),
  sign_in_identifier: text('signInIdentifier', 'What the user typed to sign in', 'megan@contoso.example'),
  sign_in_identifier_type: text('signInIdentifierType', 'Kind of that', 'userPrincipalName'),
  sign_in_event_types: texts('signInEventTypes', 'Kinds of sign-in; often absent; log_type always has one', '["interactiveUser"]'),
  is_interactive: boolean('isInteractive', 'Whether a person was asked', 'true'),
  client_app_used: text('clientAppUsed', 'Kind of client; names legacy protocols', 'Browser'),
  authentication_protocol: text('authenticationProtocol', 'Protocol, such as deviceCode or ropc', 'deviceCode'),
  original_transfer_method: text('originalTransferMethod', 'How an earlier session was handed over', 'deviceCodeFlow'),
  authentication_requirement: text(
    'authenticationRequirement',
    'singleFactorAuthentication or multiFactorAuthentication',
    'multiFactorAuthentication',
  ),
  authentication_requirement_policies: structs(
    'authenticationRequirementPolicies',
    { provider: 'requirementProvider', detail: 'detail' },
    'What asked for more than one factor',
    '[{"provider": "multiConditionalAccess", "detail": "Conditional Access"}]',
  ),
  authentication_details: structs(
    'authenticationDetails',
    {
      step_time: ['authenticationStepDateTime', 'time'],
      method: 'authenticationMethod',
      method_detail: 'authenticationMethodDetail',
      requirement: 'authenticationStepRequirement',
      result_detail: 'authenticationStepResultDetail',
      is_success: ['succeeded', 'boolean'],
    },
    'Steps of the authentication',
    '[{"step_time": "2026-11-20 09:14:03+00", "method": "Password", "method_detail": "Password in the cloud", "requirement": "Primary authentication", "result_detail": "Invalid password", "is_success": false}]',
  ),
  authentication_methods: texts('authenticationMethodsUsed', 'Methods that were used', '["Password", "Mobile app notification"]'),
  authentication_processing: pairs(
    'authenticationProcessingDetails',
    'What the service noted while processing, by name',
    '{"Login Hint Present": "True"}',
    {
      name: 'key',
      value: 'value',
    },
  ),
  authentication_contexts: structs(
    'authenticationContextClassReferences',
    { id: 'id', detail: { paths: ['detail', 'details'], as: 'text' } },
    'Authentication contexts asked for',
    '[{"id": "urn:user:registersecurityinfo", "detail": "required"}]',
  ),
  mfa_method: text('mfaDetail.authMethod', 'Second factor; deprecated by Microsoft', 'Mobile app notification'),
  mfa_detail: text('mfaDetail.authDetail', 'Its masked phone number or device; deprecated by Microsoft', '+XX XXXXXXXX12'),
  client_credential_type: text('clientCredentialType', 'Credential of the application: clientSecret, certificate, ...', 'certificate'),
  conditional_access_status: text('conditionalAccessStatus', 'What conditional access decided', 'notApplied'),
  conditional_access_policies: structs(
    'appliedConditionalAccessPolicies',
    {
      id: 'id',
      name: 'displayName',
      result: 'result',
      grant_controls: ['enforcedGrantControls', 'texts'],
      session_controls: ['enforcedSessionControls', 'texts'],
      conditions_satisfied: 'conditionsSatisfied',
      conditions_not_satisfied: 'conditionsNotSatisfied',
    },
    'Policies that were looked at, and what each decided; absent without Policy.Read.ConditionalAccess',
    '[{"id": "1f3d5b79-8a0c-4e26-b4d8-6f2e0c4a1b3d", "name": "Require MFA for administrators", "result": "success", "grant_controls": ["Mfa"], "session_controls": null, "conditions_satisfied": "application,users", "conditions_not_satisfied": null}]',
  ),
  conditional_access_audiences: texts(
    { op: 'each', path: 'conditionalAccessAudiences', field: 'applicationId', as: 'text' },
    'Applications that policies were looked up for',
    '["00000003-0000-0000-c000-000000000000"]',
  ),
  risk_state: text('riskState', 'State of the risk: absent, atRisk, remediated, dismissed, ...', 'atRisk'),
  risk_level_during_sign_in: text(
    firstOf('riskLevelDuringSignIn', 'riskLevelDuringsignIn'),
    'Risk during the sign-in; hidden without Entra ID P2',
    'medium',
  ),
  risk_level_aggregated: text('riskLevelAggregated', 'Risk of the user altogether; hidden without Entra ID P2', 'high'),
  risk_detail: text('riskDetail', 'Why the risk state is what it is', 'none'),
  risk_event_types: texts(
    {
      op: 'first',
      of: [
        { op: 'field', path: 'riskEventTypes_v2', as: 'texts' },
        { op: 'field', path: 'riskEventTypes', as: 'texts' },
      ],
    },
    'Risks detected',
    '["unfamiliarFeatures"]',
  ),
  is_flagged_for_review: boolean('flaggedForReview', 'Whether the user asked an administrator to look at it', 'false'),
  device_id: text(known('deviceDetail.deviceId'), 'Device id in Entra', '2c8a4f5e-9b1d-4b3a-8f0e-7d6c5b4a3921'),
  device_name: text('deviceDetail.displayName', 'Name of the device', 'LAPTOP-7C21'),
  operating_system: text('deviceDetail.operatingSystem', 'Operating system of the device', 'Windows 11'),
  browser: text('deviceDetail.browser', 'Browser of the device', 'Edge 141.0.0'),
  browser_id: text(known('deviceDetail.browserId'), 'Id of the browser', '4e6c8a0b-2d1f-4b3d-95f7-a9c1e3d5b708'),
  trust_type: text('deviceDetail.trustType', 'How the device is joined', 'Azure AD joined'),
  is_compliant: boolean('deviceDetail.isCompliant', 'Whether the device is compliant', 'true'),
  is_managed: boolean('deviceDetail.isManaged', 'Whether the device is managed', 'true'),
  city: text('location.city', 'City by address', 'Leipzig'),
  state: text('location.state', 'State by address', 'Sachsen'),
  country: text('location.countryOrRegion', 'Country by address', 'DE'),
  latitude: double('location.geoCoordinates.latitude', 'Latitude by address; 0 where there is no address', '51.34'),
  longitude: double('location.geoCoordinates.longitude', 'Longitude by address; 0 where there is no address', '12.37'),
  autonomous_system_number: long('autonomousSystemNumber', 'Network the address belongs to', '64500'),
  resource_provider_ip: text(addressIn('ipAddressFromResourceProvider'), 'Address as the resource saw it', '203.0.113.24'),
  global_secure_access_ip: text(addressIn('globalSecureAccessIpAddress'), 'Address of Global Secure Access', '198.51.100.7'),
  network_locations: structs(
    'networkLocationDetails',
    { type: 'networkType', names: ['networkNames', 'texts'] },
    'Named locations the address lies in',
    '[{"type": "trustedNamedLocation", "names": ["Leipzig office"]}]',
  ),
  correlation_id: text(known('correlationId'), 'Ties the requests of one sign-in together', '3c5a9d10-77aa-4f0e-9b61-cb8c2b1d5e42'),
  original_request_id: text(known('originalRequestId'), 'First request of the sign-in', '66ea54eb-6301-4ee5-be62-ff5a759b0100'),
  session_id: text(known('sessionId'), 'Session; joins with session_id of the audit records', '0d9e8c7b-6a5f-4e3d-8c2b-1a0f9e8d7c6b'),
  unique_token_id: text('uniqueTokenIdentifier', 'Token issued; joins with unique_token_id of the audit records', 'kT4mWq8ZsE-2yB1xVn0fAA'),
  incoming_token_type: text('incomingTokenType', 'Token presented, such as primaryRefreshToken', 'primaryRefreshToken'),
  token_issuer_type: text('tokenIssuerType', 'AzureAD or ADFederationServices, ...', 'AzureAD'),
  token_issuer_name: text('tokenIssuerName', 'Federation service that issued the token', 'Contoso federation'),
  token_protection_status: text(
    firstOf('tokenProtectionStatusDetails.signInSessionStatus', 'signInTokenProtectionStatus'),
    'Whether the session is bound to the device',
    'bound',
  ),
  session_lifetime_policies: structs(
    'sessionLifetimePolicies',
    { detail: 'detail', expiration: 'expirationRequirement' },
    'Policies that shortened the session',
    '[{"detail": "signInFrequencyPeriodicReauthentication", "expiration": "signInFrequencyPeriodicReauthentication"}]',
  ),
  home_tenant_id: text(known('homeTenantId'), 'Tenant of the user', '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31'),
  home_tenant_name: text('homeTenantName', 'Name of that tenant', 'Contoso'),
  resource_tenant_id: text(known('resourceTenantId'), 'Tenant of the resource', '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31'),
  cross_tenant_access_type: text('crossTenantAccessType', 'none, b2bCollaboration, passthrough, ...', 'b2bCollaboration'),
  is_tenant_restricted: boolean('isTenantRestricted', 'Whether tenant restrictions applied', 'false'),
  resource_service_principal_id: text(
    known('resourceServicePrincipalId'),
    'Service principal of the resource',
    '8a1d2b3c-4e5f-4061-9273-84a5b6c7d8e9',
  ),
  app_owner_tenant_id: text(known('appOwnerTenantId'), 'Tenant that owns the application', 'a4e1c0d2-7b36-4f58-9a0e-1c2d3e4f5a6b'),
  resource_owner_tenant_id: text(known('resourceOwnerTenantId'), 'Tenant that owns the resource', 'a4e1c0d2-7b36-4f58-9a0e-1c2d3e4f5a6b'),
  service_principal_id: text(known('servicePrincipalId'), 'Service principal that signed in', '6d0f1b7e-44c1-4f0b-a1b5-0c7f3d2e9a58'),
  service_principal_name: text('servicePrincipalName', 'Name of that service principal', 'contoso-backup'),
  service_principal_credential_key_id: text(
    known('servicePrincipalCredentialKeyId'),
    'Key id of its credential',
    '5e1c9f04-3b7a-4d62-9d83-0a2f6c4b8e17',
  ),
  service_principal_credential_thumbprint: text(
    'servicePrincipalCredentialThumbprint',
    'Thumbprint of its certificate',
    '3F7A9C1E5B2D4F6081A3C5E7092B4D6F8A1C3E50',
  ),
  federated_credential_id: text(
    known('federatedCredentialId'),
    'Federated credential that was used',
    'b0d2f4a6-8c1e-4a3b-9d5f-7e9c1b3d5f70',
  ),
  managed_identity_type: text('managedServiceIdentity.msiType', 'systemAssigned, userAssigned, ...', 'systemAssigned'),
  managed_identity_resource_id: text(
    'managedServiceIdentity.associatedResourceId',
    'Azure resource of the managed identity',
    '/subscriptions/1a2b3c4d/resourceGroups/backup/providers/Microsoft.Compute/virtualMachines/vm1',
  ),
  azure_resource_id: text('azureResourceId', 'Azure resource that was used', '/subscriptions/1a2b3c4d/resourceGroups/backup'),
  agent_type: text('agent.agentType', 'Kind of AI agent that signed in', 'notAgentic'),
  agent_subject_type: text('agent.agentSubjectType', 'Kind of AI agent that was signed in for', 'notAgentic'),
  processing_time_ms: long('processingTimeInMilliseconds', 'How long the sign-in took', '187'),
};
