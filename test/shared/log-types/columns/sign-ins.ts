import { type Specimen } from './specimens.ts';

const signIn = {
  id: '88888888-8888-4888-8888-888888888888',
  createdDateTime: '2026-11-22T06:05:09.1234567Z',
  userId: '55555555-5555-4555-8555-555555555555',
  userPrincipalName: 'ada@contoso.example',
  userType: 'Member',
  ipAddress: '192.0.2.7',
};
/** Sign-ins of Microsoft Graph. */
export const signIns: readonly Specimen[] = [
  {
    name: 'a sign-in fails by its error code, whatever conditional access says',
    logType: 'sign-ins-interactive',
    record: { ...signIn, status: { errorCode: 50_126, failureReason: 'Invalid password.' }, conditionalAccessStatus: 'notApplied' },
    reads: {
      outcome: 'failure',
      error_code: '50126',
      failure_reason: 'Invalid password.',
      actor_type: 'member',
      event_time: '2026-11-22 06:05:09.123456+00',
    },
  },
  {
    name: 'a sign-in without a status is open',
    logType: 'sign-ins-interactive',
    record: signIn,
    reads: { outcome: 'unknown', error_code: null },
  },
  {
    name: 'the Event Hub form reads the same',
    logType: 'sign-ins-interactive',
    record: {
      ...signIn,
      autonomousSystemNumber: '64496',
      riskLevelDuringsignIn: 'high',
      riskEventTypes_v2: [],
      riskEventTypes: ['anomalousToken'],
      deviceDetail: { deviceId: '', isCompliant: null },
    },
    reads: {
      autonomous_system_number: '64496',
      risk_level_during_sign_in: 'high',
      risk_event_types: ['anomalousToken'],
      device_id: null,
      is_compliant: null,
    },
  },
  {
    name: 'policies and steps are lists of structs',
    logType: 'sign-ins-interactive',
    record: {
      ...signIn,
      appliedConditionalAccessPolicies: [
        { id: 'p', displayName: 'MFA', result: 'failure', enforcedGrantControls: ['Mfa'], enforcedSessionControls: [] },
      ],
      authenticationDetails: [{ authenticationStepDateTime: '2026-11-22T06:05:09Z', authenticationMethod: 'Password', succeeded: false }],
    },
    reads: {
      conditional_access_policies: [
        {
          id: 'p',
          name: 'MFA',
          result: 'failure',
          grant_controls: ['Mfa'],
          session_controls: null,
          conditions_satisfied: null,
          conditions_not_satisfied: null,
        },
      ],
      authentication_details: [
        {
          step_time: '2026-11-22 06:05:09+00',
          method: 'Password',
          method_detail: null,
          requirement: null,
          result_detail: null,
          is_success: false,
        },
      ],
    },
  },
  {
    name: 'a service principal signs in as itself',
    logType: 'sign-ins-service-principal',
    record: {
      id: '9',
      userId: null,
      servicePrincipalId: 's1',
      servicePrincipalName: 'backup',
      status: { errorCode: 0 },
      resourceId: 'r1',
    },
    reads: {
      actor_id: 's1',
      actor_upn: 'backup',
      actor_type: 'service-principal',
      outcome: 'success',
      target_id: 'r1',
      target_type: 'resource',
    },
  },
  {
    name: 'a managed identity says its kind',
    logType: 'sign-ins-managed-identity',
    record: {
      id: '9',
      servicePrincipalId: 's1',
      ipAddress: '',
      managedServiceIdentity: { msiType: 'systemAssigned', associatedResourceId: '/subscriptions/x' },
    },
    reads: {
      actor_type: 'managed-identity',
      managed_identity_type: 'systemAssigned',
      managed_identity_resource_id: '/subscriptions/x',
      source_ip: null,
    },
  },
];
