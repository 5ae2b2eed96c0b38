import {
  absent,
  addressOutside,
  asIn,
  boolean,
  cases,
  eachOf,
  eachWithin,
  firstOf,
  isPresent,
  long,
  nameOf,
  pairs,
  portOutside,
  known,
  splitBy,
  structs,
  text,
  texts,
  time,
  total,
  translate,
  trimmed,
  unionOf,
  valueNamed,
  withoutPrefix,
  type Expression,
} from '../domain/columns.ts';
import { addressesAsSent, columnsOf } from './common.ts';
import { logType } from './log-type.ts';
import { exchangeOnlineNetworks } from './microsoft-networks.ts';
import { commonSchema, commonSchemaColumns, content, managementActivity, recognizeAudit } from './management-activity.ts';

/** @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#exchange-mailbox-schema */
const logonTypes = { 0: 'owner', 1: 'admin', 2: 'delegated', 3: 'transport', 4: 'system-service', 5: 'best-access', 6: 'delegated-admin' };

const addresses = ['ClientIP', 'ClientIPAddress', 'ActorIP'];

/** Where a parameter of a cmdlet names recipients, several with semicolons between them. */
const recipientsIn = (parameter: string): Expression => splitBy(';', withoutPrefix('smtp:', valueNamed('Parameters', parameter)));

/** Operations that may set where mail goes; of all others, nothing is looked for. */
const forwarding = Object.fromEntries(
  ['New-InboxRule', 'Set-InboxRule', 'Enable-InboxRule', 'UpdateInboxRules', 'Set-Mailbox', 'New-Mailbox', 'Enable-Mailbox'].map(
    (operation) => [operation.toLowerCase(), operation],
  ),
);

const recipientsOfRule = unionOf(
  recipientsIn('ForwardTo'),
  recipientsIn('RedirectTo'),
  recipientsIn('ForwardAsAttachmentTo'),
  recipientsIn('ForwardingSmtpAddress'),
  recipientsIn('ForwardingAddress'),
  eachWithin(valueNamed('OperationProperties', 'RuleActions'), '[].Recipients[]'),
);

const flag = (path: string): Expression => ({ op: 'field', path, as: 'boolean' });

