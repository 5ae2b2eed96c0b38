import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { openColumnValues } from '../records/column-values.ts';

let values: Awaited<ReturnType<typeof openColumnValues>>;
beforeAll(async () => {
  values = await openColumnValues();
});
afterAll(async () => {
  await values.close();
});

/** Own records in the shapes Microsoft sends, and some of what must be read from them. */
interface Specimen {
  readonly name: string;
  readonly logType: string;
  readonly record: object;
  readonly reads: Readonly<Record<string, unknown>>;
}

async function expectReads({ logType, record, reads }: Specimen): Promise<void> {
  const row = await values.of(logTypeById(logType).columns, record);
  const wanted = Object.fromEntries(Object.keys(reads).map((column) => [column, row[column]]));
  expect(wanted).toEqual(reads);
}

const tenant = '11111111-1111-4111-8111-111111111111';
const common = {
  CreationTime: '2026-11-22T06:05:09',
  Id: '22222222-2222-4222-8222-222222222222',
  OrganizationId: tenant,
  UserType: 0,
  UserKey: '10032000ABCDEF01',
  UserId: 'ada@contoso.example',
  Version: 1,
};

describe('Entra records of the Management Activity API', () => {
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

  test.each<Specimen>([
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
  ])('$name', expectReads);
});

describe('Exchange records', () => {
  const mailbox = {
    ...common,
    RecordType: 50,
    Operation: 'MailItemsAccessed',
    Workload: 'Exchange',
    ResultStatus: 'Succeeded',
    ClientIPAddress: '192.0.2.7',
    MailboxGuid: '77777777-7777-4777-8777-777777777777',
    MailboxOwnerUPN: 'ada@contoso.example',
    LogonType: 2,
    ClientInfoString: 'Client=OWA;',
    OriginatingServer: 'VI1 (15.20)\r\n',
    OperationProperties: [{ Name: 'MailAccessType', Value: 'Bind' }],
  };
  const folders = [
    {
      Id: 'f1',
      Path: '\\Inbox',
      FolderItems: [{ InternetMessageId: '<1@contoso.example>' }, { InternetMessageId: '<2@contoso.example>', SizeInBytes: 9 }],
    },
    { Id: 'f2', Path: '\\Sent Items', FolderItems: [] },
  ];
  test.each<Specimen>([
    {
      name: 'what was read names each message with its folder',
      logType: 'audit-exchange',
      record: { ...mailbox, Folders: folders },
      reads: {
        logon_type: '2',
        logon_type_name: 'delegated',
        source_ip: '192.0.2.7',
        target_id: '77777777-7777-4777-8777-777777777777',
        user_agent: 'Client=OWA;',
        originating_server: 'VI1 (15.20)',
        mail_access_type: 'Bind',
        folders: [
          { id: 'f1', path: '\\Inbox' },
          { id: 'f2', path: '\\Sent Items' },
        ],
        folder_items: [
          { folder_path: '\\Inbox', id: null, internet_message_id: '<1@contoso.example>', subject: null, size_bytes: null },
          { folder_path: '\\Inbox', id: null, internet_message_id: '<2@contoso.example>', subject: null, size_bytes: '9' },
        ],
      },
    },
    {
      name: 'a cmdlet has its parameters as a map, the address without its port',
      logType: 'audit-exchange',
      record: {
        ...common,
        RecordType: 1,
        Operation: 'Set-Mailbox',
        ResultStatus: 'True',
        ObjectId: 'ada',
        ClientIP: '192.0.2.7:33758',
        Parameters: [{ Name: 'ForwardingSmtpAddress', Value: 'smtp:x@fabrikam.example' }],
      },
      reads: {
        outcome: 'success',
        source_ip: '192.0.2.7',
        source_port: '33758',
        target_id: 'ada',
        parameters: [{ key: 'ForwardingSmtpAddress', value: 'smtp:x@fabrikam.example' }],
      },
    },
    {
      name: 'an update gives the names of what was changed',
      logType: 'audit-exchange',
      record: { ...mailbox, ModifiedProperties: ['RecipientCollection'] },
      reads: { modified_properties: [{ name: 'RecipientCollection', new_value: null, old_value: null }] },
    },
    {
      name: 'an encrypted message names who opened it',
      logType: 'audit-exchange',
      record: {
        ...common,
        RecordType: 154,
        Operation: 'MessageAccess',
        ResultStatus: 'Failure',
        MessageId: '<3@contoso.example>',
        Recipient: 'eve@fabrikam.example',
        Sender: ['ada@contoso.example'],
        OperationProperties: [{ Name: 'MailSubject', Value: 'Plans' }],
      },
      reads: {
        outcome: 'failure',
        record_type_name: 'OMEPortal',
        internet_message_id: '<3@contoso.example>',
        recipient: 'eve@fabrikam.example',
        sender: '["ada@contoso.example"]',
        item_subject: 'Plans',
      },
    },
    {
      name: 'a partial success is a failure',
      logType: 'audit-exchange',
      record: { ...mailbox, ResultStatus: 'PartiallySucceeded' },
      reads: { outcome: 'failure' },
    },
  ])('$name', expectReads);
});

