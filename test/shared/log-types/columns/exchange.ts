import { common, type Specimen } from './specimens.ts';

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
/** Exchange records. */
export const exchange: readonly Specimen[] = [
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
    name: 'a partial success is a success: something was done, and result_code has the word',
    logType: 'audit-exchange',
    record: { ...mailbox, ResultStatus: 'PartiallySucceeded' },
    reads: { outcome: 'success', result_code: 'PartiallySucceeded' },
  },
];