/** Cmdlets of administrators, what happens in mailboxes, and reading of encrypted mail. */
export const auditExchange = logType({
  ...managementActivity,
  id: 'audit-exchange',
  title: 'Microsoft 365 audit: Exchange',
  reference:
    'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#exchange-mailbox-schema',
  source: content('Audit.Exchange'),
  dataset: 'msft_o365_exchange_online_raw',
  product: 'O365 Exchange Online',
  recognize: {
    ...recognizeAudit,
    recordTypes: [1, 2, 3, 19, 50, 101, 154, 275],
    workloads: ['Exchange'],
  },
  columns: columnsOf(
    {
      ...commonSchema,
      service: asIn(commonSchema.service, 'Exchange'),
      operation: asIn(commonSchema.operation, 'New-InboxRule'),
      actor_id: asIn(commonSchema.actor_id, '10032001A2B3C4D5'),
      source_ip: text(
        addressOutside(exchangeOnlineNetworks, ...addresses),
        "Address of the client; one of Exchange Online's own only where there is no other",
        '203.0.113.24',
      ),
      source_port: long(portOutside(exchangeOnlineNetworks, ...addresses), 'Port of the client', '51844'),
      user_agent: text(
        firstOf('UserAgent', 'ClientInfoString', 'ActorInfoString'),
        'Client as it names itself',
        'Client=OWA;Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/141.0;',
      ),
      app_id: text(
        firstOf(known('ClientAppId'), known('AppId'), known('AppAccessContext.ClientAppId')),
        'Id of the application used',
        '00000002-0000-0ff1-ce00-000000000000',
      ),
      app_name: text('AppAccessContext.ClientAppName', 'Name of the application used', 'Contoso Timesheets'),
      target_id: text(
        firstOf(known('ObjectId'), known('MailboxGuid'), 'MessageId'),
        'Object of a cmdlet, else the mailbox, else the message',
        '8d0f2b7c-51e4-4a90-bb3c-6f1e2d3c4b5a',
      ),
      target_name: text(
        firstOf('ModifiedObjectResolvedName', 'MailboxOwnerUPN'),
        'Name of that object, or owner of that mailbox',
        'lee@contoso.example',
      ),
    },
    {
      ...commonSchemaColumns,
      record_type: asIn(commonSchemaColumns.record_type, '1'),
      record_type_name: asIn(commonSchemaColumns.record_type_name, 'ExchangeAdmin'),
      source_addresses: addressesAsSent(...addresses),
      mailbox_owner_upn: text(known('MailboxOwnerUPN'), 'Owner of the mailbox', 'lee@contoso.example'),
      mailbox_guid: text(known('MailboxGuid'), 'GUID of the mailbox', '8d0f2b7c-51e4-4a90-bb3c-6f1e2d3c4b5a'),
      mailbox_owner_sid: text('MailboxOwnerSid', 'SID of the owner of the mailbox', 'S-1-5-21-1004336348-1177238915-682003330-1109'),
      logon_user_sid: text('LogonUserSid', 'SID of who used the mailbox', 'S-1-5-21-1004336348-1177238915-682003330-1104'),
      logon_user_name: text('LogonUserDisplayName', 'Name of who used the mailbox', 'Megan Bowen'),
      logon_type: long('LogonType', 'How the mailbox was opened: 0 owner, 1 admin, 2 delegated, ...', '2'),
      logon_type_name: text(nameOf('LogonType', logonTypes), 'How the mailbox was opened, by name', 'delegated'),
      internal_logon_type: long('InternalLogonType', 'The same as the server counts it', '0'),
      is_external_access: boolean('ExternalAccess', "Whether somebody outside the organization's own did it, Microsoft included", 'false'),
      originating_server: text(trimmed('OriginatingServer'), 'Server that did it', 'AM0PR01MB0001 (15.20.9412.010)'),
      client_info: text('ClientInfoString', 'Protocol and client', 'Client=OWA;Action=ViaProxy'),
      actor_info: text('ActorInfoString', 'Client that acted, beside the one that client_info names', 'OUTLOOK.EXE/16.0.19127.20302'),
      client_process: text('ClientProcessName', 'Process of the mail client', 'OUTLOOK.EXE'),
      client_version: text('ClientVersion', 'Version of the mail client', '16.0.19127.20302'),
      client_machine: text('ClientMachineName', 'Machine of the mail client', 'LAPTOP-7C21'),
      api_app_id: text(known('AppId'), 'Application of the token', '7b2f0c7e-1f55-4d6a-8a8b-2f6f3a9d0c11'),
      device_id: text(known('DeviceId'), 'Device id in Entra', '2c8a4f5e-9b1d-4b3a-8f0e-7d6c5b4a3921'),
      token_object_id: text(known('TokenObjectId'), 'Object id of who the token was issued to', '9c1d7a2e-0b4f-4f6d-8e3a-5b7c9d1e2f30'),
      token_tenant_id: text(known('TokenTenantId'), 'Tenant that issued the token', '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31'),
      client_request_id: text(
        known('ClientRequestId'),
        'Ties the records of one request of the client together',
        '{1F2E3D4C-5B6A-4978-8695-A4B3C2D1E0F9}',
      ),
      external_user_tenant_id: text(known('ExternalUserTenantId'), 'Tenant of a user from outside', 'a4e1c0d2-7b36-4f58-9a0e-1c2d3e4f5a6b'),
      parameters: pairs(
        'Parameters',
        'Parameters of the cmdlet by name',
        '{"Name": ".", "ForwardTo": "pat@fabrikam.example", "StopProcessingRules": "True"}',
      ),
      modified_properties: structs(
        'ModifiedProperties',
        { name: { paths: ['Name', ''], as: 'text' }, new_value: 'NewValue', old_value: 'OldValue' },
        'What was changed; mailbox records give names only',
        '[{"name": "MemberRights", "new_value": null, "old_value": null}]',
      ),
      forward_to: texts(
        cases([isPresent(translate('Operation', forwarding)), recipientsOfRule]).otherwise(absent),
        'Everybody a rule or mailbox forwards or redirects mail to, however it was made',
        '["pat@fabrikam.example", "guest@fabrikam.example"]',
      ),
      rule_name: text(valueNamed('OperationProperties', 'RuleName'), 'Name of an inbox rule that Outlook made or changed', 'Invoices'),
      rule_operation: text(
        valueNamed('OperationProperties', 'RuleOperation'),
        'What Outlook did with that rule: AddMailboxRule or ModifyMailboxRule, or what it writes of a removed one',
        'AddMailboxRule',
      ),
      rule_state: text(valueNamed('OperationProperties', 'RuleState'), 'Enabled or Disabled', 'Enabled'),
      rule_condition: text(valueNamed('OperationProperties', 'RuleCondition'), 'What the rule matches', "SubjectContains 'invoice'"),
      rule_actions: text(
        valueNamed('OperationProperties', 'RuleActions'),
        'What the rule does, JSON in a text',
        '[{"ActionType": "Forward", "Recipients": ["pat@fabrikam.example"]}]',
      ),
      operation_properties: pairs('OperationProperties', 'Further properties of the operation by name', '{"MailAccessType": "Bind"}'),
      attachment_access_type: text(valueNamed('OperationProperties', 'AttachmentAccessType'), 'How attachments were read: Bind', 'Bind'),
      mail_access_type: text(
        valueNamed('OperationProperties', 'MailAccessType'),
        'Bind (single messages) or Sync (a whole folder)',
        'Bind',
      ),
      is_throttled: text(valueNamed('OperationProperties', 'IsThrottled'), 'Whether Microsoft stopped counting accesses, as sent', 'False'),
      operation_count: long('OperationCount', 'Operations that this record stands for', '3'),
      item_id: text(known('Item.Id'), 'Id of the item', 'RgAAAAD2cB0contosoItem0001'),
      item_subject: text(
        firstOf('Item.Subject', valueNamed('OperationProperties', 'MailSubject'), 'ItemName'),
        'Subject of the item or message',
        'Forecast for 2027',
      ),
      internet_message_id: text(
        firstOf('Item.InternetMessageId', 'MessageId'),
        'Message-ID of the message',
        '<a1b2c3@mail.contoso.example>',
      ),
      item_folder_path: text(
        firstOf(known('Item.ParentFolder.Path'), 'Item.ParentFolder.Name'),
        'Folder of the item, or its name where its path is not known',
        '\\Inbox',
      ),
      item_immutable_id: text(known('Item.ImmutableId'), 'Id of the item that it keeps when moved', 'AAMkAGUwcontosoItem0001'),
      item_size_bytes: long('Item.SizeInBytes', 'Size of the item', '48213'),
      item_attachments: text('Item.Attachments', 'Attachments and their sizes, as one text', 'Forecast 2027.xlsx (48213b)'),
      folder_member_upn: text('Item.ParentFolder.MemberUpn', 'Whose rights on a folder were changed', 'pat@fabrikam.example'),
      folder_member_rights: text('Item.ParentFolder.MemberRights', 'The rights', 'ReadAny, Visible'),
      folder_id: text(known('Folder.Id'), 'Folder the items were in', 'LgAAAAD2cB0contosoFolder01'),
      folder_path: text(known('Folder.Path'), 'Path of that folder', '\\Inbox'),
      destination_folder_id: text(known('DestFolder.Id'), 'Folder the items went to', 'LgAAAAD2cB0contosoFolder02'),
      destination_folder_path: text(known('DestFolder.Path'), 'Path of that folder', '\\Deleted Items'),
      destination_mailbox_upn: text(known('DestMailboxOwnerUPN'), 'Owner of the mailbox the items went to', 'megan@contoso.example'),
      is_cross_mailbox: boolean(
        { op: 'first', of: [flag('CrossMailboxOperation'), flag('CrossMailboxOperations')] },
        'Whether the items went to another mailbox',
        'false',
      ),
      affected_items: structs(
        'AffectedItems',
        {
          id: 'Id',
          subject: 'Subject',
          internet_message_id: 'InternetMessageId',
          folder_path: 'ParentFolder.Path',
          attachments: 'Attachments',
        },
        'Items that were moved, copied or deleted',
        '[{"id": "RgAAAAD2cB0contosoItem0001", "subject": "Forecast for 2027", "internet_message_id": "<a1b2c3@mail.contoso.example>", "folder_path": "\\\\Inbox", "attachments": null}]',
      ),
      affected_item_count: long(total('count', eachOf('AffectedItems', 'Id')), 'How many', '1'),
      folders: structs(
        'Folders',
        { id: 'Id', path: 'Path' },
        'Folders that were read from',
        '[{"id": "LgAAAAD2cB0contosoFolder01", "path": "\\\\Inbox"}]',
      ),
      folder_items: structs(
        'Folders[].FolderItems',
        {
          folder_path: '^Path',
          id: 'Id',
          internet_message_id: 'InternetMessageId',
          subject: 'Subject',
          size_bytes: ['SizeInBytes', 'long'],
        },
        'Messages that were read',
        '[{"folder_path": "\\\\Inbox", "id": null, "internet_message_id": "<a1b2c3@mail.contoso.example>", "subject": null, "size_bytes": 48213}]',
      ),
      messages: structs(
        'Messages',
        {
          id: 'Id',
          path: 'Path',
          internet_message_id: 'InternetMessageId',
          immutable_id: 'ImmutableId',
          subject: 'Subject',
          size_bytes: ['SizeInBytes', 'long'],
        },
        'Messages whose attachments were read, or that were read outside folders',
        '[{"id": "RgAAAAD2cB0contosoItem0001", "path": "Messages", "internet_message_id": null, "immutable_id": null, "subject": null, "size_bytes": null}]',
      ),
      message_items: structs(
        'Messages[].MessageItems',
        {
          message_id: '^Id',
          id: 'Id',
          internet_message_id: 'InternetMessageId',
          subject: 'Subject',
          size_bytes: ['SizeInBytes', 'long'],
        },
        'Attachments or items of those messages',
        '[{"message_id": "RgAAAAD2cB0contosoItem0001", "id": "RgAAAAD2cB0contosoItem0002", "internet_message_id": null, "subject": null, "size_bytes": 2379}]',
      ),
      folder_member_sid: text('Item.ParentFolder.MemberSid', 'SID of whose rights were changed', 'S-1-1-0'),
      send_as_upn: text('SendAsUserSmtp', 'Mailbox the message was sent as', 'finance@contoso.example'),
      send_on_behalf_of_upn: text('SendOnBehalfOfUserSmtp', 'Mailbox the message was sent on behalf of', 'lee@contoso.example'),
      sender: text('Sender', 'Sender of an encrypted or labelled message; several as JSON', 'lee@contoso.example'),
      sensitivity_label_id: text(known('LabelId'), 'Sensitivity label of the message', 'd9f23ae3-a239-45ea-bf23-f515f9e2a1b0'),
      sensitivity_label_name: text('LabelName', 'Name of that label', 'Internal'),
      label_action: text('LabelAction', 'What was done with the label', 'None'),
      label_applied_time: time('LabelAppliedDateTime', 'When the message got it', '2026-11-20 09:10:11+00'),
      label_mode: text('ApplicationMode', 'How it got it: Standard, Privileged or Auto', 'Standard'),
      authentication_scheme: text('AuthType', 'How the client signed in', 'Bearer'),
      token_type: text('TokenType', 'Kind of its token', 'V1AppActAs'),
      recipients: texts(
        { op: 'first', of: [eachOf('Recipients'), eachOf('recipientList'), eachOf('Receivers')] },
        'Recipients of the message',
        '["pat@fabrikam.example"]',
      ),
      recipient: text('Recipient', 'Who opened an encrypted message', 'pat@fabrikam.example'),
      attachment_name: text('AttachmentName', 'Attachment of an encrypted message', 'Forecast 2027.xlsx'),
      authentication_method: text('AuthenticationMethod', 'How the reader of an encrypted message signed in', 'OTP'),
      authentication_status: long('AuthenticationStatus', 'Whether that worked; 0 is success', '0'),
      operation_status: long('OperationStatus', 'Whether opening an encrypted message worked; 0 is success', '0'),
    },
  ),
});
