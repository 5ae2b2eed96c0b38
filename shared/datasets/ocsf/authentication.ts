import { actingUser, actor, device, locatedEndpoint, observables, userAgent } from './base-event.ts';
import { boolean, captioned, constant, long, object, text, translated, unmapped, type Fields } from './fields.ts';
import { ocsfDataset } from './ocsf-dataset.ts';

const logonTypes = { 0: 'Unknown', 2: 'Interactive', 3: 'Network', 5: 'OS Service', 99: 'Other' };
const protocols = { 0: 'Unknown', 5: 'SAML', 6: 'OAUTH 2.0', 99: 'Other' };

/** A sign-in of Graph. Of the Management API the attributes are the same, NULL where it does not have them. */
function signIn(): Fields {
  const logon = captioned(`CASE log_type WHEN 'sign-ins-interactive' THEN 2 WHEN 'sign-ins-non-interactive' THEN 3 ELSE 5 END`, logonTypes);
  const protocol = captioned(
    `CASE WHEN authentication_protocol IN ('oAuth2', 'deviceCode', 'ropc', 'authenticationTransfer', 'nativeAuth') THEN 6
      WHEN authentication_protocol IN ('saml20', 'wsFederation') THEN CASE authentication_protocol WHEN 'saml20' THEN 5 ELSE 99 END ELSE 0 END`,
    protocols,
  );
  return {
    user: actingUser(),
    service: object({ name: text('coalesce(target_name, app_name)'), uid: text('coalesce(target_id, app_id)') }),
    actor: actor('session_id'),
    src_endpoint: locatedEndpoint(),
    device: device({ uid: 'device_id', name: 'device_name', isManaged: 'is_managed', isCompliant: 'is_compliant' }),
    http_request: userAgent(),
    session: object({ uid: text('session_id'), issuer: text('coalesce(token_issuer_name, token_issuer_type)') }, ['uid']),
    logon_type_id: logon.id,
    logon_type: logon.caption,
    auth_protocol_id: protocol.id,
    auth_protocol: protocol.caption,
    is_mfa: boolean(`authentication_requirement = 'multiFactorAuthentication'`),
    is_remote: boolean('true'),
    status_detail: text('failure_reason'),
    observables: seen(),
    unmapped: unmapped(
      'conditional_access_status',
      'authentication_protocol',
      'client_app_used',
      'authentication_requirement',
      'original_transfer_method',
      'risk_level_during_sign_in',
      'risk_state',
      'risk_level_aggregated',
      'risk_detail',
      'incoming_token_type',
      'unique_token_id',
      'client_credential_type',
      'service_principal_credential_key_id',
      'managed_identity_type',
      'home_tenant_id',
      'resource_tenant_id',
      'cross_tenant_access_type',
      'operating_system',
      'browser',
      'trust_type',
      'user_type',
      'additional_details',
    ),
  };
}

function managementSignIn(): Fields {
  const like = signIn();
  return {
    ...like,
    service: object({
      name: text(asked('client', 'coalesce(target_name, app_name)')),
      uid: text(asked('app_id', 'coalesce(target_id, app_id)')),
    }),
    src_endpoint: { type: like.src_endpoint?.type ?? 'text', sql: sourceEndpointLike() },
    device: device({ uid: 'device_id', name: 'device_name' }),
    session: object({ uid: text('session_id'), issuer: text('NULL') }, ['uid']),
    logon_type_id: long('0'),
    logon_type: constant('Unknown'),
    auth_protocol_id: long(protocolOfRequest),
    auth_protocol: text(translated(`CAST(${protocolOfRequest} AS VARCHAR)`, protocols)),
    is_mfa: boolean('NULL'),
    status_code: text('coalesce(CAST(error_code AS VARCHAR), result_code)'),
    status_detail: text('logon_error'),
    unmapped: unmapped(
      'record_type',
      'request_type',
      'result_detail',
      'authentication_method',
      'operating_system',
      'browser',
      'trust_type',
      'unique_token_id',
    ),
  };
}

/** An account logon (record type 9) has the account as its object, and the service as its client. */
const asked = (ofLogon: string, ofSignIn: string): string => `CASE WHEN record_type = 9 THEN ${ofLogon} ELSE ${ofSignIn} END`;

const protocolOfRequest = `CASE WHEN request_type LIKE 'OAuth2:%' THEN 6 WHEN request_type LIKE 'Saml%' THEN 5 ELSE 0 END`;

/** The same fields, without a place. */
function sourceEndpointLike(): string {
  return object(
    {
      ...{ ip: text('source_ip'), port: long('source_port') },
      location: { type: { structOf: {} }, sql: 'NULL' },
      autonomous_system: { type: { structOf: {} }, sql: 'NULL' },
    },
    ['ip'],
  ).sql;
}

const seen = () =>
  observables(
    ['user.name', 4, 'actor_upn'],
    ['src_endpoint.ip', 2, 'source_ip'],
    ['device.uid', 47, 'device_id'],
    ['http_request.user_agent', 16, 'user_agent'],
  );

/** Sign-ins: all of Graph, and the logons that the Management API reports. */
export const ocsfAuthentication = ocsfDataset({
  dataset: 'ocsf_authentication',
  uid: 3002,
  name: 'Authentication',
  categoryUid: 3,
  categoryName: 'Identity & Access Management',
  activities: { 0: 'Unknown', 1: 'Logon', 99: 'Other' },
  meaning: 'sign-ins as events of OCSF class 3002; one that both APIs report is there from both',
  own: (logTypeId) => (logTypeId === 'audit-azure-active-directory' ? managementSignIn() : signIn()),
  meanings: {
    service: ['Resource that was asked for, else the application', '{"name": "Microsoft Graph"}'],
    session: ['Session; joins with actor.session of the other classes', '{"uid": "0d9e8c7b-6a5f-4e3d-8c2b-1a0f9e8d7c6b"}'],
    logon_type_id: ['2 interactive, 3 non-interactive, 5 of a service, 0 unknown', '2'],
    logon_type: ["The same in OCSF's words", 'Interactive'],
    auth_protocol_id: ['6 OAuth 2.0, 5 SAML, 99 other, 0 unknown', '6'],
    auth_protocol: ['The same as a word', 'OAUTH 2.0'],
    is_mfa: ['Whether more than one factor was asked for', 'true'],
    is_remote: ['Always true: sign-ins to a cloud', 'true'],
  },
});
