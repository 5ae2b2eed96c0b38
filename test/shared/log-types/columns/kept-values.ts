import { common, type Specimen } from './specimens.ts';

const tokenApp = '6d0f1b7e-44c1-4f0b-a1b5-0c7f3d2e9a58';
const usedApp = '7b2f0c7e-1f55-4d6a-8a8b-2f6f3a9d0c11';
const signIn = { ...common, RecordType: 15, Operation: 'UserLoggedIn', ObjectId: '00000002-0000-0ff1-ce00-000000000000' };

/** What gives way in one column to another value of the record, and stands in a column all the same. */
export const keptValues: readonly Specimen[] = [
  {
    name: 'every address of a mailbox record is kept as sent, whichever counts',
    logType: 'audit-exchange',
    record: { ...common, ClientIP: '[2603:10a6:20b:3f::14]:22073', ClientIPAddress: '203.0.113.9:50412' },
    reads: { source_ip: '203.0.113.9', source_addresses: ['[2603:10a6:20b:3f::14]:22073', '203.0.113.9:50412'] },
  },
  ...(['audit-exchange', 'audit-general', 'audit-azure-active-directory', 'audit-sharepoint'] as const).map((logType) => ({
    name: 'what is no address is kept as sent',
    logType,
    record: { ...common, ClientIP: '000.000.1.212' },
    reads: { source_ip: null, source_addresses: ['000.000.1.212'] },
  })),
  {
    name: 'the address of a sign-in that is none is kept as sent',
    logType: 'sign-ins-interactive',
    record: { id: '1', ipAddress: 'VPN', globalSecureAccessIpAddress: '198.51.100.7' },
    reads: { source_ip: null, source_addresses: ['VPN', '198.51.100.7'] },
  },
  {
    name: 'a change of the directory keeps the address of the application beside that of the user',
    logType: 'directory-audits',
    record: { id: '1', initiatedBy: { user: { ipAddress: '203.0.113.9' }, app: { ipAddress: '198.51.100.7' } } },
    reads: { source_ip: '203.0.113.9', source_addresses: ['203.0.113.9', '198.51.100.7'] },
  },
  {
    name: 'the application that a token was issued to is kept beside the one that was used',
    logType: 'audit-exchange',
    record: { ...common, ClientAppId: usedApp, AppId: usedApp, AppAccessContext: { ClientAppId: tokenApp, ClientAppName: 'Timesheets' } },
    reads: { app_id: usedApp, app_ids: [usedApp, tokenApp], token_app_name: 'Timesheets' },
  },
  {
    name: 'a record of another service keeps every application, by id and by name',
    logType: 'audit-general',
    record: { ...common, AppId: usedApp, AadAppId: tokenApp, AppName: 'a', Applications: [{ Name: 'b' }, { Name: 'c' }] },
    reads: { app_id: usedApp, app_ids: [usedApp, tokenApp], app_name: 'a', app_names: ['a', 'b', 'c'] },
  },
  {
    name: 'correlation and session of a token are kept beside those of the record',
    logType: 'audit-sharepoint',
    record: { ...common, CorrelationId: 'a', SessionId: 'b', AppAccessContext: { CorrelationId: 'c', AADSessionId: 'd' } },
    reads: { correlation_id: 'a', session_id: 'b', token_correlation_id: 'c', token_session_id: 'd' },
  },
  {
    name: 'the client that acted is kept beside the one that is named first',
    logType: 'audit-exchange',
    record: { ...common, ClientInfoString: 'Client=REST;;', ActorInfoString: 'OUTLOOK.EXE/16.0.10417.20051' },
    reads: { user_agent: 'Client=REST;;', actor_info: 'OUTLOOK.EXE/16.0.10417.20051' },
  },
  {
    name: 'the kind of user is kept as a number, one without a word, too',
    logType: 'audit-sharepoint',
    record: { ...common, UserType: 42 },
    reads: { actor_type: 'unknown', user_type_number: '42' },
  },
  {
    name: 'numbers without a word stand as they are',
    logType: 'audit-general',
    record: { ...common, AddOnType: 9, SourceWorkload: 9, Common: { Platform: 9 } },
    reads: { add_on_type: '9', file_workload: '9', platform: '9' },
  },
  {
    name: 'name and template of a list are kept in both forms',
    logType: 'audit-sharepoint',
    record: { ...common, ListTitle: 'Documents', ListName: 'docs', ListBaseTemplateType: '101', ListServerTemplate: '850' },
    reads: { list_title: 'Documents', list_name: 'docs', list_template: '101', list_server_template: '850' },
  },
  {
    name: 'an operation that is named in two ways has both',
    logType: 'directory-audits',
    record: { id: '1', activityDisplayName: 'Delete policy', operationName: 'Update policy' },
    reads: { operation: 'Delete policy', operation_name_as_sent: 'Update policy' },
  },
  {
    name: 'an alert of the legacy API has all its links, incidents, threats and recommendations',
    logType: 'alerts-legacy',
    record: {
      id: '1',
      sourceMaterials: ['https://a.example/1', 'https://a.example/2'],
      incidentIds: ['1', '2'],
      malwareStates: [{ name: 'a', family: 'f' }, { name: 'b' }],
      recommendedActions: ['Isolate', 'Scan'],
    },
    reads: {
      alert_url: 'https://a.example/1',
      alert_urls: ['https://a.example/1', 'https://a.example/2'],
      incident_ids: ['1', '2'],
      threat_names: ['a', 'b'],
      threat_families: ['f'],
      recommendations: ['Isolate', 'Scan'],
    },
  },
  {
    name: 'an alert has the same in lists of one',
    logType: 'alerts',
    record: { id: '1', alertWebUrl: 'https://a.example/1', incidentId: '1', threatDisplayName: 'a', threatFamilyName: 'f' },
    reads: { alert_urls: ['https://a.example/1'], incident_ids: ['1'], threat_names: ['a'], threat_families: ['f'] },
  },
  ...['urn:spo:anon#5d41402abc4b', 'URN:SPO:ANON#5d41402abc4b'].map((UserId) => ({
    name: 'whoever used a link without an account is anonymous, and known by what SharePoint knows them by',
    logType: 'audit-sharepoint' as const,
    record: { ...common, UserId },
    reads: { actor_upn: 'anonymous', actor_type: 'anonymous', user_id: UserId },
  })),
  {
    name: 'an anonymous user without an id is anonymous, too',
    logType: 'audit-sharepoint',
    record: { ...common, UserId: 'anonymous' },
    reads: { actor_upn: 'anonymous', actor_type: 'anonymous', user_id: 'anonymous' },
  },
  ...['20.190.151.7', '40.126.31.67', '20.20.32.9', '20.231.128.1', '2603:1026:3000:c8::5'].map((own) => ({
    name: `an address of Entra's own, ${own}, gives way to the client's`,
    logType: 'audit-exchange' as const,
    record: { ...common, ClientIP: own, ClientIPAddress: '203.0.113.9' },
    reads: { source_ip: '203.0.113.9' },
  })),
  {
    name: 'a service principal that acts has the id beside its name',
    logType: 'audit-azure-active-directory',
    record: {
      ...common,
      UserId: 'ServicePrincipal_4e',
      Actor: [
        { ID: 'backup', Type: 1 },
        { ID: 'ServicePrincipal', Type: 2 },
      ],
    },
    reads: { actor_upn: 'backup', user_id: 'ServicePrincipal_4e' },
  },
  {
    name: 'what somebody signs in to is an application',
    logType: 'audit-azure-active-directory',
    record: { ...signIn, Target: [{ ID: '00000002-0000-0ff1-ce00-000000000000', Type: 0 }] },
    reads: { target_type: 'Application', target_id: '00000002-0000-0ff1-ce00-000000000000' },
  },
  {
    name: 'a sign-in to nothing that is known has no kind of target',
    logType: 'audit-azure-active-directory',
    record: { ...signIn, ObjectId: 'Unknown', Target: [{ ID: 'Unknown', Type: 0 }] },
    reads: { target_type: null, target_id: null },
  },
  {
    name: 'an account logon is to an account',
    logType: 'audit-azure-active-directory',
    record: { ...common, RecordType: 9, Operation: 'PasswordLogonInitialAuthUsingPassword', ObjectId: 'lee@contoso.example' },
    reads: { target_type: 'User' },
  },
  {
    name: 'a role of Azure that is removed is named among the details',
    logType: 'directory-audits',
    record: {
      id: '1',
      activityDisplayName: 'Remove role assignment',
      targetResources: [{ id: 'u', type: 'User', userPrincipalName: 'lee@contoso.example' }],
      additionalDetails: [
        { key: 'RoleName', value: 'Reader' },
        { key: 'Scope', value: '/subscriptions/1a2b3c4d' },
      ],
    },
    reads: { role_name: 'Reader', principal_name: 'lee@contoso.example' },
  },
];
