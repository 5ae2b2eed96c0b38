/** What the four kinds of Microsoft Entra sign-ins share. */

import { cloudIdsOf } from '../clouds.ts';
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
  said,
  structs,
  text,
  texts,
  time,
  translate,
  type Columns,
} from '../domain/columns.ts';
import { days, hours, minutes } from '../domain/window.ts';
import type { CommonColumns } from './common.ts';
import type { Permission, WindowSource } from './log-type.ts';

const directoryRead: Permission = {
  name: 'Directory.Read.All',
  why: "some tenants' licence check reads the directory",
  isOptional: true,
  satisfiedBy: ['Directory.ReadWrite.All'],
};

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
  latencyMs: minutes(10),
  // 30 days with Entra ID P1 or P2, 7 without; Microsoft answers with what it has.
  retentionMs: days(30),
  clouds: cloudIdsOf('graph'),
  isOfferedInFedramp: false,
  dataset: 'msft_azure_ad_raw',
  vendor: 'msft',
  product: 'Azure AD',
  identity: 'every typed column',
} as const;

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

const actorType = cases(
  [isPresent('managedServiceIdentity.msiType'), constant('managed-identity')],
  [isPresent('userType'), translate('userType', { member: 'member', guest: 'guest' }, 'unknown')],
  [isPresent('servicePrincipalId'), constant('service-principal')],
).otherwise(constant('unknown'));

/** @see https://learn.microsoft.com/graph/api/resources/signin */
export const signInCommon: CommonColumns = {
  event_time: time('createdDateTime', 'When the sign-in began'),
  record_id: text('id', 'Id of the sign-in'),
  service: text(constant('Microsoft Entra'), 'Microsoft service'),
  operation: text(constant('Sign-in'), 'Always Sign-in; log_type says the kind'),
  actor_id: text(firstOf(said('userId'), said('servicePrincipalId')), 'Object id of the user or service principal'),
  actor_upn: text(firstOf('userPrincipalName', 'servicePrincipalName'), 'User principal name, or name of the service principal'),
  actor_type: text(actorType, 'member, guest, service-principal, managed-identity or unknown'),
  source_ip: text(addressIn('ipAddress'), 'Address of the client'),
  source_port: long(portIn('ipAddress'), 'Port of the client'),
  user_agent: text('userAgent', 'Client as it names itself'),
  outcome: text(outcome, 'success, failure or unknown, by status.errorCode'),
  result_code: text('status.errorCode', 'AADSTS number; 0 is success'),
  app_id: text(said('appId'), 'Application that asked'),
  app_name: text('appDisplayName', 'Name of that application'),
  target_id: text(said('resourceId'), 'Resource that was asked for'),
  target_name: text('resourceDisplayName', 'Name of that resource'),
  target_type: text(cases([isPresent('resourceId'), constant('resource')]).otherwise({ op: 'none' }), 'Always resource'),
};

