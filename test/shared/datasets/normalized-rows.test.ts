import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { normalizedDatasets } from '../../../shared/datasets/index.ts';
import { literal } from '../../../shared/domain/literal.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { openLanding } from '../../../shared/landing/landing.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';
import { openLandingFixture, type LandingFixture } from '../landing-fixture.ts';

const makeFolder = temporaryFolders();
let folder = '';
let fixture: LandingFixture;
let landing: Awaited<ReturnType<typeof openLanding>>;
beforeAll(async () => {
  folder = await makeFolder();
  fixture = await openLandingFixture(folder);
  landing = await openLanding({ memoryMb: 300, spillFolder: join(folder, 'spill') });
});
afterAll(() => {
  landing.close();
  fixture.close();
});

/** Own records in the shapes Microsoft sends, and some of the columns that come of them. */
interface Specimen {
  readonly name: string;
  readonly logType: string;
  readonly record: object;
  readonly columns: Readonly<Record<string, unknown>>;
}

async function expectColumns(dataset: string, { logType, record, columns }: Specimen): Promise<void> {
  const found = normalizedDatasets.find(({ name }) => name === dataset);
  if (!found) throw new Error(`there is no dataset '${dataset}'`);
  const { into: raw } = await fixture.landFiles(await fixture.serve([JSON.stringify([record])]), { logType });
  const into = `${raw}.${dataset}`;
  await landing.derive({ dataset: found, logType: logTypeById(logType), raw, object: 'raw/x', into, metadata: { job: 'x' } });
  const [row] = await fixture.query(`FROM read_parquet(${literal(into)})`);
  expect(Object.fromEntries(Object.keys(columns).map((column) => [column, row?.[column]]))).toEqual(columns);
}

const common = { CreationTime: '2026-11-22T06:05:09', Id: 'one', UserType: 0, UserKey: '10032000ABCDEF01', UserId: 'Ada@Contoso.example' };

const saas: readonly Specimen[] = [
  {
    name: 'a rule that forwards mail',
    logType: 'audit-exchange',
    record: {
      ...common,
      UserType: 2,
      RecordType: 1,
      Operation: 'New-InboxRule',
      ResultStatus: 'True',
      Workload: 'Exchange',
      ClientIP: '[2001:db8::7]:443',
      Parameters: [{ Name: 'ForwardTo', Value: 'pat@fabrikam.example' }],
    },
    columns: {
      vendor: 'saas',
      product: 'Audit Logs',
      operation_name: 'MAIL_RULE_CHANGE',
      operation_name_orig: 'New-InboxRule',
      operation_status: 'SUCCESS',
      outcome_reason: 'True',
      event_type: 'ExchangeAdmin',
      privilege_level: 'ADMIN',
      source_ip: '2001:db8::7',
      source_port: '443',
      identity_normalized: { username: 'ada@contoso.example', domain: 'contoso.example', id: '10032000ABCDEF01', type: 'admin' },
      parameters: [{ key: 'ForwardTo', value: 'pat@fabrikam.example' }],
    },
  },
  {
    name: 'a cmdlet that has no name of its own',
    logType: 'audit-exchange',
    record: { ...common, RecordType: 1, Operation: 'Remove-MailContact', ResultStatus: 'False' },
    columns: { operation_name: 'CONFIG_REMOVE', operation_status: 'FAILURE' },
  },
  {
    name: 'what nobody has named',
    logType: 'audit-exchange',
    record: { ...common, RecordType: 2, Operation: 'Somersault' },
    columns: { operation_name: null, operation_name_orig: 'Somersault', operation_status: 'UNKNOWN' },
  },
  {
    name: 'mail sent from the mailbox of another, by an administrator',
    logType: 'audit-exchange',
    record: {
      ...common,
      RecordType: 2,
      Operation: 'SendAs',
      ResultStatus: 'Succeeded',
      LogonType: 1,
      MailboxOwnerUPN: 'lee@contoso.example',
      SendAsUserSmtp: 'finance@contoso.example',
      Item: { Subject: 'Offer', InternetMessageId: '<1@contoso.example>', ParentFolder: { Path: '\\Sent Items' } },
    },
    columns: {
      operation_name: 'MAIL_SEND',
      privilege_level: 'ADMIN',
      mailbox_owner: 'lee@contoso.example',
      email_sender: 'finance@contoso.example',
      email_subject: 'Offer',
      email_message_id: '<1@contoso.example>',
      folder_path: '\\Sent Items',
      logon_type: 'admin',
    },
  },
  {
    name: 'a file that was downloaded',
    logType: 'audit-sharepoint',
    record: {
      ...common,
      RecordType: 6,
      Operation: 'FileDownloaded',
      Workload: 'SharePoint',
      ObjectId: 'https://contoso.example/sites/finance/Shared Documents/Plan.XLSX',
      SiteUrl: 'https://contoso.example/sites/finance/',
      SourceRelativeUrl: 'Shared Documents',
      SourceFileName: 'Plan.XLSX',
      SourceFileExtension: 'XLSX',
      FileSizeBytes: 12,
    },
    columns: {
      operation_name: 'FILE_DOWNLOAD',
      operation_status: 'SUCCESS',
      file_path: 'Shared Documents/Plan.XLSX',
      file_name: 'Plan.XLSX',
      file_extension: 'xlsx',
      file_size_bytes: '12',
      url: 'https://contoso.example/sites/finance/Shared Documents/Plan.XLSX',
      destination_path: null,
      mailbox_owner: null,
    },
  },
  {
    name: 'a file that was shared with a guest',
    logType: 'audit-sharepoint',
    record: { ...common, Operation: 'AddedToSecureLink', TargetUserOrGroupName: 'pat@fabrikam.example', TargetUserOrGroupType: 'Guest' },
    columns: { operation_name: 'SHARE_GRANT', target_user: 'pat@fabrikam.example', target_user_type: 'Guest' },
  },
  {
    name: 'members of a team',
    logType: 'audit-general',
    record: {
      ...common,
      RecordType: 25,
      Operation: 'MemberAdded',
      TeamName: 'Finance',
      Members: [{ UPN: 'lee@contoso.example', Role: 1 }, { DisplayName: 'nobody' }, { UPN: 'pat@fabrikam.example', Role: 2 }],
    },
    columns: {
      operation_name: 'MEMBER_ADD',
      event_type: 'MicrosoftTeams',
      team_name: 'Finance',
      target_user: 'lee@contoso.example',
      target_users: ['lee@contoso.example', 'pat@fabrikam.example'],
    },
  },
  {
    name: 'a report that was read, whatever it is called',
    logType: 'audit-general',
    record: { ...common, UserType: 4, RecordType: 52, Operation: 'SearchSomethingNew', ResultCount: '25' },
    columns: { operation_name: 'REPORT_OPEN', item_count: '25', privilege_level: 'SYSTEM' },
  },
];