describe('SharePoint, DLP and other records', () => {
  const rule = {
    RuleName: 'High volume',
    Severity: 'High',
    Actions: ['BlockAccess'],
    ConditionsMatched: {
      SensitiveInformation: [
        { SensitiveType: 'a1', Count: 2, Confidence: 75 },
        { SensitiveType: 'b2', SensitiveInformationTypeName: 'Card', Count: 3, Confidence: 85 },
      ],
    },
  };
  const match = {
    ...common,
    RecordType: 13,
    Operation: 'DlpRuleMatch',
    PolicyDetails: [{ PolicyName: 'Finance', Rules: [rule] }],
    ExchangeMetaData: { From: 'ada@contoso.example', To: ['eve@fabrikam.example'], CC: ['eve@fabrikam.example'], Subject: 'Cards' },
  };
  test.each<Specimen>([
    {
      name: 'a file operation succeeds by its name',
      logType: 'audit-sharepoint',
      record: {
        ...common,
        RecordType: 6,
        Operation: 'FileDownloaded',
        ObjectId: 'https://contoso.example/a.docx',
        ItemType: 'File',
        SourceFileName: 'a.docx',
        AppAccessContext: { AADSessionId: '44444444-4444-4444-8444-444444444444', ClientAppName: 'Word' },
      },
      reads: {
        outcome: 'success',
        target_name: 'a.docx',
        target_type: 'File',
        app_name: 'Word',
        session_id: '44444444-4444-4444-8444-444444444444',
        record_type_name: 'SharePointFileOperation',
      },
    },
    {
      name: 'an operation that only asks leaves the outcome open',
      logType: 'audit-sharepoint',
      record: { ...common, RecordType: 14, Operation: 'AccessRequestCreated' },
      reads: { outcome: 'unknown', result_code: null },
    },
    {
      name: 'a blocked invitation failed',
      logType: 'audit-sharepoint',
      record: { ...common, RecordType: 14, Operation: 'SharingInvitationBlocked' },
      reads: { outcome: 'failure' },
    },
    {
      name: 'a match says what was found and what was done',
      logType: 'dlp-all',
      record: match,
      reads: {
        policy_names: ['Finance'],
        severities: ['High'],
        actions: ['BlockAccess'],
        sensitive_types: ['Card', 'a1', 'b2'],
        sensitive_count: '5',
        highest_confidence: '85',
        recipients: ['eve@fabrikam.example'],
        target_name: 'Cards',
        outcome: 'unknown',
      },
    },
    {
      name: 'an override is read from an object',
      logType: 'dlp-all',
      record: { ...match, ExceptionInfo: { Reason: 'Override', Justification: 'it is mine' } },
      reads: { exception_reason: 'Override', exception_justification: 'it is mine' },
    },
    {
      name: 'and from JSON in a text',
      logType: 'dlp-all',
      record: { ...match, ExceptionInfo: '{"Justification":"it is mine","FalsePositive":true}' },
      reads: { exception_justification: 'it is mine', is_false_positive: 'true' },
    },
    {
      name: 'a file has its times in either spelling',
      logType: 'dlp-all',
      record: { ...match, SharePointMetaData: { itemCreationTime: '2026-11-20T11:23:45', ItemLastSharedTime: '0001-01-02T00:00:00' } },
      reads: { item_created_time: '2026-11-20 11:23:45+00', item_shared_time: null },
    },
    {
      name: 'a compliance cmdlet has its parameters as a text',
      logType: 'audit-general',
      record: { ...common, RecordType: 18, Operation: 'New-DlpComplianceRule', Parameters: '-Name "x"', ResultStatus: 'Success' },
      reads: { parameters: null, parameters_text: '-Name "x"', outcome: 'success' },
    },
    {
      name: 'a Skype cmdlet has them as a list',
      logType: 'audit-general',
      record: { ...common, RecordType: 23, Parameters: [{ Name: 'Identity', Value: 'Global' }] },
      reads: { parameters: [{ key: 'Identity', value: 'Global' }] },
    },
    {
      name: 'a Teams record names team and members',
      logType: 'audit-general',
      record: {
        ...common,
        RecordType: 25,
        Operation: 'MemberAdded',
        TeamGuid: '19:x@thread.tacv2',
        TeamName: 'Research',
        Members: [{ UPN: 'eve@fabrikam.example', Role: 2 }],
        AddOnType: 3,
      },
      reads: {
        outcome: 'success',
        target_id: '19:x@thread.tacv2',
        target_name: 'Research',
        members: [{ upn: 'eve@fabrikam.example', name: null, role: '2' }],
        add_on_type: 'tab',
      },
    },
    {
      name: 'a result that is stated is surer than the name of the operation',
      logType: 'audit-general',
      record: { ...common, RecordType: 25, Operation: 'MemberAdded', ResultStatus: 'Failed' },
      reads: { outcome: 'failure' },
    },
    {
      name: 'an alert leaves the outcome open',
      logType: 'audit-general',
      record: { ...common, RecordType: 40, Operation: 'AlertTriggered' },
      reads: { outcome: 'unknown' },
    },
    {
      name: 'a Power BI record fails by its flag',
      logType: 'audit-general',
      record: { ...common, RecordType: 20, Operation: 'ViewReport', IsSuccess: false, WorkspaceName: 'Sales' },
      reads: { outcome: 'failure', workspace_name: 'Sales', is_success: false },
    },
    {
      name: 'an address of Copilot that is none is none',
      logType: 'audit-general',
      record: {
        ...common,
        RecordType: 261,
        ClientIP: 'ffff:192.0.2.7',
        CopilotEventData: { AppHost: 'Word', Messages: [{ Id: '1', isPrompt: true }] },
      },
      reads: { source_ip: null, copilot_app_host: 'Word', copilot_messages: [{ id: '1', is_prompt: true }] },
    },
  ])('$name', expectReads);
});

