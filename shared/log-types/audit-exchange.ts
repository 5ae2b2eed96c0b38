import {
  boolean,
  eachOf,
  firstOf,
  long,
  nameOf,
  pairs,
  said,
  structs,
  text,
  texts,
  total,
  trimmed,
  valueNamed,
  type Expression,
} from '../domain/columns.ts';
import { columnsOf } from './common.ts';
import type { LogType } from './log-type.ts';
import { addressColumns, commonSchema, commonSchemaColumns, content, managementActivity } from './management-activity.ts';

/** @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#exchange-mailbox-schema */
const logonTypes = { 0: 'owner', 1: 'admin', 2: 'delegated', 3: 'transport', 4: 'system-service', 5: 'best-access', 6: 'delegated-admin' };

const flag = (path: string): Expression => ({ op: 'field', path, as: 'boolean' });

/** Cmdlets of administrators, what happens in mailboxes, and reading of encrypted mail. */
export const auditExchange: LogType = {
  ...managementActivity,
  id: 'audit-exchange',
  title: 'Microsoft 365 audit: Exchange',
  reference:
    'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#exchange-mailbox-schema',
  source: content('Audit.Exchange'),
  dataset: 'msft_o365_exchange_online_raw',
  product: 'O365 Exchange Online',
  columns: columnsOf(
    {
      ...commonSchema,
      ...addressColumns('ClientIP', 'ClientIPAddress', 'ActorIP'),
      user_agent: text(firstOf('UserAgent', 'ClientInfoString', 'ActorInfoString'), 'Client as it names itself'),
      app_id: text(firstOf(said('ClientAppId'), said('AppId'), said('AppAccessContext.ClientAppId')), 'Id of the application used'),
      app_name: text('AppAccessContext.ClientAppName', 'Name of the application used'),
      target_id: text(
        firstOf(said('ObjectId'), said('MailboxGuid'), 'MessageId'),
        'Object of a cmdlet, else the mailbox, else the message',
      ),
      target_name: text(firstOf('ModifiedObjectResolvedName', 'MailboxOwnerUPN'), 'Name of that object, or owner of that mailbox'),
    },
    {
      ...commonSchemaColumns,
      mailbox_owner_upn: text(said('MailboxOwnerUPN'), 'Owner of the mailbox'),
      mailbox_guid: text(said('MailboxGuid'), 'GUID of the mailbox'),
      mailbox_owner_sid: text('MailboxOwnerSid', 'SID of the owner of the mailbox'),
      logon_user_sid: text('LogonUserSid', 'SID of who used the mailbox'),
      logon_user_name: text('LogonUserDisplayName', 'Name of who used the mailbox'),
      logon_type: long('LogonType', 'How the mailbox was opened: 0 owner, 1 admin, 2 delegated, ...'),
      logon_type_name: text(nameOf('LogonType', logonTypes), 'How the mailbox was opened, by name'),
      internal_logon_type: long('InternalLogonType', 'The same as the server counts it'),
      is_external_access: boolean('ExternalAccess', "Whether somebody outside the organization's own did it, Microsoft included"),
      originating_server: text(trimmed('OriginatingServer'), 'Server that did it'),
      client_info: text('ClientInfoString', 'Protocol and client'),
      client_process: text('ClientProcessName', 'Process of the mail client'),
      client_version: text('ClientVersion', 'Version of the mail client'),
      client_machine: text('ClientMachineName', 'Machine of the mail client'),
      api_app_id: text(said('AppId'), 'Application of the token'),
      device_id: text(said('DeviceId'), 'Device id in Entra'),
      external_user_tenant_id: text(said('ExternalUserTenantId'), 'Tenant of a user from outside'),
      parameters: pairs('Parameters', 'Parameters of the cmdlet by name'),
      modified_properties: structs(
        'ModifiedProperties',
        { name: { paths: ['Name', ''], as: 'text' }, new_value: 'NewValue', old_value: 'OldValue' },
        'What was changed; mailbox records give names only',
      ),
      mail_access_type: text(valueNamed('OperationProperties', 'MailAccessType'), 'Bind (single messages) or Sync (a whole folder)'),
      is_throttled: text(valueNamed('OperationProperties', 'IsThrottled'), 'Whether Microsoft stopped counting accesses, as sent'),
      operation_count: long('OperationCount', 'Operations that this record stands for'),
      item_id: text(said('Item.Id'), 'Id of the item'),
      item_subject: text(firstOf('Item.Subject', valueNamed('OperationProperties', 'MailSubject')), 'Subject of the item or message'),
      internet_message_id: text(firstOf('Item.InternetMessageId', 'MessageId'), 'Message-ID of the message'),
      item_folder_path: text(said('Item.ParentFolder.Path'), 'Folder of the item'),
      item_size_bytes: long('Item.SizeInBytes', 'Size of the item'),
      item_attachments: text('Item.Attachments', 'Attachments and their sizes, as one text'),
      folder_member_upn: text('Item.ParentFolder.MemberUpn', 'Whose rights on a folder were changed'),
      folder_member_rights: text('Item.ParentFolder.MemberRights', 'The rights'),
      folder_id: text(said('Folder.Id'), 'Folder the items were in'),
      folder_path: text(said('Folder.Path'), 'Path of that folder'),
      destination_folder_id: text(said('DestFolder.Id'), 'Folder the items went to'),
      destination_folder_path: text(said('DestFolder.Path'), 'Path of that folder'),
      destination_mailbox_upn: text(said('DestMailboxOwnerUPN'), 'Owner of the mailbox the items went to'),
      is_cross_mailbox: boolean(
        { op: 'first', of: [flag('CrossMailboxOperation'), flag('CrossMailboxOperations')] },
        'Whether the items went to another mailbox',
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
      ),
      affected_item_count: long(total('count', eachOf('AffectedItems', 'Id')), 'How many'),
      folders: structs('Folders', { id: 'Id', path: 'Path' }, 'Folders that were read from'),
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
      ),
      send_as_upn: text('SendAsUserSmtp', 'Mailbox the message was sent as'),
      send_on_behalf_of_upn: text('SendOnBehalfOfUserSmtp', 'Mailbox the message was sent on behalf of'),
      sender: text('Sender', 'Sender of an encrypted message; several as JSON'),
      recipients: texts({ op: 'first', of: [eachOf('Recipients'), eachOf('recipientList')] }, 'Recipients of the message'),
      recipient: text('Recipient', 'Who opened an encrypted message'),
      attachment_name: text('AttachmentName', 'Attachment of an encrypted message'),
      authentication_method: text('AuthenticationMethod', 'How the reader of an encrypted message signed in'),
      authentication_status: long('AuthenticationStatus', 'Whether that worked; 0 is success'),
      operation_status: long('OperationStatus', 'Whether opening an encrypted message worked; 0 is success'),
    },
  ),
};
