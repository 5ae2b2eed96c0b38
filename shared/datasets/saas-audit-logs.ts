import { actorColumns, boolean, domainOf, long, map, rowColumns, struct, structs, text, texts, translated } from './common-columns.ts';
import { normalizedDataset } from './normalized-dataset.ts';
import { cmdletVerbs, operationNames } from './operation-names.ts';

const exchange = 'audit-exchange';
const sharepoint = 'audit-sharepoint';
const general = 'audit-general';

const isSending = `operation IN ('Send', 'SendAs', 'SendOnBehalf')`;
/** Record types of information protection: their object is a file. */
const isLabelling = 'record_type BETWEEN 93 AND 97';
/** Record types of reports on security: every one is a report that was read. */
const isReport = 'record_type = 52';
const operationName = `coalesce(${translated('operation', operationNames)}, CASE WHEN contains(operation, '-') THEN ${translated(`split_part(operation, '-', 1)`, cmdletVerbs)} WHEN ${isReport} THEN 'REPORT_OPEN' WHEN starts_with(operation, 'MCAS_ALERT_') THEN 'ALERT' END)`;
/** A mailbox that an administrator opened is used by an administrator, whatever the kind of user. */
const privilege = `WHEN actor_type IN ('admin', 'datacenter-admin', 'partner-technician') THEN 'ADMIN'
  WHEN actor_type IN ('system', 'application', 'service-principal', 'custom-policy', 'system-policy') THEN 'SYSTEM'
  WHEN actor_type IN ('user', 'guest', 'reserved') THEN 'USER'`;

