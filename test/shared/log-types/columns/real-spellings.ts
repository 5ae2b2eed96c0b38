import { common, type Specimen } from './specimens.ts';

const target = (...ids: readonly (readonly [id: string, type: number])[]) => ids.map(([ID, Type]) => ({ ID, Type }));
const addedToRole = {
  ...common,
  RecordType: 8,
  Operation: 'Add member to role.',
  ExtendedProperties: [{ Name: 'extendedAuditEventCategory', Value: 'Role' }],
  ModifiedProperties: [
    { Name: 'Role.DisplayName', NewValue: 'Global Administrator', OldValue: '' },
    { Name: 'Role.TemplateId', NewValue: '62e90394-69f5-4237-9190-012177145e10', OldValue: '' },
  ],
  Target: target(['User_4e', 2], ['4e', 2], ['User', 2], ['lee@contoso.example', 5]),
};
const mailboxRule = (actions: unknown) => ({
  ...common,
  RecordType: 2,
  Operation: 'UpdateInboxRules',
  OperationProperties: [
    { Name: 'RuleOperation', Value: 'AddMailboxRule' },
    { Name: 'RuleName', Value: 'x' },
    { Name: 'RuleActions', Value: JSON.stringify(actions) },
  ],
});

/** Shapes as they were seen in real records; the values are made up. */
export const realSpellings: readonly Specimen[] = [
  {
    name: 'a managed identity that says userType Member is a managed identity',
    logType: 'sign-ins-managed-identity',
    record: { id: '1', userType: 'Member', userPrincipalName: '', userId: '', servicePrincipalId: 'sp', servicePrincipalName: 'backup' },
    reads: { actor_type: 'managed-identity', actor_upn: 'backup', actor_id: 'sp' },
  },
  {
    name: 'a service principal with an msiType of none is a service principal',
    logType: 'sign-ins-service-principal',
    record: { id: '1', userType: 'Member', managedServiceIdentity: { msiType: 'none' }, servicePrincipalId: 'sp' },
    reads: { actor_type: 'service-principal' },
  },
  {
    name: 'a guest who signs in is a guest',
    logType: 'sign-ins-interactive',
    record: { id: '1', userType: 'guest', userPrincipalName: 'pat@fabrikam.example' },
    reads: { actor_type: 'guest' },
  },
  {
    name: 'a user who is made administrator is a User, and the role has columns of its own',
    logType: 'audit-azure-active-directory',
    record: addedToRole,
    reads: {
      target_type: 'User',
      target_name: 'lee@contoso.example',
      role_name: 'Global Administrator',
      role_template_id: '62e90394-69f5-4237-9190-012177145e10',
    },
  },
  {
    name: 'a role that is removed is named by its old value',
    logType: 'audit-azure-active-directory',
    record: { ...addedToRole, ModifiedProperties: [{ Name: 'Role.DisplayName', NewValue: '', OldValue: 'User Administrator' }] },
    reads: { role_name: 'User Administrator' },
  },
  {
    name: 'a target whose name is a kind keeps its own kind',
    logType: 'audit-azure-active-directory',
    record: { ...addedToRole, Target: target(['ServicePrincipal_4e', 2], ['4e', 2], ['ServicePrincipal', 2], ['User', 1]) },
    reads: { target_type: 'ServicePrincipal', target_name: 'User' },
  },
  {
    name: 'a target without a kind among its ids has the category of the event',
    logType: 'audit-azure-active-directory',
    record: { ...addedToRole, Target: target(['lee@contoso.example', 5]) },
    reads: { target_type: 'Role' },
  },
  {
    name: 'Successful is success',
    logType: 'audit-general',
    record: {
      ...common,
      RecordType: 65,
      Operation: 'QuarantineReleaseMessage',
      ResultStatus: 'Successful',
      RequestType: 2,
      RequestSource: 0,
    },
    reads: { outcome: 'success', quarantine_request_type: '2', quarantine_request_source: '0' },
  },
  {
    name: 'a guest without an account is the address alone',
    logType: 'audit-sharepoint',
    record: {
      ...common,
      UserId: 'urn:spo:guest#pat@fabrikam.example',
      TargetUserOrGroupName: 'URN:SPO:GUEST#sam@fabrikam.example',
      UserSharedWith: 'lee@contoso.example',
    },
    reads: { actor_upn: 'pat@fabrikam.example', target_user: 'sam@fabrikam.example', user_shared_with: 'lee@contoso.example' },
  },
  {
    name: 'a file with malware names it',
    logType: 'audit-sharepoint',
    record: { ...common, Operation: 'FileMalwareDetected', VirusInfo: 'Trojan:Win32/Contoso', VirusVendor: 'Default' },
    reads: { malware_name: 'Trojan:Win32/Contoso', malware_vendor: 'Default' },
  },
  {
    name: 'of two addresses of a mailbox record the one outside Exchange Online counts',
    logType: 'audit-exchange',
    record: { ...common, ClientIP: '2603:10a6:20b:3f::14', ClientIPAddress: '203.0.113.9:50412' },
    reads: { source_ip: '203.0.113.9', source_port: '50412' },
  },
  {
    name: "Exchange Online's own address counts where there is no other",
    logType: 'audit-exchange',
    record: { ...common, ClientIP: '40.97.1.2' },
    reads: { source_ip: '40.97.1.2' },
  },
  {
    name: 'of several addresses in one text the first public one counts',
    logType: 'audit-exchange',
    record: { ...common, ClientIP: '10.0.0.5, 203.0.113.9, 198.51.100.2' },
    reads: { source_ip: '203.0.113.9' },
  },
  {
    name: 'private addresses alone give the first of them',
    logType: 'audit-general',
    record: { ...common, ClientIP: '10.0.0.5, 192.168.1.9' },
    reads: { source_ip: '10.0.0.5' },
  },
  {
    name: 'a forwarding rule has all its recipients',
    logType: 'audit-exchange',
    record: {
      ...common,
      Operation: 'New-InboxRule',
      Parameters: [
        { Name: 'ForwardTo', Value: 'pat@fabrikam.example; sam@fabrikam.example' },
        { Name: 'RedirectTo', Value: 'smtp:kim@fabrikam.example' },
      ],
    },
    reads: { forward_to: ['pat@fabrikam.example', 'sam@fabrikam.example', 'kim@fabrikam.example'] },
  },
  {
    name: 'a rule that Outlook made has its recipients, too',
    logType: 'audit-exchange',
    record: mailboxRule([{ ActionType: 'Forward', Recipients: ['pat@fabrikam.example', 'sam@fabrikam.example'], ForwardFlags: 'None' }]),
    reads: { forward_to: ['pat@fabrikam.example', 'sam@fabrikam.example'], rule_name: 'x', rule_operation: 'AddMailboxRule' },
  },
  {
    name: 'a rule whose actions are no JSON forwards to nobody',
    logType: 'audit-exchange',
    record: { ...mailboxRule([]), OperationProperties: [{ Name: 'RuleActions', Value: '[{"ActionType":"Forward"' }] },
    reads: { forward_to: null, rule_actions: '[{"ActionType":"Forward"' },
  },
  {
    name: 'attachments that were read are listed by message',
    logType: 'audit-exchange',
    record: {
      ...common,
      RecordType: 50,
      Operation: 'AttachmentAccess',
      OperationProperties: [{ Name: 'AttachmentAccessType', Value: 'Bind' }],
      Messages: [
        {
          Id: 'm1',
          Path: 'Messages',
          MessageItems: [
            { Id: 'a1', SizeInBytes: 2379 },
            { Id: 'a2', SizeInBytes: 1156492.0 },
          ],
        },
      ],
    },
    reads: {
      attachment_access_type: 'Bind',
      messages: [{ id: 'm1', path: 'Messages', internet_message_id: null, immutable_id: null, subject: null, size_bytes: null }],
      message_items: [
        { message_id: 'm1', id: 'a1', internet_message_id: null, subject: null, size_bytes: '2379' },
        { message_id: 'm1', id: 'a2', internet_message_id: null, subject: null, size_bytes: '1156492' },
      ],
    },
  },
  {
    name: 'messages that were read outside folders are listed',
    logType: 'audit-exchange',
    record: {
      ...common,
      RecordType: 50,
      Operation: 'MailItemsAccessed',
      Messages: [{ Id: 'm1', InternetMessageId: '<a@fabrikam.example>', SizeInBytes: 10 }],
    },
    reads: {
      messages: [
        { id: 'm1', path: null, internet_message_id: '<a@fabrikam.example>', immutable_id: null, subject: null, size_bytes: '10' },
      ],
    },
  },
  {
    name: 'a click on a link has its address and time',
    logType: 'audit-general',
    record: {
      ...common,
      RecordType: 41,
      Operation: 'TIUrlClickData',
      AppName: 'Mail',
      AppVersion: '0.0.0000',
      TimeOfClick: '2026-11-22T06:03:33',
      Url: 'https://fabrikam.example/x',
      UserIp: '203.0.113.4',
      UrlClickAction: 2,
      SourceId: 's1',
    },
    reads: {
      source_ip: '203.0.113.4',
      url: 'https://fabrikam.example/x',
      click_time: '2026-11-22 06:03:33+00',
      click_action: '2',
      click_source_id: 's1',
      app_name: 'Mail',
      app_version: '0.0.0000',
    },
  },
  {
    name: 'an alert of Defender for Cloud Apps has its name, severity and addresses',
    logType: 'audit-general',
    record: {
      ...common,
      RecordType: 98,
      Operation: 'MCAS_ALERT_ANUBIS_DETECTION_NEW_COUNTRY',
      Data: JSON.stringify({
        AlertDisplayName: 'Activity from infrequent country',
        Severity: 'Medium',
        Entities: [
          { $id: '1', Address: '2001:0DB8:0:0:0:0:0:1', Type: 'ip' },
          { $id: '2', Address: '203.0.113.4', Type: 'ip' },
        ],
      }),
    },
    reads: {
      name: 'Activity from infrequent country',
      severity: 'Medium',
      alert_addresses: ['2001:db8::1', '203.0.113.4'],
      source_ip: '2001:db8::1',
    },
  },
  {
    name: 'an investigation has what it found and did',
    logType: 'audit-general',
    record: {
      ...common,
      RecordType: 64,
      Operation: 'AirInvestigationData',
      RunningTime: '619',
      StartTimeUtc: '2026-11-22T06:00:00',
      DeepLinkUrl: 'https://contoso.example/investigation',
      Actions: [{ ActionId: 'a', ActionType: 'EmailRemediation', ActionStatus: 'Pending', ActionApproval: 'None' }],
      Data: JSON.stringify({
        Entities: [
          {
            Recipient: 'lee@contoso.example',
            SenderIP: '203.0.113.4',
            Files: [{ Name: 'pix.png', MalwareFamily: 'Contoso', FileHashes: [{ Algorithm: 'SHA256', Value: 'AB' }] }],
          },
        ],
      }),
    },
    reads: {
      malware_name: 'Contoso',
      file_sha256: ['AB'],
      file_name: 'pix.png',
      alert_users: ['lee@contoso.example'],
      alert_addresses: ['203.0.113.4'],
      investigation_running_seconds: '619',
      start_time: '2026-11-22 06:00:00+00',
      deep_link: 'https://contoso.example/investigation',
      investigation_actions: [{ id: 'a', type: 'EmailRemediation', status: 'Pending', approval: 'None' }],
    },
  },
  {
    name: 'a threat in mail has connector, direction and delivery',
    logType: 'audit-general',
    record: {
      ...common,
      RecordType: 28,
      Operation: 'TIMailData',
      Connector: 'Inbound from Fabrikam',
      Directionality: 'Inbound',
      OriginalDeliveryLocation: 'Inbox',
      LatestDeliveryLocation: 'Quarantine',
      PhishConfidenceLevel: 'High',
      AuthDetails: [{ Name: 'SPF', Value: 'Pass' }],
      AttachmentData: [{ FileName: 'x.html', SHA256: 'CD', MalwareFamily: 'Contoso' }],
      SystemOverrides: [{ Source: 'Tenant', Details: 'Exchange transport rule', Result: 'Block', FinalOverride: 'No' }],
    },
    reads: {
      connector: 'Inbound from Fabrikam',
      direction: 'Inbound',
      original_delivery_location: 'Inbox',
      latest_delivery_location: 'Quarantine',
      phish_confidence: 'High',
      authentication_results: [{ key: 'SPF', value: 'Pass' }],
      malware_name: 'Contoso',
      file_sha256: ['CD'],
      overrides: [{ source: 'Tenant', details: 'Exchange transport rule', result: 'Block', is_final: 'No' }],
    },
  },
  {
    name: 'privileged identity management has role and principal in their places',
    logType: 'directory-audits',
    record: {
      id: 'PIM_1',
      activityDisplayName: 'Add member to role in PIM completed (permanent)',
      targetResources: [
        { type: 'Role', displayName: 'Application Administrator', id: 'r1' },
        { type: 'Request', id: 'q1' },
        { type: 'User', displayName: 'Lee', id: 'u1' },
        { type: 'Directory', displayName: 'Contoso', id: 'd1' },
      ],
    },
    reads: {
      role_name: 'Application Administrator',
      role_id: 'r1',
      principal_id: 'u1',
      principal_name: 'Lee',
      principal_type: 'User',
      target_type: 'Role',
    },
  },
  {
    name: 'addresses in the evidence of an alert are written one way, each once',
    logType: 'alerts',
    record: {
      id: 'a1',
      evidence: [
        { ipAddress: '2001:0DB8:0000:0000:0000:0000:0000:0001' },
        { ipAddress: '2001:db8::1' },
        { ipAddress: '::ffff:203.0.113.4' },
        { ipAddress: 'unknown' },
      ],
    },
    reads: { ips: ['2001:db8::1', '203.0.113.4'], source_ip: '2001:db8::1' },
  },
];
