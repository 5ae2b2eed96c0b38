import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { knownDatasets, type DatasetName } from '../../../shared/datasets/index.ts';
import { lakeColumns } from '../../../shared/datasets/ocsf/base-event.ts';
import { literal } from '../../../shared/domain/literal.ts';
import { openLanding } from '../../../shared/landing/landing.ts';
import { logTypeById, type LogTypeId } from '../../../shared/log-types/index.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';
import { openLandingFixture, type LandingFixture } from '../landing-fixture.ts';
import { eventOfRow, faultsOfEvent } from './ocsf/validate-event.ts';

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

type Row = Readonly<Record<string, unknown>>;

async function rowsOf(name: DatasetName, logType: LogTypeId, records: readonly object[]): Promise<Row[]> {
  const dataset = knownDatasets.find((one) => one.name === name);
  if (!dataset) throw new Error(`there is no dataset '${name}'`);
  const { into: raw } = await fixture.landFiles(await fixture.serve([JSON.stringify(records)]), { logType });
  const into = `${raw}.${name}`;
  await landing.derive({ dataset, logType: logTypeById(logType), raw, object: 'raw/x', into, metadata: { job: 'x' } });
  const rows = await fixture.query(`SELECT to_json(one) AS row FROM read_parquet(${literal(into)}) one`);
  return rows.map(({ row }) => JSON.parse(String(row)) as Row);
}

const common = {
  CreationTime: '2026-11-22T06:05:09',
  Id: '22222222-2222-4222-8222-222222222222',
  UserType: 0,
  UserKey: '10032000ABCDEF01',
  UserId: 'ada@contoso.example',
};

describe('the one name of an operation', () => {
  test.each([
    { logType: 'audit-sharepoint', operation: 'FileMalwareDetected', is: 'FILE_THREAT' },
    { logType: 'audit-general', operation: 'QuarantineReleaseMessage', is: 'QUARANTINE_RELEASE' },
    { logType: 'audit-general', operation: 'QuarantinePreview', is: 'QUARANTINE_OPEN' },
    { logType: 'audit-general', operation: 'QuarantineDelete', is: 'QUARANTINE_REMOVE' },
    { logType: 'audit-general', operation: 'AirInvestigationData', is: 'INVESTIGATION' },
    { logType: 'audit-general', operation: 'MCAS_ALERT_ANUBIS_DETECTION_NEW_COUNTRY', is: 'ALERT' },
    { logType: 'audit-exchange', operation: 'AttachmentAccess', is: 'MAIL_READ' },
    { logType: 'audit-general', operation: 'AuditSearchCompleted', is: 'SEARCH' },
    { logType: 'audit-general', operation: 'SearchExported', is: 'SEARCH' },
    { logType: 'audit-exchange', operation: 'Search-UnifiedAuditLog', is: 'SEARCH' },
  ] as const)('$operation is $is', async ({ logType, operation, is }) => {
    const [row] = await rowsOf('saas_audit_logs', logType, [{ ...common, Operation: operation }]);
    expect(row?.operation_name).toBe(is);
  });

  test.each([
    { activity: 'Update application – Certificates and secrets management ', changed: [], is: 'CREDENTIAL_CHANGE' },
    {
      activity: 'Update application',
      changed: [{ displayName: 'KeyDescription', oldValue: '[]', newValue: '["x"]' }],
      is: 'CREDENTIAL_CHANGE',
    },
    { activity: 'Update application', changed: [{ displayName: 'DisplayName', oldValue: '"a"', newValue: '"b"' }], is: 'UPDATE' },
    { activity: 'Add member to role', changed: [], is: 'PRIVILEGE_GRANT' },
    { activity: 'Remove member from role in PIM completed (timebound)', changed: [], is: 'PRIVILEGE_REVOKE' },
    { activity: 'Add FIDO2 security key', changed: [], is: 'CREDENTIAL_CHANGE' },
  ])('"$activity" with $changed is $is', async ({ activity, changed, is }) => {
    const record = {
      id: '1',
      activityDisplayName: activity,
      operationType: 'Update',
      targetResources: [{ id: 'a', modifiedProperties: changed }],
    };
    const [row] = await rowsOf('cloud_audit_logs', 'directory-audits', [record]);
    expect(row?.operation_name).toBe(is);
  });
});

const audit = (activity: string, targets: readonly object[]) => ({
  id: `Directory_${activity}`,
  activityDateTime: '2026-11-22T06:05:09Z',
  activityDisplayName: activity,
  result: 'success',
  initiatedBy: { user: { id: 'u0', userPrincipalName: 'ada@contoso.example' } },
  targetResources: targets,
});
const pim = audit('Add member to role in PIM completed (permanent)', [
  { type: 'Role', displayName: 'Application Administrator', id: 'r1' },
  { type: 'Request', id: 'q1' },
  { type: 'User', displayName: 'Lee', id: 'u1' },
]);

