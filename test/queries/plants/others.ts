import { alert, at, cmdlet, entraChange, file, general, mailbox, minutesFrom, signIn, upn } from '../records.ts';
import type { Plants } from './plant.ts';

const [ada, eve] = [upn('ada'), upn('eve')];
const address = '203.0.113.5';
const guestUpn = 'gil_fabrikam.example#EXT#@contoso.example';

/** Plants for the queries about collaboration, administration and alerts. */
export const otherPlants: Plants = {
  'audit-switched-off': {
    records: {
      'audit-exchange': [
        cmdlet(at('18 08:00'), 'eve', 'Set-AdminAuditLogConfig', { UnifiedAuditLogIngestionEnabled: 'False' }),
        cmdlet(at('18 08:01'), 'eve', 'Set-MailboxAuditBypassAssociation', { Identity: 'ada', AuditBypassEnabled: 'True' }),
        cmdlet(at('18 08:02'), 'eve', 'Set-Mailbox', { Identity: 'ada', AuditEnabled: 'False' }, { ObjectId: 'ada' }),
        cmdlet(at('18 08:03'), 'eve', 'Set-AdminAuditLogConfig', { UnifiedAuditLogIngestionEnabled: 'True' }),
        cmdlet(at('18 08:04'), 'eve', 'Set-Mailbox', { Identity: 'ada', AuditEnabled: 'True' }),
      ],
    },
    rows: [
      [at('18 08:00'), 'Set-AdminAuditLogConfig', eve, null, 'UnifiedAuditLogIngestionEnabled = False', address, 'success'],
      [at('18 08:01'), 'Set-MailboxAuditBypassAssociation', eve, 'ada', 'AuditBypassEnabled = True', address, 'success'],
      [at('18 08:02'), 'Set-Mailbox', eve, 'ada', 'AuditEnabled = False', address, 'success'],
    ],
  },
  'rare-admin-operations': {
    records: {
      'audit-exchange': [
        cmdlet(at('20 08:00'), 'eve', 'New-ManagementRoleAssignment'),
        cmdlet(at('20 09:00'), 'ada', 'New-ManagementRoleAssignment'),
        cmdlet(at('15 08:00'), 'eve', 'Set-Mailbox'),
        cmdlet(at('20 08:00'), 'eve', 'Set-Mailbox'),
        cmdlet(at('20 08:00'), 'eve', 'Get-Mailbox'),
        mailbox(at('20 08:00'), 'ada', 'Send'),
      ],
    },
    rows: [['New-ManagementRoleAssignment', [ada, eve], 2, at('20 08:00')]],
  },
  'ediscovery-searches': {
    records: {
      'audit-general': [
        general(at('18 08:00'), 'eve', 'SearchCreated', { RecordType: 24, CaseName: 'Case 7', QueryText: 'password OR salary' }),
        general(at('18 08:01'), 'eve', 'Get-ComplianceSearch', { RecordType: 18 }),
      ],
    },
    rows: [[at('18 08:00'), 'SearchCreated', eve, 'Case 7', 'password OR salary', 'unknown']],
  },
  'audit-log-searches': {
    records: {
      'audit-general': [
        general(at('18 08:00'), 'eve', 'AuditSearchCompleted'),
        general(at('18 08:01'), 'eve', 'AuditSearchCompleted'),
        general(at('18 08:01'), 'eve', 'Get-Label'),
      ],
      'audit-exchange': [cmdlet(at('18 08:02'), 'eve', 'Search-UnifiedAuditLog')],
    },
    rows: [
      [eve, 'AuditSearchCompleted', 2, at('18 08:01')],
      [eve, 'Search-UnifiedAuditLog', 1, at('18 08:02')],
    ],
  },
  'teams-guests': {
    records: {
      'audit-general': [
        general(at('18 08:00'), 'ada', 'MemberAdded', {
          TeamName: 'Sales',
          Members: [
            { UPN: ada, Role: 2 },
            { UPN: guestUpn, Role: 3 },
          ],
        }),
        general(at('18 08:01'), 'ada', 'MemberAdded', { TeamName: 'Sales', Members: [{ UPN: upn('ben'), Role: 2 }] }),
        general(at('18 08:02'), 'ada', 'MemberRemoved', { TeamName: 'Sales', Members: [{ UPN: guestUpn, Role: 3 }] }),
        general(at('18 08:03'), 'ada', 'ChatCreated', {
          ChatThreadId: '19:a@unq.gbl.spaces',
          Members: [{ UPN: ada }, { UPN: 'pat@fabrikam.example' }],
          ParticipantInfo: { HasGuestUsers: true },
        }),
        general(at('18 08:04'), 'ada', 'ChatCreated', { ChatThreadId: '19:b@unq.gbl.spaces', ParticipantInfo: { HasGuestUsers: false } }),
      ],
    },
    rows: [
      [at('18 08:00'), 'MemberAdded', ada, 'Sales', guestUpn],
      [at('18 08:03'), 'ChatCreated', ada, '19:a@unq.gbl.spaces', null],
    ],
  },
  'teams-settings': {
    records: {
      'audit-general': [
        general(at('18 08:00'), 'eve', 'TeamsTenantSettingChanged', { Name: 'Allow guests', OldValue: 'False', NewValue: 'True' }),
        general(at('18 08:01'), 'eve', 'TeamCreated', { Name: 'Sales' }),
      ],
    },
    rows: [[at('18 08:00'), 'TeamsTenantSettingChanged', eve, 'Allow guests', 'False', 'True']],
  },
  'apps-in-teams': {
    records: {
      'audit-general': [
        general(at('18 08:00'), 'ada', 'BotAddedToTeam', { TeamName: 'Sales', AddOnName: 'Helper', AddOnType: 1 }),
        general(at('18 08:01'), 'ada', 'BotRemovedFromTeam', { TeamName: 'Sales', AddOnName: 'Helper', AddOnType: 1 }),
      ],
    },
    rows: [[at('18 08:00'), 'BotAddedToTeam', ada, 'Sales', 'Helper', 'bot']],
  },
  'copilot-use': {
    records: {
      'audit-general': [
        general(at('18 08:00'), 'ada', 'CopilotInteraction', {
          CopilotEventData: { AppHost: 'Word', AccessedResources: [{ Id: 'file-1', Type: 'File' }] },
        }),
        general(at('18 08:05'), 'ada', 'CopilotInteraction', { CopilotEventData: { AppHost: 'Word' } }),
        general(at('18 08:05'), 'ada', 'MessageSent'),
      ],
    },
    rows: [[ada, 'Word', 2, 1, at('18 08:05')]],
  },
  'power-platform-flows': {
    records: {
      'audit-general': [
        general(at('18 08:00'), 'ada', 'CreateFlow', {
          FlowDetailsUrl: 'https://flows.example/1',
          FlowConnectorNames: 'Office 365, Dropbox',
        }),
        general(at('18 08:01'), 'ada', 'DeleteFlow', { FlowDetailsUrl: 'https://flows.example/1' }),
      ],
    },
    rows: [[at('18 08:00'), 'CreateFlow', ada, 'https://flows.example/1', 'Office 365, Dropbox', null]],
  },
  'power-bi-exports': {
    records: {
      'audit-general': [
        general(at('18 08:00'), 'ada', 'ExportReport', { ReportName: 'Sales' }),
        general(at('18 08:01'), 'ada', 'ExportReport', { ReportName: 'Sales' }),
        general(at('18 08:01'), 'ada', 'ViewReport', { ReportName: 'Sales' }),
      ],
    },
    rows: [[ada, 'ExportReport', 1, 2, at('18 08:01')]],
  },
  'open-alerts': {
    records: {
      alerts: [
        alert('alert-1', at('18 08:00'), 'Suspicious inbox rule', { mitreTechniques: ['T1114.003'] }),
        alert('alert-1', at('18 08:00'), 'Suspicious inbox rule', {
          lastUpdateDateTime: at('18 09:00'),
          status: 'inProgress',
          assignedTo: eve,
          mitreTechniques: ['T1114.003'],
        }),
        alert('alert-2', at('18 08:00'), 'Password spray'),
        alert('alert-2', at('18 08:00'), 'Password spray', { lastUpdateDateTime: at('18 09:00'), status: 'resolved' }),
      ],
    },
    rows: [['high', at('18 08:00'), 'Suspicious inbox rule', 'microsoftDefenderForOffice365', 'inProgress', eve, ['T1114.003'], '71']],
  },
  'alerted-users': {
    records: {
      alerts: [
        alert('alert-1', at('18 08:00'), 'Suspicious inbox rule', { evidence: [{ userAccount: { userPrincipalName: ada } }] }),
        alert('alert-2', at('18 09:00'), 'Password spray', { severity: 'low', evidence: [{ userAccount: { userPrincipalName: ada } }] }),
        alert('alert-3', at('18 09:00'), 'Malware'),
      ],
    },
    rows: [[ada, 2, 1, ['Password spray', 'Suspicious inbox rule'], at('18 09:00')]],
  },
};

