import { at, cmdlet, general, mailbox, minutesFrom, outlookRule, upn } from '../records.ts';
import type { Plants } from './plant.ts';

const [ada, ben, eve] = [upn('ada'), upn('ben'), upn('eve')];
const address = '203.0.113.5';

/** Plants for the queries about mail. */
export const mailPlants: Plants = {
  'forwarding-inbox-rules': {
    records: {
      'audit-exchange': [
        cmdlet(at('18 08:00'), 'ada', 'New-InboxRule', { Name: '.', ForwardTo: 'drop@fabrikam.example;second@fabrikam.example' }),
        cmdlet(
          at('18 08:01'),
          'ada',
          'Set-InboxRule',
          { Identity: 'ada\\1', RedirectTo: 'drop@fabrikam.example' },
          { ResultStatus: 'False' },
        ),
        cmdlet(at('18 08:02'), 'ben', 'New-InboxRule', { Name: 'News', MoveToFolder: 'News' }),
        cmdlet(at('18 08:03'), 'ben', 'Remove-InboxRule', { Identity: 'ben\\1', ForwardTo: 'drop@fabrikam.example' }),
        outlookRule(at('18 08:04'), 'ben', 'x', [{ ActionType: 'Forward', Recipients: ['drop@fabrikam.example'], ForwardFlags: 'None' }]),
        outlookRule(at('18 08:05'), 'ben', 'y', [{ ActionType: 'Move', FolderName: 'News' }]),
        outlookRule(at('18 08:06'), 'ben', 'x', [{ ActionType: 'Forward', Recipients: ['drop@fabrikam.example'] }], 'RemoveMailboxRule'),
      ],
    },
    rows: [
      [at('18 08:00'), 'New-InboxRule', ada, address, '.', ['drop@fabrikam.example', 'second@fabrikam.example'], 'success'],
      [at('18 08:01'), 'Set-InboxRule', ada, address, 'ada\\1', ['drop@fabrikam.example'], 'failure'],
      [at('18 08:04'), 'UpdateInboxRules', ben, address, 'x', ['drop@fabrikam.example'], 'success'],
    ],
  },
  'hiding-inbox-rules': {
    records: {
      'audit-exchange': [
        cmdlet(at('18 08:00'), 'ada', 'New-InboxRule', {
          Name: '..',
          SubjectOrBodyContainsWords: 'invoice;payment',
          DeleteMessage: 'True',
        }),
        cmdlet(at('18 08:01'), 'ada', 'Set-InboxRule', { Identity: 'x', MoveToFolder: 'RSS Feeds', MarkAsRead: 'True' }),
        cmdlet(at('18 08:02'), 'ben', 'New-InboxRule', { Name: 'News', MoveToFolder: 'News', MarkAsRead: 'False' }),
        outlookRule(at('18 08:04'), 'ben', 'x', [{ ActionType: 'Delete' }]),
        outlookRule(at('18 08:05'), 'ben', 'y', [{ ActionType: 'Move', FolderName: 'News' }]),
        outlookRule(at('18 08:06'), 'ben', 'x', [{ ActionType: 'Delete' }], 'RemoveMailboxRule'),
        outlookRule(at('18 08:07'), 'ben', 'z', [{ ActionType: 'Move', FolderName: 'RSS Feeds' }]),
        cmdlet(at('18 08:08'), 'eve', 'New-InboxRule', { Name: 'h', MoveToFolder: 'Historique des conversations' }),
      ],
    },
    rows: [
      [at('18 08:08'), 'New-InboxRule', eve, address, 'h', 'Historique des conversations', false, null],
      [at('18 08:07'), 'UpdateInboxRules', ben, address, 'z', null, false, null],
      [at('18 08:00'), 'New-InboxRule', ada, address, '..', null, true, 'invoice;payment'],
      [at('18 08:01'), 'Set-InboxRule', ada, address, 'x', 'RSS Feeds', false, null],
      [at('18 08:04'), 'UpdateInboxRules', ben, address, 'x', null, true, null],
    ],
  },
  'inbox-rule-changes': {
    records: {
      'audit-exchange': [
        mailbox(at('18 08:00'), 'ada', 'UpdateInboxRules', { ClientInfoString: 'Client=MSExchangeRPC' }),
        mailbox(at('18 09:00'), 'ada', 'UpdateInboxRules', { ClientInfoString: 'Client=MSExchangeRPC' }),
        mailbox(at('18 09:00'), 'ada', 'Update'),
        outlookRule(at('18 08:06'), 'ben', 'x', [{ ActionType: 'Delete' }], 'ModifyMailboxRule'),
      ],
    },
    rows: [
      [ada, 'UpdateInboxRules', address, 'Client=MSExchangeRPC', 2, at('18 09:00')],
      [ben, 'ModifyMailboxRule', address, 'Client=OWA', 1, at('18 08:06')],
    ],
  },
  'mailbox-forwarding': {
    records: {
      'audit-exchange': [
        cmdlet(
          at('18 08:00'),
          'eve',
          'Set-Mailbox',
          { Identity: 'ada', ForwardingSmtpAddress: 'smtp:drop@fabrikam.example', DeliverToMailboxAndForward: 'True' },
          { ObjectId: 'ada' },
        ),
        cmdlet(at('18 08:01'), 'eve', 'Set-Mailbox', { Identity: 'ben', ForwardingSmtpAddress: '' }, { ObjectId: 'ben' }),
        cmdlet(at('18 08:02'), 'eve', 'Set-Mailbox', { Identity: 'cleo', LitigationHoldEnabled: 'True' }, { ObjectId: 'cleo' }),
      ],
    },
    rows: [[at('18 08:00'), eve, 'ada', ['drop@fabrikam.example'], 'True', address, 'success']],
  },
  'transport-rules': {
    records: {
      'audit-exchange': [
        cmdlet(at('18 08:00'), 'eve', 'New-TransportRule', { Name: 'Copy all', BlindCopyTo: 'drop@fabrikam.example' }),
        cmdlet(at('18 08:01'), 'eve', 'Disable-TransportRule', { Identity: 'Warn of outsiders' }),
        cmdlet(at('18 08:02'), 'eve', 'Get-TransportRule'),
      ],
    },
    rows: [
      [at('18 08:00'), 'New-TransportRule', eve, 'Copy all', 'drop@fabrikam.example', address, 'success'],
      [at('18 08:01'), 'Disable-TransportRule', eve, 'Warn of outsiders', null, address, 'success'],
    ],
  },
  'mailbox-permissions': {
    records: {
      'audit-exchange': [
        cmdlet(at('18 08:00'), 'eve', 'Add-MailboxPermission', { Identity: 'ada', User: 'ben', AccessRights: 'FullAccess' }),
        cmdlet(at('18 08:01'), 'eve', 'Set-Mailbox', { Identity: 'ada', GrantSendOnBehalfTo: 'ben' }),
        mailbox(at('18 08:02'), 'ada', 'ModifyFolderPermissions', {
          MailboxOwnerUPN: upn('cfo'),
          Item: { ParentFolder: { Path: '\\Inbox', MemberUpn: 'Everyone', MemberSid: 'S-1-1-0', MemberRights: 'ReadAny' } },
        }),
        cmdlet(at('18 08:03'), 'eve', 'Set-Mailbox', { Identity: 'ada', Type: 'Shared' }),
        cmdlet(at('18 08:04'), 'eve', 'Add-MailboxFolderPermission', {
          Identity: `${upn('cfo')}:\\Calendar`,
          User: 'ben',
          AccessRights: 'Editor',
        }),
        cmdlet(at('18 08:05'), 'eve', 'Set-MailboxFolderPermission', {
          Identity: 'cfo:/Inbox/Reports',
          User: 'Default',
          AccessRights: 'Reviewer',
        }),
        cmdlet(at('18 08:06'), 'eve', 'Remove-MailboxFolderPermission', { Identity: 'cfo:\\', User: 'ben' }),
        cmdlet(at('18 08:07'), 'eve', 'Add-MailboxFolderPermission', { Identity: 'cfo', User: 'ben', AccessRights: 'Owner' }),
      ],
    },
    rows: [
      [at('18 08:04'), 'Add-MailboxFolderPermission', eve, upn('cfo'), '\\Calendar', 'ben', 'Editor', address, 'success'],
      [at('18 08:05'), 'Set-MailboxFolderPermission', eve, 'cfo', '\\Inbox\\Reports', 'Default', 'Reviewer', address, 'success'],
      [at('18 08:06'), 'Remove-MailboxFolderPermission', eve, 'cfo', '\\', 'ben', null, address, 'success'],
      [at('18 08:07'), 'Add-MailboxFolderPermission', eve, 'cfo', null, 'ben', 'Owner', address, 'success'],
      [at('18 08:00'), 'Add-MailboxPermission', eve, 'ada', null, 'ben', 'FullAccess', address, 'success'],
      [at('18 08:01'), 'Set-Mailbox', eve, 'ada', null, 'ben', null, address, 'success'],
      [at('18 08:02'), 'ModifyFolderPermissions', ada, upn('cfo'), '\\Inbox', 'Everyone', 'ReadAny', address, 'success'],
    ],
  },
  'mail-read-by-others': {
    records: {
      'audit-exchange': [
        mailbox(at('18 08:00'), 'eve', 'MailItemsAccessed', { LogonType: 1, MailboxOwnerUPN: ada, OperationCount: 7 }),
        mailbox(at('18 08:05'), 'eve', 'MailItemsAccessed', { LogonType: 1, MailboxOwnerUPN: ada, OperationCount: 5 }),
        mailbox(at('18 08:00'), 'ben', 'MailItemsAccessed', { LogonType: 0, MailboxOwnerUPN: ben, OperationCount: 9 }),
        mailbox(at('18 08:00'), 'eve', 'SendAs', { LogonType: 2, MailboxOwnerUPN: ada }),
      ],
    },
    rows: [[eve, ada, 'admin', 2, 12, 1, at('18 08:05')]],
  },
  'mail-read-by-applications': {
    records: {
      'audit-exchange': [
        mailbox(at('18 08:00'), 'ada', 'MailItemsAccessed', {
          AppId: 'app-1',
          ClientInfoString: 'Client=REST;mail-harvester',
          OperationCount: 40,
        }),
        mailbox(at('18 09:00'), 'ben', 'MailItemsAccessed', {
          AppId: 'app-1',
          ClientInfoString: 'Client=REST;mail-harvester',
          OperationCount: 2,
        }),
        mailbox(at('18 09:00'), 'ben', 'MailItemsAccessed', { OperationCount: 2 }),
      ],
    },
    rows: [['app-1', 'Client=REST;mail-harvester', 2, 42, 1, at('18 09:00')]],
  },
  'mailboxes-synchronized': {
    records: {
      'audit-exchange': [
        mailbox(at('18 08:00'), 'ada', 'MailItemsAccessed', {
          ClientIP: '203.0.113.66',
          OperationProperties: [{ Name: 'MailAccessType', Value: 'Sync' }],
        }),
        mailbox(at('18 08:01'), 'ada', 'MailItemsAccessed', {
          ClientIP: '203.0.113.66',
          OperationProperties: [{ Name: 'MailAccessType', Value: 'Bind' }],
        }),
      ],
    },
    rows: [[ada, ada, '203.0.113.66', 'Client=OWA', 1, at('18 08:00')]],
  },
  'sent-as-others': {
    records: {
      'audit-exchange': [
        mailbox(at('18 08:00'), 'ada', 'SendAs', { SendAsUserSmtp: 'ceo@contoso.example' }),
        mailbox(at('18 08:01'), 'ada', 'SendAs', { SendAsUserSmtp: 'ceo@contoso.example' }),
        mailbox(at('18 08:01'), 'ada', 'Send'),
      ],
    },
    rows: [[ada, 'ceo@contoso.example', 'SendAs', 2, address, at('18 08:01')]],
  },
  'mail-destroyed': {
    records: {
      'audit-exchange': [
        ...minutesFrom('18 08:00', 5).map((time) =>
          mailbox(time, 'ada', 'HardDelete', {
            AffectedItems: Array.from({ length: 10 }, (_, index) => ({ Id: `item-${time}-${String(index)}` })),
          }),
        ),
        mailbox(at('18 08:00'), 'ben', 'HardDelete', {
          AffectedItems: Array.from({ length: 49 }, (_, index) => ({ Id: `item-${String(index)}` })),
        }),
        mailbox(at('18 08:00'), 'cleo', 'SoftDelete', {
          AffectedItems: Array.from({ length: 60 }, (_, index) => ({ Id: `item-${String(index)}` })),
        }),
      ],
    },
    rows: [[ada, ada, 50, address, at('18 08:00'), at('18 08:04')]],
  },
  'quarantine-releases': {
    records: {
      'audit-general': [
        general(at('18 08:00'), 'eve', 'QuarantineReleaseMessage', {
          RecordType: 65,
          RequestType: 2,
          NetworkMessageId: 'message-1',
          ReleaseTo: ada,
        }),
        general(at('18 08:01'), 'eve', 'QuarantinePreviewMessage', { RecordType: 65, RequestType: 0, NetworkMessageId: 'message-1' }),
      ],
    },
    rows: [[at('18 08:00'), 'QuarantineReleaseMessage', eve, 'message-1', ada]],
  },
  'mail-threats': {
    records: {
      'audit-general': [
        general(at('18 08:00'), 'ada', 'TIMailData', {
          RecordType: 28,
          Verdict: 'Phish',
          DetectionMethod: 'URL malicious reputation',
          DeliveryAction: 'Delivered',
          InternetMessageId: '<1@fabrikam.example>',
          P2Sender: 'a@fabrikam.example',
        }),
        general(at('18 08:01'), 'ben', 'TIMailData', {
          RecordType: 28,
          Verdict: 'Phish',
          DetectionMethod: 'URL malicious reputation',
          DeliveryAction: 'Delivered',
          InternetMessageId: '<2@fabrikam.example>',
          P2Sender: 'a@fabrikam.example',
        }),
        general(at('18 08:01'), 'ben', 'MessageSent'),
      ],
    },
    rows: [['Phish', 'URL malicious reputation', 'Delivered', 2, 1, at('18 08:01')]],
  },
};