describe('saas_audit_logs has', () => {
  test.each(saas)('$name', (specimen) => expectColumns('saas_audit_logs', specimen));
});

const signIn = {
  id: 's',
  createdDateTime: '2026-11-22T06:05:09Z',
  userId: 'u',
  userPrincipalName: 'ada@contoso.example',
  ipAddress: '192.0.2.7',
};

const stories: readonly Specimen[] = [
  {
    name: 'a wrong password where no policy applied: a failure all the same',
    logType: 'sign-ins-interactive',
    record: { ...signIn, conditionalAccessStatus: 'notApplied', status: { errorCode: 50126, failureReason: 'Wrong password' } },
    columns: {
      auth_outcome: 'FAILURE',
      outcome: 'failure',
      failure_kind: 'INVALID_CREDENTIALS',
      outcome_reason: 'Wrong password',
      conditional_access_result: 'notApplied',
      logon_type: 'INTERACTIVE',
      auth_domain: 'contoso.example',
      associated_products: ['Azure AD'],
    },
  },
  {
    name: 'a success that a policy in report-only mode would have refused',
    logType: 'sign-ins-interactive',
    record: {
      ...signIn,
      conditionalAccessStatus: 'failure',
      status: { errorCode: 0 },
      authenticationRequirement: 'multiFactorAuthentication',
      authenticationDetails: [{ authenticationMethod: 'Password' }, { authenticationMethod: 'Text message' }],
      appliedConditionalAccessPolicies: [
        { displayName: 'MFA', result: 'success' },
        { displayName: 'Trial', result: 'reportOnlyFailure' },
      ],
    },
    columns: {
      auth_outcome: 'SUCCESS',
      failure_kind: null,
      conditional_access_result: 'failure',
      is_mfa_needed: true,
      auth_method: 'Password',
      mfa_method: 'Text message',
      auth_methods: ['Password', 'Text message'],
      network_rules: ['MFA'],
      conditional_access_policies: [
        { name: 'MFA', result: 'success' },
        { name: 'Trial', result: 'reportOnlyFailure' },
      ],
    },
  },
  {
    name: 'a sign-in that was stopped by policy, over a legacy protocol',
    logType: 'sign-ins-non-interactive',
    record: { ...signIn, clientAppUsed: 'IMAP4', status: { errorCode: 53003 } },
    columns: { auth_outcome: 'FAILURE', failure_kind: 'BLOCKED_BY_POLICY', is_legacy_protocol: true, logon_type: 'NON_INTERACTIVE' },
  },
  {
    name: 'a step on the way to the second factor',
    logType: 'sign-ins-interactive',
    record: { ...signIn, status: { errorCode: 50074 } },
    columns: { auth_outcome: 'FAILURE', failure_kind: 'INTERRUPTED' },
  },
  {
    name: 'a code that is not in our table',
    logType: 'sign-ins-interactive',
    record: { ...signIn, status: { errorCode: 99999 } },
    columns: { auth_outcome: 'FAILURE', failure_kind: 'OTHER' },
  },
  {
    name: 'a sign-in without a status',
    logType: 'sign-ins-interactive',
    record: { ...signIn, status: 'odd', conditionalAccessStatus: 'success' },
    columns: { auth_outcome: 'UNKNOWN', outcome: 'unknown', failure_kind: null, conditional_access_result: 'success' },
  },
  {
    name: 'an application with a certificate',
    logType: 'sign-ins-service-principal',
    record: {
      id: 's',
      createdDateTime: '2026-11-22T06:05:09Z',
      servicePrincipalId: 'sp',
      servicePrincipalName: 'contoso-backup',
      clientCredentialType: 'certificate',
      resourceDisplayName: 'Azure Storage',
      status: { errorCode: 0 },
    },
    columns: {
      logon_type: 'SERVICE_PRINCIPAL',
      auth_client: 'contoso-backup',
      auth_target: 'Azure Storage',
      auth_method: 'certificate',
      auth_domain: null,
      source_ip: null,
    },
  },
];