/** Plants for the queries over all datasets. What is repeated counts in some of them; content is served twice, in two content blobs. */
export const overviewPlants: Plants = {
  'top-actors': {
    records: {
      'audit-exchange': [mailbox(at('18 08:00'), 'ada', 'Send'), mailbox(at('18 09:00'), 'ada', 'Send', { ResultStatus: 'Failed' })],
      'sign-ins-interactive': [signIn(at('18 08:00'), 'ada', { errorCode: 50126 })],
    },
    rows: [[ada, 5, 3, 2, at('18 09:00')]],
    values: { actors: '100000' },
  },
  'top-addresses': {
    records: {
      'audit-exchange': [mailbox(at('18 08:00'), 'ada', 'Send'), mailbox(at('18 09:00'), 'ben', 'Send', { ResultStatus: 'Failed' })],
      'sign-ins-interactive': [signIn(at('18 08:00'), 'ada', { ipAddress: address })],
    },
    rows: [[address, 5, 2, 2, at('18 09:00')]],
    values: { addresses: '100000' },
  },
  operations: {
    records: {
      'audit-exchange': [mailbox(at('18 08:00'), 'ada', 'Send'), mailbox(at('18 09:00'), 'ben', 'Send', { ResultStatus: 'Failed' })],
    },
    rows: [['Exchange', 'Send', 4, 2, 2, at('18 09:00')]],
  },
  'silent-sources': {
    records: {
      'audit-exchange': [mailbox(at('18 12:00'), 'ada', 'Send')],
      'audit-sharepoint': [file(at('20 12:00'), 'ada', 'FileAccessed', 'plan.docx')],
    },
    rows: [['audit-exchange', at('18 12:00'), 60, 2]],
  },
  'lag-per-source': {
    records: {
      // Landed at 00:30 of the 21st.
      'audit-exchange': [mailbox(at('20 23:45'), 'ada', 'Send'), mailbox(at('20 23:15'), 'ada', 'Send')],
    },
    rows: [['audit-exchange', 4, 60, 75, 2]],
  },
  'landed-per-day': {
    records: { 'audit-exchange': [mailbox(at('18 08:00'), 'ada', 'Send')] },
    rows: [['2026-11-21', 'audit-exchange', 2, at('18 08:00')]],
  },
  'repeated-records': {
    records: { 'audit-exchange': [mailbox(at('18 08:00'), 'ada', 'Send'), mailbox(at('18 08:01'), 'ada', 'Send')] },
    rows: [['audit-exchange', 4, 2, 50]],
  },
  'filled-columns': {
    records: {
      'audit-exchange': [
        mailbox(at('18 08:00'), 'ada', 'Send'),
        mailbox(at('18 08:01'), 'ada', 'Send', { ClientIP: null, ResultStatus: null }),
        mailbox(at('18 08:01'), 'ada', 'Send', { MailboxOwnerUPN: null }),
      ],
    },
    rows: [['audit-exchange', 6, 100, 66.7, 66.7, 66.7]],
  },
  'user-timeline': {
    records: {
      'audit-exchange': [mailbox(at('18 08:01'), 'ada', 'Send', { Id: 'record-1' }), mailbox(at('18 08:01'), 'ben', 'Send')],
      'sign-ins-interactive': [signIn(at('18 08:00'), 'Ada', { id: 'sign-in-1', userPrincipalName: 'Ada@contoso.example' })],
      'audit-sharepoint': minutesFrom('18 08:02', 1).map((time) => file(time, 'ada', 'FileAccessed', 'plan.docx', { Id: 'record-2' })),
    },
    rows: [
      [
        at('18 08:00'),
        'sign-ins-interactive',
        'Sign-in',
        'Ada@contoso.example',
        '198.51.100.20',
        'Office 365 Exchange Online',
        'success',
        'sign-in-1',
      ],
      [at('18 08:01'), 'audit-exchange', 'Send', ada, address, ada, 'success', 'record-1'],
      [at('18 08:02'), 'audit-sharepoint', 'FileAccessed', ada, address, 'plan.docx', 'success', 'record-2'],
    ],
    values: { user: 'ADA@contoso.example' },
  },
  'address-timeline': {
    records: {
      'audit-exchange': [
        mailbox(at('18 08:01'), 'ada', 'Send', { Id: 'record-1', ClientIP: '203.0.113.66:5001' }),
        mailbox(at('18 08:01'), 'ada', 'Send'),
      ],
      'audit-azure-active-directory': [
        entraChange(at('18 08:00'), 'Update user.', { more: { Id: 'record-2', ClientIP: '203.0.113.66' }, target: { 5: ada } }),
      ],
    },
    rows: [
      [at('18 08:00'), 'audit-azure-active-directory', 'Update user.', eve, '203.0.113.66', ada, 'success', 'record-2'],
      [at('18 08:01'), 'audit-exchange', 'Send', ada, '203.0.113.66', ada, 'success', 'record-1'],
    ],
    values: { address: '203.0.113.66' },
  },
  'session-timeline': {
    records: {
      'sign-ins-interactive': [
        signIn(at('18 08:00'), 'ada', { id: 'sign-in-1', sessionId: 'session-9' }),
        signIn(at('18 08:00'), 'ben', { sessionId: 'session-8' }),
      ],
      'audit-exchange': [
        mailbox(at('18 08:01'), 'ada', 'Send', { Id: 'record-1', SessionId: 'session-9' }),
        mailbox(at('18 08:01'), 'ada', 'Send'),
      ],
    },
    rows: [
      [at('18 08:00'), 'sign-ins-interactive', 'Sign-in', ada, '198.51.100.20', 'Office 365 Exchange Online', 'success', 'sign-in-1'],
      [at('18 08:01'), 'audit-exchange', 'Send', ada, address, ada, 'success', 'record-1'],
    ],
    values: { session: 'session-9' },
  },
};
