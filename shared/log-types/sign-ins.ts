/** What the four kinds of Microsoft Entra sign-ins share. */

import { cloudIdsOf } from '../clouds.ts';
import { addressIn, boolean, firstOf, json, long, portIn, text, time, type Columns, type Expression } from '../domain/columns.ts';
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
const outcome: Expression = {
  op: 'case',
  when: [
    [{ op: 'is', of: { op: 'field', path: 'status.errorCode', as: 'text' }, oneOf: ['0'] }, { op: 'constant', value: 'success' }],
    [{ op: 'present', of: { op: 'field', path: 'status.errorCode', as: 'text' } }, { op: 'constant', value: 'failure' }],
  ],
  otherwise: { op: 'constant', value: 'unknown' },
};

export const signInCommon: CommonColumns = {
  event_time: time('createdDateTime', 'When the sign-in began'),
  record_id: text('id', 'Id of the sign-in'),
  service: text({ op: 'constant', value: 'Microsoft Entra' }, 'Microsoft service'),
  operation: text({ op: 'constant', value: 'Sign-in' }, 'Always Sign-in; log_type says the kind'),
  actor_id: text(firstOf('userId', 'servicePrincipalId'), 'Object id of the user or service principal'),
  actor_upn: text(firstOf('userPrincipalName', 'servicePrincipalName'), 'User principal name, or name of the service principal'),
  actor_type: text('userType', 'member or guest, for users'),
  source_ip: text(addressIn('ipAddress'), 'Address of the client'),
  source_port: long(portIn('ipAddress'), 'Port of the client'),
  user_agent: text('userAgent', 'Client as it names itself'),
  outcome: text(outcome, 'success, failure or unknown, by status.errorCode'),
  result_code: text('status.errorCode', 'AADSTS number; 0 is success'),
  app_id: text('appId', 'Application that asked'),
  app_name: text('appDisplayName', 'Name of that application'),
  target_id: text('resourceId', 'Resource that was asked for'),
  target_name: text('resourceDisplayName', 'Name of that resource'),
};

export const signInColumns: Columns = {
  failure_reason: text('status.failureReason', 'Why it failed, in words'),
  conditional_access_status: text('conditionalAccessStatus', 'What conditional access decided'),
  is_interactive: boolean('isInteractive', 'Whether a person was asked'),
  client_app_used: text('clientAppUsed', 'Kind of client; names legacy protocols'),
  correlation_id: text('correlationId', 'Ties the requests of one sign-in together'),
  risk_level: text('riskLevelDuringSignIn', 'Risk during the sign-in'),
  country: text('location.countryOrRegion', 'Country by address'),
  city: text('location.city', 'City by address'),
  device_id: text('deviceDetail.deviceId', 'Device id in Entra'),
  operating_system: text('deviceDetail.operatingSystem', 'Operating system of the device'),
  browser: text('deviceDetail.browser', 'Browser of the device'),
  authentication_details: json('authenticationDetails', 'Authentication steps as JSON'),
};