/** What people and services did in Microsoft's applications, whichever of them reports it. */
export const saasAuditLogs = normalizedDataset({
  name: 'saas_audit_logs',
  vendor: 'saas',
  product: 'Audit Logs',
  meaning: 'what was done in Exchange, SharePoint, OneDrive, Teams and all other applications, as often as it was served',
  logTypes: [exchange, sharepoint, general],
  columns: {
    ...rowColumns('saas', 'Audit Logs', exchange),
    ...actorColumns(exchange),
    operation_name: text(
      operationName,
      'What was done, by one name for all services; NULL for what has none',
      'MAIL_RULE_CHANGE',
      'operation, by a table of names, else by the verb of the cmdlet',
    ),
    operation_name_orig: text('operation', 'What was done, as the service words it', 'New-InboxRule'),
    operation_status: text('upper(outcome)', 'SUCCESS, FAILURE or UNKNOWN', 'SUCCESS'),
    outcome_reason: text('result_code', 'Result as the service words it', 'Succeeded'),
    event_type: text('record_type_name', "Microsoft's name of the record type", 'ExchangeAdmin'),
    original_event_type: long('record_type', 'Number of the record type', '1'),
    identity_normalized: struct(
      { username: 'text', domain: 'text', id: 'text', type: 'text' },
      `{username: lower(actor_upn), domain: ${domainOf('actor_upn')}, id: actor_id, type: actor_type}`,
      'Who acted, in one form',
      '{"username": "megan@contoso.example", "domain": "contoso.example", "id": "10032001a2b3c4d5", "type": "user"}',
      'actor_upn in lower case, its domain, actor_id, actor_type',
    ),
    privilege_level: text(
      {
        [exchange]: `CASE WHEN logon_type IN (1, 6) THEN 'ADMIN' WHEN logon_type IN (3, 4) THEN 'SYSTEM' ${privilege} END`,
        [sharepoint]: `CASE ${privilege} END`,
        [general]: `CASE ${privilege} END`,
      },
      'USER, ADMIN or SYSTEM: by how a mailbox was opened, else by the kind of user',
      'USER',
      'logon_type, actor_type',
    ),
    session_id: text(
      'session_id',
      'Session the user signed in with; joins with authentication_story',
      '0d9e8c7b-6a5f-4e3d-8c2b-1a0f9e8d7c6b',
    ),
    unique_token_id: text('unique_token_id', 'Token that was used; joins with authentication_story', 'kT4mWq8ZsE-2yB1xVn0fAA'),
    correlation_id: text('correlation_id', 'Ties the records of one request together', '3c5a9d10-77aa-4f0e-9b61-cb8c2b1d5e42'),
    target_id: text('target_id', 'Id of what was acted on', 'https://contoso.example/sites/finance/Shared Documents/Forecast 2027.xlsx'),
    target_name: text('target_name', 'Name of what was acted on', 'Forecast 2027.xlsx'),
    target_type: text('target_type', 'Kind of what was acted on', 'File'),
    target_user: text(
      {
        [exchange]: 'coalesce(folder_member_upn, mailbox_owner_upn)',
        [sharepoint]: 'coalesce(target_user, user_shared_with)',
        [general]: 'coalesce(members[1].upn, invitee, recipient_upn)',
      },
      'Whose mailbox or rights, with whom it was shared, or who was added',
      'guest@fabrikam.example',
    ),
    target_users: texts(
      { [general]: 'lake_some(list_filter(list_transform(members, m -> m.upn), u -> u IS NOT NULL))' },
      'Everybody that was added, removed or changed',
      '["lee@contoso.example", "guest@fabrikam.example"]',
    ),
    file_path: text(
      {
        [sharepoint]: `CASE WHEN file_name IS NULL THEN relative_url ELSE concat_ws('/', relative_url, file_name) END`,
        [general]: `CASE WHEN ${isLabelling} THEN target_id END`,
      },
      'Path of the file within its site, or on its device',
      'Shared Documents/Forecast 2027.xlsx',
    ),
    file_name: text(
      { [exchange]: 'attachment_name', [sharepoint]: 'file_name', [general]: 'coalesce(attachments[1].name, file_name)' },
      'Name of the file or attachment',
      'Forecast 2027.xlsx',
    ),
    file_extension: text({ [sharepoint]: 'lower(file_extension)' }, 'Extension of the file, in lower case', 'xlsx'),
    file_size_bytes: long({ [exchange]: 'item_size_bytes', [sharepoint]: 'file_size_bytes' }, 'Size of the file or item', '48213'),
    file_sha256: text(
      { [general]: 'lower(coalesce(attachments[1].sha256, file_sha256[1]))' },
      'SHA-256 of the first attachment, or of the file that was looked at',
      '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    ),
    destination_path: text(
      {
        [exchange]: 'destination_folder_path',
        [sharepoint]: `CASE WHEN coalesce(destination_relative_url, destination_file_name) IS NOT NULL THEN concat_ws('/', destination_relative_url, destination_file_name) END`,
      },
      'Where it was moved or copied to',
      'Shared Documents/Archive/Forecast 2027.xlsx',
    ),
    site_url: text({ [sharepoint]: 'site_url' }, 'Address of the site', 'https://contoso.example/sites/finance/'),
    url: text(
      { [sharepoint]: `CASE WHEN starts_with(target_id, 'http') THEN target_id END`, [general]: 'coalesce(url, deep_link)' },
      'Address of what was acted on, or that was clicked',
      'https://contoso.example/sites/finance/Shared Documents/Forecast 2027.xlsx',
    ),
    sharing_type: text({ [sharepoint]: 'sharing_type', [general]: 'sharing_permission' }, 'Which permissions were given', 'Edit'),
    target_user_type: text({ [sharepoint]: 'target_user_type' }, 'Member, Guest, SharePointGroup, SecurityGroup or Partner', 'Guest'),
    sensitivity_label_id: text(
      { [sharepoint]: 'coalesce(sensitivity_label_id, destination_label)', [general]: 'sensitivity_label_id' },
      'Sensitivity label afterwards',
      'd9f23ae3-a239-45ea-bf23-f515f9e2a1b0',
    ),
    old_sensitivity_label_id: text(
      { [sharepoint]: 'source_label', [general]: 'old_sensitivity_label_id' },
      'Sensitivity label before',
      '87867195-f2b8-4ac2-b0b6-6bb73cb33afc',
    ),
    mailbox_owner: text({ [exchange]: 'mailbox_owner_upn' }, 'Owner of the mailbox', 'lee@contoso.example'),
    logon_type: text({ [exchange]: 'logon_type_name' }, 'How the mailbox was opened: owner, admin, delegated, ...', 'delegated'),
    folder_path: text({ [exchange]: 'coalesce(item_folder_path, folder_path, folders[1].path)' }, 'Folder of the mailbox', '\\Inbox'),
    email_subject: text(
      { [exchange]: 'coalesce(item_subject, affected_items[1].subject)', [general]: 'subject' },
      'Subject of the message',
      'Forecast for 2027',
    ),
    email_sender: text(
      {
        [exchange]: `CASE WHEN ${isSending} THEN coalesce(send_as_upn, send_on_behalf_of_upn, mailbox_owner_upn) ELSE sender END`,
        [general]: 'sender',
      },
      'Sender of the message',
      'lee@contoso.example',
    ),
    email_recipients: texts(
      { [exchange]: 'coalesce(recipients, CASE WHEN recipient IS NOT NULL THEN [recipient] END)', [general]: 'recipients' },
      'Recipients of the message',
      '["pat@fabrikam.example"]',
    ),
    email_message_id: text(
      {
        [exchange]: 'coalesce(internet_message_id, affected_items[1].internet_message_id, folder_items[1].internet_message_id)',
        [general]: 'internet_message_id',
      },
      'Message-ID of the (first) message',
      '<a1b2c3@mail.contoso.example>',
    ),
    network_message_id: text({ [general]: 'network_message_id' }, "Microsoft's id of the message", '6a7b8c9d-1e2f-4a3b-8c4d-5e6f7a8b9c0d'),
    item_count: long(
      { [exchange]: 'coalesce(operation_count, affected_item_count)', [general]: 'result_count' },
      'Accesses, items or rows that the record stands for',
      '3',
    ),
    parameters: map(
      { [exchange]: 'parameters', [general]: 'parameters' },
      'Parameters of the cmdlet by name',
      '{"ForwardTo": "pat@fabrikam.example", "Name": "."}',
    ),
    parameters_text: text(
      { [general]: 'parameters_text' },
      'Parameters of a compliance cmdlet, as Microsoft sends them',
      '-Name "Case 12"',
    ),
    modified_properties: structs(
      { name: 'text', new_value: 'text', old_value: 'text' },
      { [exchange]: 'modified_properties', [sharepoint]: 'modified_properties' },
      'What was changed, from what, to what',
      '[{"name": "SiteAdmin", "new_value": "lee@contoso.example", "old_value": ""}]',
    ),
    team_name: text({ [general]: 'team_name' }, 'Team', 'Finance'),
    channel_name: text({ [general]: 'channel_name' }, 'Channel of the team', 'General'),
    alert_id: text({ [general]: 'alert_id' }, 'Security & compliance alert', '4b8f3d20-6c1e-4a57-9d0b-2e7a5c8f1b36'),
    severity: text({ [general]: 'severity' }, 'Severity of the alert', 'High'),
    category: text({ [general]: 'category' }, 'Category of the alert', 'ThreatManagement'),
    policy: text({ [general]: 'coalesce(policy, policy_id)' }, 'Policy that raised the alert or acted on the message', 'Anti-phishing'),
    verdict: text({ [general]: 'verdict' }, 'What a message was found to be', 'Phish'),
    case_name: text({ [general]: 'case_name' }, 'eDiscovery case', 'Case 12'),
    query_text: text({ [sharepoint]: 'search_query', [general]: 'query_text' }, 'What was searched for', 'subject:forecast'),
    device_name: text(
      { [exchange]: 'client_machine', [sharepoint]: 'device_name', [general]: 'device_name' },
      'Device, as the service names it',
      'LAPTOP-7C21',
    ),
    platform: text({ [sharepoint]: 'platform', [general]: 'platform' }, 'Platform of the device', 'WinDesktop'),
    is_managed_device: boolean({ [sharepoint]: 'is_managed_device' }, 'Whether the device is managed', 'true'),
    source_process: text({ [exchange]: 'client_process', [general]: 'application_process' }, 'Process that did it', 'OUTLOOK.EXE'),
    server: text({ [exchange]: 'originating_server' }, 'Server that did it', 'AM0PR01MB0001 (15.20.9412.010)'),
    is_external_access: boolean(
      { [exchange]: 'is_external_access' },
      'Whether somebody from outside the organization did it, Microsoft included',
      'false',
    ),
    geo_location: text({ [sharepoint]: 'geo_location', [general]: 'client_region' }, 'Where the data lies, or the client is', 'EUR'),
  },
});