describe('records of Microsoft Graph', () => {
  const signIn = {
    id: '88888888-8888-4888-8888-888888888888',
    createdDateTime: '2026-11-22T06:05:09.1234567Z',
    userId: '55555555-5555-4555-8555-555555555555',
    userPrincipalName: 'ada@contoso.example',
    userType: 'Member',
    ipAddress: '192.0.2.7',
  };
  const evidence = [
    {
      '@odata.type': '#microsoft.graph.security.userEvidence',
      verdict: 'suspicious',
      userAccount: { accountName: 'ada', userPrincipalName: 'ada@contoso.example' },
    },
    { '@odata.type': '#microsoft.graph.security.ipEvidence', verdict: 'suspicious', ipAddress: '192.0.2.7' },
    {
      '@odata.type': '#microsoft.graph.security.deviceEvidence',
      mdeDeviceId: 'd1',
      deviceDnsName: 'laptop.contoso.example',
      osPlatform: 'Windows11',
    },
    {
      '@odata.type': '#microsoft.graph.security.fileEvidence',
      mdeDeviceId: 'd1',
      fileDetails: { fileName: 'a.exe', sha256: 'ab' },
      verdict: 'malicious',
    },
  ];
  test.each<Specimen>([
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
    {
      name: 'a directory audit names its targets, their changes and the client',
      logType: 'directory-audits',
      record: {
        id: 'Directory_x',
        activityDateTime: '2026-11-22T06:05:09+02:00',
        activityDisplayName: 'Update user',
        result: 'timeout',
        initiatedBy: { app: { appId: null, displayName: 'Sync', servicePrincipalId: 's1' } },
        targetResources: [
          {
            id: 'u1',
            displayName: null,
            Type: 'User',
            userPrincipalName: 'grace@contoso.example',
            modifiedProperties: [{ displayName: 'City', oldValue: null, newValue: '"Rome"' }],
          },
        ],
        additionalDetails: [{ key: 'User-Agent', value: 'curl/8' }],
      },
      reads: {
        event_time: '2026-11-22 04:05:09+00',
        outcome: 'failure',
        actor_id: 's1',
        actor_upn: 'Sync',
        actor_type: 'application',
        target_id: 'u1',
        target_name: 'grace@contoso.example',
        target_type: 'User',
        user_agent: 'curl/8',
        modified_properties: [{ target_id: 'u1', name: 'City', old_value: null, new_value: '"Rome"' }],
        additional_details: [{ key: 'User-Agent', value: 'curl/8' }],
      },
    },
    {
      name: 'an alert names its entities by kind',
      logType: 'alerts',
      record: {
        id: 'a1',
        createdDateTime: '2026-11-22T06:05:09Z',
        title: 'Odd file',
        severity: 'high',
        mitreTechniques: ['T1059'],
        evidence,
      },
      reads: {
        operation: 'Odd file',
        actor_upn: 'ada@contoso.example',
        source_ip: '192.0.2.7',
        target_id: 'd1',
        target_name: 'laptop.contoso.example',
        verdicts: ['suspicious', 'malicious'],
        devices: [{ id: 'd1', entra_id: null, name: 'laptop.contoso.example', os: 'Windows11', ip: null, health: null, risk_score: null }],
        files: [{ name: 'a.exe', path: null, sha1: null, sha256: 'ab', other_hash: null, publisher: null, verdict: 'malicious' }],
        mitre_techniques: ['T1059'],
      },
    },
    {
      name: 'a legacy alert lands under the same names',
      logType: 'alerts-legacy',
      record: {
        id: 'a1',
        status: 'newAlert',
        vendorInformation: { provider: 'IPC', vendor: 'Microsoft' },
        feedback: 'benignPositive',
        incidentIds: ['7'],
        userStates: [{ aadUserId: 'u1', userPrincipalName: 'ada@contoso.example', logonIp: '192.0.2.7' }],
      },
      reads: {
        result_code: 'new',
        service: 'IPC',
        classification: 'informationalExpectedActivity',
        incident_id: '7',
        actor_upn: 'ada@contoso.example',
        source_ip: '192.0.2.7',
        ips: ['192.0.2.7'],
      },
    },
  ])('$name', expectReads);
});