interface Becoming {
  readonly name: string;
  readonly logType: LogTypeId;
  readonly dataset: DatasetName;
  readonly record: object;
  readonly event: object;
}

describe('the OCSF event', () => {
  test.each<Becoming>([
    ...[
      'Remove OAuth2PermissionGrant',
      'Remove delegated permission grant',
      'Add app role assignment to service principal',
      'Remove app role assignment from user',
      'Add owner to application',
      'Remove owner from service principal',
      'Add registered owner to device',
      'Consent to application',
      'Add service principal credentials',
      'Add member to administrative unit',
      'Add Windows Hello for Business credential',
      'Delete Windows Hello for Business credential',
      'Delete application password for user',
    ].map((activity) => ({
      name: `${activity} updates what it is of`,
      logType: 'directory-audits' as const,
      dataset: 'ocsf_entity_management' as const,
      record: audit(activity, [{ type: 'ServicePrincipal', displayName: 'Microsoft Graph', id: 's1' }]),
      event: { activity_name: 'Update', entity: { name: 'Microsoft Graph' } },
    })),
    ...['Add-MailboxPermission', 'RemoveFolderPermissions', 'ModifyFolderPermissions', 'Remove-UnifiedGroupLinks'].map((Operation) => ({
      name: `${Operation} updates the mailbox or group`,
      logType: 'audit-exchange' as const,
      dataset: 'ocsf_entity_management' as const,
      record: { ...common, RecordType: 1, Operation, ObjectId: 'ada', ResultStatus: 'True' },
      event: { activity_name: 'Update', entity: { uid: 'ada' } },
    })),
    {
      name: 'a member that is added to a team updates the team',
      logType: 'audit-general',
      dataset: 'ocsf_api_activity',
      record: { ...common, RecordType: 25, Operation: 'MemberAdded', TeamGuid: '19:x', TeamName: 'Finance', ClientIP: '203.0.113.4' },
      event: { activity_name: 'Update', resources: [{ name: 'Finance' }] },
    },
    {
      name: 'an account logon is a sign-in, whatever its operation is called',
      logType: 'audit-azure-active-directory',
      dataset: 'ocsf_authentication',
      record: {
        ...common,
        RecordType: 9,
        Operation: 'ForeignRealmIndexLogonInitialAuthUsingADFSFederatedToken',
        ObjectId: 'Unknown',
        Client: 'Exchange',
        ApplicationId: '00000002-0000-0ff1-ce00-000000000000',
        LoginStatus: 0,
      },
      event: { activity_name: 'Logon', service: { name: 'Exchange', uid: '00000002-0000-0ff1-ce00-000000000000' } },
    },
    {
      name: 'Add service principal still creates one',
      logType: 'directory-audits',
      dataset: 'ocsf_entity_management',
      record: audit('Add service principal', [{ type: 'ServicePrincipal', displayName: 'Contoso Timesheets', id: 's1' }]),
      event: { activity_name: 'Create' },
    },
    {
      name: 'a role of privileged identity management has user and role in their places',
      logType: 'directory-audits',
      dataset: 'ocsf_account_change',
      record: pim,
      event: {
        activity_name: 'Attach Policy',
        user: { name: 'Lee', uid: 'u1', type: 'User' },
        policies: [{ name: 'Application Administrator', uid: 'r1' }],
      },
    },
    ...['Remove member from role in PIM completed (permanent)', 'Remove member from role (PIM activation expired)'].map((activity) => ({
      name: `"${activity}" takes the role`,
      logType: 'directory-audits' as const,
      dataset: 'ocsf_account_change' as const,
      record: { ...pim, activityDisplayName: activity },
      event: { activity_name: 'Detach Policy', user: { name: 'Lee' }, policies: [{ name: 'Application Administrator' }] },
    })),
    {
      name: 'a service principal that gets a role is a service',
      logType: 'directory-audits',
      dataset: 'ocsf_account_change',
      record: audit('Add member to role', [
        { type: 'Role', displayName: 'Directory Readers', id: 'r1' },
        { type: 'ServicePrincipal', displayName: 'contoso-backup', id: 's1' },
      ]),
      event: { user: { name: 'contoso-backup', type_id: 4, type: 'Service' } },
    },
    {
      name: 'a managed identity that signs in is a service',
      logType: 'sign-ins-managed-identity',
      dataset: 'ocsf_authentication',
      record: {
        id: '1',
        createdDateTime: '2026-11-22T06:05:09Z',
        userType: 'Member',
        servicePrincipalId: 's1',
        servicePrincipalName: 'contoso-backup',
        resourceDisplayName: 'Azure Resource Manager',
        status: { errorCode: 0 },
      },
      event: { user: { name: 'contoso-backup', type: 'Service' } },
    },
    {
      name: 'a service principal that changes the directory is a service in the Management API, too',
      logType: 'audit-azure-active-directory',
      dataset: 'ocsf_entity_management',
      record: {
        ...common,
        UserType: 4,
        UserId: 'ServicePrincipal_s1',
        RecordType: 8,
        Operation: 'Update application.',
        ObjectId: 'Application_a1',
        Actor: [
          { ID: 'contoso-backup', Type: 1 },
          { ID: 's1', Type: 2 },
          { ID: 'ServicePrincipal', Type: 2 },
        ],
        Target: [
          { ID: 'Application_a1', Type: 2 },
          { ID: 'a1', Type: 2 },
          { ID: 'Application', Type: 2 },
          { ID: 'Contoso Timesheets', Type: 1 },
        ],
      },
      event: {
        actor: { user: { name: 'contoso-backup', type: 'Service' } },
        entity: { name: 'Contoso Timesheets', uid: 'a1', type: 'Application' },
      },
    },
    {
      name: 'a setting of the whole tenant has the id of the directory, whatever the word before it',
      logType: 'audit-azure-active-directory',
      dataset: 'ocsf_entity_management',
      record: {
        ...common,
        RecordType: 8,
        Operation: 'Set Company Information.',
        ObjectId: 'Company_0e8108b1-18e9-41a4-961b-dfcddf92ef08',
        Target: [
          { ID: 'Company_0e8108b1-18e9-41a4-961b-dfcddf92ef08', Type: 2 },
          { ID: 'Directory', Type: 2 },
          { ID: 'Contoso', Type: 1 },
        ],
      },
      event: { entity: { name: 'Contoso', uid: '0e8108b1-18e9-41a4-961b-dfcddf92ef08', type: 'Organization' } },
    },
    {
      name: 'a member that is added to a team from no known address is named beside the team',
      logType: 'audit-general',
      dataset: 'ocsf_entity_management',
      record: {
        ...common,
        RecordType: 25,
        Operation: 'MemberAdded',
        TeamGuid: '19:x',
        TeamName: 'Finance',
        Members: [{ UPN: 'lee@contoso.example', Role: 1 }],
      },
      event: { entity: { name: 'Finance' }, unmapped: { members: [{ upn: 'lee@contoso.example' }] } },
    },
    {
      name: 'a threat in mail is a finding',
      logType: 'audit-general',
      dataset: 'ocsf_detection_finding',
      record: {
        ...common,
        UserId: 'ThreatIntel',
        RecordType: 28,
        Operation: 'TIMailData',
        Verdict: 'Phish',
        Recipients: ['lee@contoso.example'],
        SenderIp: '203.0.113.4',
        NetworkMessageId: 'n1',
      },
      event: {
        activity_name: 'Create',
        finding_info: { uid: common.Id, title: 'Phish' },
        evidences: [{ user: { name: 'lee@contoso.example' } }, { src_endpoint: { ip: '203.0.113.4' } }],
      },
    },
    {
      name: 'a click on a bad link is a finding',
      logType: 'audit-general',
      dataset: 'ocsf_detection_finding',
      record: { ...common, RecordType: 41, Operation: 'TIUrlClickData', Url: 'https://fabrikam.example/x', UserIp: '203.0.113.4' },
      event: {
        finding_info: { title: 'TIUrlClickData' },
        evidences: [{ user: { name: 'ada@contoso.example' } }, { src_endpoint: { ip: '203.0.113.4' } }],
        unmapped: { url: 'https://fabrikam.example/x' },
      },
    },
    {
      name: 'an investigation is a finding under its own id',
      logType: 'audit-general',
      dataset: 'ocsf_detection_finding',
      record: {
        ...common,
        RecordType: 64,
        Operation: 'AirInvestigationData',
        InvestigationId: 'urn:UrlInvestigation:a',
        Data: JSON.stringify({ AlertDisplayName: 'Messages removed', Severity: 'Informational' }),
      },
      event: { finding_info: { uid: 'urn:UrlInvestigation:a', title: 'Messages removed' }, severity: 'Informational' },
    },
    {
      name: 'an alert of Defender for Cloud Apps is a finding',
      logType: 'audit-general',
      dataset: 'ocsf_detection_finding',
      record: {
        ...common,
        RecordType: 98,
        Operation: 'MCAS_ALERT_ANUBIS_DETECTION_NEW_COUNTRY',
        ObjectId: '63f0a1b2c3d4e5f601234567',
        AlertDisplayName: 'Activity from infrequent country',
        AlertDescription: 'Lee Contoso was active in a country for the first time.',
        AlertSeverity: 'Medium',
        ClientIPs: ['203.0.113.4'],
      },
      event: {
        finding_info: {
          title: 'Activity from infrequent country',
          uid: '63f0a1b2c3d4e5f601234567',
          desc: 'Lee Contoso was active in a country for the first time.',
        },
        severity_id: 3,
        evidences: [{ user: { name: 'ada@contoso.example' } }, { src_endpoint: { ip: '203.0.113.4' } }],
      },
    },
    {
      name: 'malware in a file of Teams is a finding, whatever its operation is called',
      logType: 'audit-general',
      dataset: 'ocsf_detection_finding',
      record: {
        ...common,
        RecordType: 47,
        Operation: 'x',
        SourceWorkload: 2,
        FileData: { FilePath: 'https://contoso.example/x.docx', FileName: 'x.docx', MalwareFamily: 'Contoso' },
      },
      event: { finding_info: { title: 'Contoso' }, evidences: [{ user: { name: 'ada@contoso.example' } }, { file: { name: 'x.docx' } }] },
    },
    {
      name: 'a change of an alert has whoever changed it as actor, and not as evidence',
      logType: 'audit-general',
      dataset: 'ocsf_detection_finding',
      record: {
        ...common,
        RecordType: 40,
        Operation: 'AlertUpdated',
        AlertId: '33333333-3333-4333-8333-333333333333',
        Name: 'Suspicious forwarding of mail',
        Status: 'Resolved',
        Data: JSON.stringify({ f3u: 'lee@contoso.example' }),
      },
      event: {
        activity_name: 'Update',
        actor: { user: { name: 'ada@contoso.example' } },
        evidences: [{ user: { name: 'lee@contoso.example' } }],
        observables: [{ name: 'evidences.user.name', value: 'lee@contoso.example' }],
      },
    },
    {
      name: 'an alert that names a user twice has one piece of evidence of it',
      logType: 'alerts',
      dataset: 'ocsf_detection_finding',
      record: {
        id: 'a1',
        createdDateTime: '2026-11-22T06:05:09Z',
        title: 'Email reported by user as junk',
        evidence: [
          { '@odata.type': '#microsoft.graph.security.mailboxEvidence', userAccount: { userPrincipalName: 'lee@contoso.example' } },
          {
            '@odata.type': '#microsoft.graph.security.userEvidence',
            userAccount: { userPrincipalName: 'lee@contoso.example', displayName: 'Lee' },
          },
        ],
      },
      event: { evidences: [{ user: { name: 'lee@contoso.example' } }] },
    },
    {
      name: 'a match against data loss has as evidence who sent the message, not the service that looked at it',
      logType: 'dlp-all',
      dataset: 'ocsf_detection_finding',
      record: {
        ...common,
        UserId: 'DlpAgent',
        UserKey: '1153',
        UserType: 4,
        RecordType: 13,
        Operation: 'DlpRuleMatch',
        IncidentId: 'i1',
        ExchangeMetaData: { From: 'lee@contoso.example', To: ['pat@fabrikam.example'] },
      },
      event: { evidences: [{ user: { name: 'lee@contoso.example' } }] },
    },
    {
      name: 'a match on a device has as evidence who used the device',
      logType: 'dlp-all',
      dataset: 'ocsf_detection_finding',
      record: {
        ...common,
        RecordType: 63,
        Operation: 'DlpRuleMatch',
        IncidentId: 'i1',
        EndpointMetaData: { DeviceName: 'LAPTOP-7C21' },
      },
      event: { evidences: [{ user: { name: 'ada@contoso.example', uid: common.UserKey }, device: { hostname: 'LAPTOP-7C21' } }] },
    },
    ...['AttachmentAccess', 'MessageAccess', 'AttachmentReview'].map((Operation) => ({
      name: `${Operation} reads`,
      logType: 'audit-exchange' as const,
      dataset: 'ocsf_api_activity' as const,
      record: { ...common, RecordType: 50, Operation, ClientIP: '203.0.113.4' },
      event: { activity_name: 'Read' },
    })),
    {
      name: 'malware in a file is a finding',
      logType: 'audit-sharepoint',
      dataset: 'ocsf_detection_finding',
      record: {
        ...common,
        RecordType: 4,
        Operation: 'FileMalwareDetected',
        ObjectId: 'https://contoso.example/sites/finance/x.exe',
        SourceFileName: 'x.exe',
        VirusInfo: 'Trojan:Win32/Contoso',
      },
      event: { finding_info: { title: 'Trojan:Win32/Contoso', types: ['Malware'] }, evidences: [{ file: { name: 'x.exe' } }] },
    },
  ])('of $name', async ({ logType, dataset, record, event }) => {
    const rows = await rowsOf(dataset, logType, [record]);
    expect(rows).toHaveLength(1);
    const made = eventOfRow(rows[0] ?? {}, Object.keys(lakeColumns));
    expect(made).toMatchObject(event);
    expect(faultsOfEvent(made)).toEqual([]);
  });
});
