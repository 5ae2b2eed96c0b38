import { common, type Specimen } from './specimens.ts';

const logType = 'audit-azure-active-directory';
const logon = {
  ...common,
  RecordType: 15,
  Workload: 'AzureActiveDirectory',
  ResultStatus: 'Success',
  ObjectId: '00000002-0000-0ff1-ce00-000000000000',
  ClientIP: '',
  ActorIpAddress: '[2001:db8::7]:443',
  ApplicationId: '33333333-3333-4333-8333-333333333333',
  ExtendedProperties: [
    { Name: 'ResultStatusDetail', Value: 'Success' },
    { Name: 'UserAgent', Value: 'curl/8' },
    { Name: 'RequestType', Value: 'OAuth2:Token' },
  ],
  DeviceProperties: [
    { Name: 'OS', Value: 'Windows10' },
    { Name: 'SessionId', Value: '44444444-4444-4444-8444-444444444444' },
  ],
  Actor: [
    { ID: '55555555-5555-4555-8555-555555555555', Type: 0 },
    { ID: 'ada@contoso.example', Type: 5 },
  ],
  ModifiedProperties: [],
};
const change = {
  ...common,
  RecordType: 8,
  Operation: 'Add member to role.',
  ResultStatus: 'Success',
  ObjectId: 'grace@contoso.example',
  ExtendedProperties: [
    { Name: 'additionalDetails', Value: '{"User-Agent":"Mozilla/5.0"}' },
    { Name: 'extendedAuditEventCategory', Value: 'User' },
  ],
  ModifiedProperties: [{ Name: 'Role.DisplayName', NewValue: 'Reader', OldValue: '' }],
  Target: [
    { ID: 'User_66666666-6666-4666-8666-666666666666', Type: 2 },
    { ID: 'grace@contoso.example', Type: 5 },
  ],
};

/** Entra records of the Management Activity API. */
export const entraAudit: readonly Specimen[] = [
  {
    name: 'a failed sign-in fails although it says Success',
    logType,
    record: { ...logon, Operation: 'UserLoginFailed', ErrorNumber: '50126', LogonError: 'InvalidUserNameOrPassword' },
    reads: {
      outcome: 'failure',
      result_code: 'Success',
      error_code: '50126',
      logon_error: 'InvalidUserNameOrPassword',
      source_ip: '2001:db8::7',
      source_port: '443',
      user_agent: 'curl/8',
      app_id: '33333333-3333-4333-8333-333333333333',
    },
  },
  {
    name: 'a sign-in with an interrupt succeeds, as its operation says',
    logType,
    record: { ...logon, Operation: 'UserLoggedIn', ErrorNumber: '50140' },
    reads: {
      outcome: 'success',
      record_type: '15',
      record_type_name: 'AzureActiveDirectoryStsLogon',
      request_type: 'OAuth2:Token',
      operating_system: 'Windows10',
      session_id: '44444444-4444-4444-8444-444444444444',
      actor_ids: ['55555555-5555-4555-8555-555555555555', 'ada@contoso.example'],
      modified_properties: null,
    },
  },
  {
    name: 'an account logon fails by its status',
    logType,
    record: { ...common, RecordType: 9, Operation: 'PasswordLogonInitialAuthUsingPassword', LoginStatus: -2_147_217_390 },
    reads: { outcome: 'failure', login_status: '-2147217390' },
  },
  {
    name: 'a change names its target, and the client in JSON',
    logType,
    record: change,
    reads: {
      outcome: 'success',
      target_id: 'grace@contoso.example',
      target_name: 'grace@contoso.example',
      target_type: 'User',
      user_agent: 'Mozilla/5.0',
      modified_properties: [{ name: 'Role.DisplayName', new_value: 'Reader', old_value: null }],
    },
  },
  {
    name: 'a user that is not available is nobody',
    logType,
    record: { ...logon, Operation: 'UserLoginFailed', UserKey: 'Not Available', UserId: 'Not Available' },
    reads: { actor_id: null, actor_upn: null, actor_type: 'user' },
  },
];