/** Fields of v1.0, of beta, and in the spelling of the Event Hub form of the same record. */
export const signInColumns: Columns = {
  error_code: long('status.errorCode', 'AADSTS number; 0 is success'),
  failure_reason: text('status.failureReason', 'Why it failed, in words'),
  additional_details: text('status.additionalDetails', 'What Microsoft adds to that'),
  user_name: text('userDisplayName', 'Name of the user'),
  user_type: text('userType', 'member or guest, as sent'),
  sign_in_identifier: text('signInIdentifier', 'What the user typed to sign in'),
  sign_in_identifier_type: text('signInIdentifierType', 'Kind of that'),
  sign_in_event_types: texts('signInEventTypes', 'Kinds of sign-in; often absent, log_type always says one'),
  is_interactive: boolean('isInteractive', 'Whether a person was asked'),
  client_app_used: text('clientAppUsed', 'Kind of client; names legacy protocols'),
  authentication_protocol: text('authenticationProtocol', 'Protocol, such as deviceCode or ropc'),
  original_transfer_method: text('originalTransferMethod', 'How an earlier session was handed over'),
  authentication_requirement: text('authenticationRequirement', 'singleFactorAuthentication or multiFactorAuthentication'),
  authentication_requirement_policies: structs(
    'authenticationRequirementPolicies',
    { provider: 'requirementProvider', detail: 'detail' },
    'What asked for more than one factor',
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
  ),
  authentication_methods: texts('authenticationMethodsUsed', 'Methods that were used'),
  authentication_processing: pairs('authenticationProcessingDetails', 'What the service noted while processing, by name', {
    name: 'key',
    value: 'value',
  }),
  authentication_contexts: structs(
    'authenticationContextClassReferences',
    { id: 'id', detail: { paths: ['detail', 'details'], as: 'text' } },
    'Authentication contexts asked for',
  ),
  mfa_method: text('mfaDetail.authMethod', 'Second factor; deprecated by Microsoft'),
  mfa_detail: text('mfaDetail.authDetail', 'Its masked phone number or device; deprecated by Microsoft'),
  client_credential_type: text('clientCredentialType', 'Credential of the application: clientSecret, certificate, ...'),
  conditional_access_status: text('conditionalAccessStatus', 'What conditional access decided'),
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
  ),
  conditional_access_audiences: texts(
    { op: 'each', path: 'conditionalAccessAudiences', field: 'applicationId', as: 'text' },
    'Applications that policies were looked up for',
  ),
  risk_state: text('riskState', 'State of the risk: none, atRisk, remediated, dismissed, ...'),
  risk_level_during_sign_in: text(
    firstOf('riskLevelDuringSignIn', 'riskLevelDuringsignIn'),
    'Risk during the sign-in; hidden without Entra ID P2',
  ),
  risk_level_aggregated: text('riskLevelAggregated', 'Risk of the user altogether; hidden without Entra ID P2'),
  risk_detail: text('riskDetail', 'Why the risk state is what it is'),
  risk_event_types: texts(
    {
      op: 'first',
      of: [
        { op: 'field', path: 'riskEventTypes_v2', as: 'texts' },
        { op: 'field', path: 'riskEventTypes', as: 'texts' },
      ],
    },
    'Risks detected',
  ),
  is_flagged_for_review: boolean('flaggedForReview', 'Whether the user asked an administrator to look at it'),
  device_id: text(said('deviceDetail.deviceId'), 'Device id in Entra'),
  device_name: text('deviceDetail.displayName', 'Name of the device'),
  operating_system: text('deviceDetail.operatingSystem', 'Operating system of the device'),
  browser: text('deviceDetail.browser', 'Browser of the device'),
  browser_id: text(said('deviceDetail.browserId'), 'Id of the browser'),
  trust_type: text('deviceDetail.trustType', 'How the device is joined'),
  is_compliant: boolean('deviceDetail.isCompliant', 'Whether the device is compliant'),
  is_managed: boolean('deviceDetail.isManaged', 'Whether the device is managed'),
  city: text('location.city', 'City by address'),
  state: text('location.state', 'State by address'),
  country: text('location.countryOrRegion', 'Country by address'),
  latitude: double('location.geoCoordinates.latitude', 'Latitude by address; 0 where there is no address'),
  longitude: double('location.geoCoordinates.longitude', 'Longitude by address; 0 where there is no address'),
  autonomous_system_number: long('autonomousSystemNumber', 'Network the address belongs to'),
  resource_provider_ip: text(addressIn('ipAddressFromResourceProvider'), 'Address as the resource saw it'),
  global_secure_access_ip: text(addressIn('globalSecureAccessIpAddress'), 'Address of Global Secure Access'),
  network_locations: structs(
    'networkLocationDetails',
    { type: 'networkType', names: ['networkNames', 'texts'] },
    'Named locations the address lies in',
  ),
  correlation_id: text(said('correlationId'), 'Ties the requests of one sign-in together'),
  original_request_id: text(said('originalRequestId'), 'First request of the sign-in'),
  session_id: text(said('sessionId'), 'Session; joins with session_id of the audit records'),
  unique_token_id: text('uniqueTokenIdentifier', 'Token issued; joins with unique_token_id of the audit records'),
  incoming_token_type: text('incomingTokenType', 'Token presented, such as primaryRefreshToken'),
  token_issuer_type: text('tokenIssuerType', 'AzureAD or ADFederationServices, ...'),
  token_issuer_name: text('tokenIssuerName', 'Federation service that issued the token'),
  token_protection_status: text(
    firstOf('tokenProtectionStatusDetails.signInSessionStatus', 'signInTokenProtectionStatus'),
    'Whether the session is bound to the device',
  ),
  session_lifetime_policies: structs(
    'sessionLifetimePolicies',
    { detail: 'detail', expiration: 'expirationRequirement' },
    'Policies that shortened the session',
  ),
  home_tenant_id: text(said('homeTenantId'), 'Tenant of the user'),
  home_tenant_name: text('homeTenantName', 'Name of that tenant'),
  resource_tenant_id: text(said('resourceTenantId'), 'Tenant of the resource'),
  cross_tenant_access_type: text('crossTenantAccessType', 'none, b2bCollaboration, passthrough, ...'),
  is_tenant_restricted: boolean('isTenantRestricted', 'Whether tenant restrictions applied'),
  resource_service_principal_id: text(said('resourceServicePrincipalId'), 'Service principal of the resource'),
  app_owner_tenant_id: text(said('appOwnerTenantId'), 'Tenant that owns the application'),
  resource_owner_tenant_id: text(said('resourceOwnerTenantId'), 'Tenant that owns the resource'),
  service_principal_id: text(said('servicePrincipalId'), 'Service principal that signed in'),
  service_principal_name: text('servicePrincipalName', 'Name of that service principal'),
  service_principal_credential_key_id: text(said('servicePrincipalCredentialKeyId'), 'Key id of its credential'),
  service_principal_credential_thumbprint: text('servicePrincipalCredentialThumbprint', 'Thumbprint of its certificate'),
  federated_credential_id: text(said('federatedCredentialId'), 'Federated credential that was used'),
  managed_identity_type: text('managedServiceIdentity.msiType', 'systemAssigned, userAssigned, ...'),
  managed_identity_resource_id: text('managedServiceIdentity.associatedResourceId', 'Azure resource of the managed identity'),
  azure_resource_id: text('azureResourceId', 'Azure resource that was used'),
  agent_type: text('agent.agentType', 'Kind of AI agent that signed in'),
  processing_time_ms: long('processingTimeInMilliseconds', 'How long the sign-in took'),
};
