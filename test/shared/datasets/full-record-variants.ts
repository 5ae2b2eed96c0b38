import type { LogTypeId } from '../../../shared/log-types/index.ts';

/** Neither user nor application. */
const nobody = {
  UserId: '',
  UserKey: '',
  ApplicationId: '',
  ClientAppId: '',
  AppId: '',
  AadAppId: '',
  ApplicationDisplayName: '',
  AppName: '',
  Common: {},
  AppAccessContext: {},
};

/** No address. */
const nowhere = { ClientIP: '', ClientIPAddress: '', ActorIP: '', SenderIp: '', ClientIPs: [] };

/** Of a log type: what differs between full records, so that each class of OCSF and each branch of a column's SQL gets one. */
export const variants: Readonly<Partial<Record<LogTypeId, readonly object[]>>> = {
  'audit-azure-active-directory': [
    {},
    { Operation: 'UserLoggedIn', DeviceProperties: [{ Name: 'Id', Value: '2c8a4f5e-9b1d-4b3a-8f0e-7d6c5b4a3921' }] },
    { RecordType: 8, Operation: 'Add member to role.' },
    { RecordType: 8, Operation: 'Add member to group.', ModifiedProperties: [{ Name: 'Group.DisplayName', NewValue: 'Finance' }] },
    { RecordType: 8, Operation: 'Update application.' },
  ],
  'audit-exchange': [{}, { Operation: 'Send' }, { Operation: 'Set-Mailbox', ...nobody }, { Operation: 'Set-Mailbox', ...nowhere }],
  'audit-sharepoint': [
    {},
    { Operation: 'FileRenamed' },
    { Operation: 'FileDownloaded' },
    { Operation: 'SearchQueryPerformed' },
    { Operation: 'FileMalwareDetected' },
    { Operation: 'SiteCollectionCreated', ...nobody },
    { Operation: 'SiteCollectionCreated', ...nowhere },
  ],
  'audit-general': [
    {},
    { Operation: 'AlertTriggered', EntityType: 'User', AlertEntityId: 'lee@contoso.example' },
    { Operation: 'Set-Label', ...nobody },
    { Operation: 'Set-Label', ...nowhere },
    { RecordType: 93, Operation: 'Access' },
  ],
  'directory-audits': [
    {},
    { activityDisplayName: 'Add member to role' },
    {
      activityDisplayName: 'Add member to group',
      targetResources: [{ id: 'g', modifiedProperties: [{ displayName: 'Group.DisplayName', newValue: '"Finance"' }] }],
    },
    { activityDisplayName: 'Update application' },
  ],
  'sign-ins-interactive': [{}, { appliedConditionalAccessPolicies: [{ displayName: 'Require MFA', result: 'success' }] }],
  'sign-ins-non-interactive': [{}, { appliedConditionalAccessPolicies: [{ displayName: 'Require MFA', result: 'success' }] }],
  'sign-ins-service-principal': [{}, { appliedConditionalAccessPolicies: [{ displayName: 'Require MFA', result: 'success' }] }],
  'sign-ins-managed-identity': [{}, { appliedConditionalAccessPolicies: [{ displayName: 'Require MFA', result: 'success' }] }],
};