describe('authentication_story has', () => {
  test.each(stories)('$name', (specimen) => expectColumns('authentication_story', specimen));
});

const change = {
  id: 'a',
  activityDateTime: '2026-11-22T06:05:09Z',
  result: 'success',
  loggedByService: 'Core Directory',
  initiatedBy: { user: { id: 'u', userPrincipalName: 'admin@contoso.example', ipAddress: '192.0.2.7' } },
};

const changes: readonly Specimen[] = [
  {
    name: 'a role that was given',
    logType: 'directory-audits',
    record: {
      ...change,
      activityDisplayName: 'Add member to role',
      operationType: 'Assign',
      category: 'RoleManagement',
      targetResources: [
        {
          id: 't',
          type: 'User',
          userPrincipalName: 'lee@contoso.example',
          modifiedProperties: [{ displayName: 'Role.DisplayName', oldValue: null, newValue: '"Global Administrator"' }],
        },
      ],
    },
    columns: {
      cloud_provider: 'Azure',
      log_name: 'azure_ad_audit_logs',
      operation_name: 'PRIVILEGE_GRANT',
      operation_name_orig: 'Add member to role',
      operation_status: 'SUCCESS',
      identity_name: 'admin@contoso.example',
      identity_type: 'user',
      caller_ip: '192.0.2.7',
      resource_type: 'User',
      referenced_resource_name: 'lee@contoso.example',
      target_upn: 'lee@contoso.example',
      role_name: 'Global Administrator',
      targets: [{ id: 't', name: null, type: 'User', upn: 'lee@contoso.example' }],
    },
  },
  {
    name: 'a role that was taken: the name stands in the old value',
    logType: 'directory-audits',
    record: {
      ...change,
      activityDisplayName: 'Remove member from role',
      targetResources: [{ modifiedProperties: [{ displayName: 'Role.DisplayName', oldValue: '"Global Reader"', newValue: 'null' }] }],
    },
    columns: { operation_name: 'PRIVILEGE_REVOKE', role_name: 'Global Reader' },
  },
  {
    name: 'what goes by the type of the operation, and failed',
    logType: 'directory-audits',
    record: { ...change, result: 'timeout', resultReason: 'Too slow', activityDisplayName: 'Hard delete widget', operationType: 'Delete' },
    columns: { operation_name: 'DELETE', operation_status: 'FAILURE', outcome_reason: 'Too slow', role_name: null, group_name: null },
  },
  {
    name: 'what an application did',
    logType: 'directory-audits',
    record: {
      ...change,
      initiatedBy: { app: { displayName: 'MS-PIM', servicePrincipalId: 'sp' } },
      activityDisplayName: 'Consent to application.',
    },
    columns: {
      operation_name: 'PRIVILEGE_GRANT',
      identity_name: 'MS-PIM',
      identity_type: 'application',
      initiated_by_app_id: 'sp',
      caller_ip: null,
    },
  },
];

describe('cloud_audit_logs has', () => {
  test.each(changes)('$name', (specimen) => expectColumns('cloud_audit_logs', specimen));
});
