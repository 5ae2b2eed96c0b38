import {
  asIn,
  boolean,
  eachOf,
  firstOf,
  json,
  long,
  nameOf,
  absent,
  known,
  structs,
  text,
  texts,
  time,
  total,
  unionOf,
  within,
  type Expression,
} from '../domain/columns.ts';
import { columnsOf } from './common.ts';
import { logType } from './log-type.ts';
import { commonSchema, commonSchemaColumns, content, managementActivity, recognizeAudit } from './management-activity.ts';

const information = 'PolicyDetails[].Rules[].ConditionsMatched.SensitiveInformation';
const enforcementModes = { 1: 'audit', 2: 'warn', 3: 'warn-and-bypass', 4: 'block', 5: 'allow' };

/** ExceptionInfo is an object in some records and JSON in a text in others. */
const exception = (name: string): Expression => firstOf(`ExceptionInfo.${name}`, within('ExceptionInfo', name));

/** Matches of policies against data loss, their undoing, and the reasons users gave to override them. */
export const dlpAll = logType({
  ...managementActivity,
  id: 'dlp-all',
  title: 'Data loss prevention',
  reference: 'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#dlp-schema',
  permissions: [
    { name: 'ActivityFeed.Read' },
    { name: 'ActivityFeed.ReadDlp', why: 'the content type DLP.All has a permission of its own' },
  ],
  source: content('DLP.All'),
  // A match and the user's reason to override it come under one Id, as a match and its undo do.
  identity: [...managementActivity.identity, 'exception_reason', 'exception_justification', 'is_false_positive'],
  dataset: 'msft_o365_dlp_raw',
  product: 'O365 DLP',
  recognize: {
    ...recognizeAudit,
    // What the workloads call ComplianceDLP..., whichever workload it is; not 187, which is a setting of Power Platform.
    recordTypes: [11, 13, 33, 63, 99, 100, 107],
    shapes: [{ CreationTime: 'anything', Operation: ['DlpRuleMatch', 'DlpRuleUndo', 'DlpInfo', 'DLPRuleMatch', 'DLPRuleUndo'] }],
  },
  columns: columnsOf(
    {
      ...commonSchema,
      operation: asIn(commonSchema.operation, 'DlpRuleMatch'),
      actor_id: asIn(commonSchema.actor_id, '10032001A2B3C4D5'),
      actor_type: asIn(commonSchema.actor_type, 'system'),
      outcome: asIn(commonSchema.outcome, 'unknown'),
      app_id: text(absent, 'Not in these records', 'NULL'),
      app_name: text('EndpointMetaData.Application', 'Application on the endpoint', 'chrome.exe'),
      target_name: text(
        firstOf('SharePointMetaData.FileName', 'ExchangeMetaData.Subject', 'EndpointMetaData.OriginatingFileName', 'ObjectId'),
        'File, subject of the message, or the object itself',
        'Forecast 2027.xlsx',
      ),
      target_type: text('Workload', 'Service the object is in', 'SharePoint'),
    },
    {
      ...commonSchemaColumns,
      record_type: asIn(commonSchemaColumns.record_type, '11'),
      record_type_name: asIn(commonSchemaColumns.record_type_name, 'ComplianceDLPSharePoint'),
      incident_id: text(known('IncidentId'), 'Ties the records of one incident together', '6a7b8c9d-1e2f-4a3b-8c4d-5e6f7a8b9c0d'),
      is_sensitive_data_included: boolean('SensitiveInfoDetectionIsIncluded', 'Whether the record holds the matched values', 'false'),
      policy_ids: texts(unionOf(eachOf('PolicyDetails', 'PolicyId')), 'Policies that matched', '["0f1e2d3c-4b5a-4968-8776-a5b4c3d2e1f0"]'),
      policy_names: texts(unionOf(eachOf('PolicyDetails', 'PolicyName')), 'Their names', '["Card numbers"]'),
      rule_names: texts(unionOf(eachOf('PolicyDetails[].Rules', 'RuleName')), 'Rules that matched', '["Card numbers leave the company"]'),
      severities: texts(unionOf(eachOf('PolicyDetails[].Rules', 'Severity')), 'Severities of those rules', '["High"]'),
      actions: texts(
        unionOf(eachOf('PolicyDetails[].Rules[].Actions')),
        'What the rules did, such as BlockAccess',
        '["BlockAccess", "NotifyUser"]',
      ),
      rules: structs(
        'PolicyDetails[].Rules',
        {
          policy_id: '^PolicyId',
          policy_name: '^PolicyName',
          rule_id: 'RuleId',
          rule_name: 'RuleName',
          rule_mode: 'RuleMode',
          severity: 'Severity',
          actions: ['Actions', 'texts'],
          overridden_actions: ['OverriddenActions', 'texts'],
          action_parameters: ['ActionParameters', 'texts'],
          other_conditions: ['ConditionsMatched.OtherConditions', 'json'],
          document_properties: ['ConditionsMatched.DocumentProperties', 'json'],
        },
        'Every rule that matched, with its policy',
        '[{"policy_id": "0f1e2d3c-4b5a-4968-8776-a5b4c3d2e1f0", "policy_name": "Card numbers", "rule_id": "1a2b3c4d-5e6f-4708-9192-a3b4c5d6e7f8", "rule_name": "Card numbers leave the company", "rule_mode": "Enable", "severity": "High", "actions": ["BlockAccess"], ...}]',
      ),
      sensitive_types: texts(
        unionOf(eachOf(information, 'SensitiveInformationTypeName'), eachOf(information, 'SensitiveType')),
        'Names and ids of the sensitive information types found',
        '["Credit Card Number", "50842eb7-edc8-4019-85dd-5a5c1f2bb085"]',
      ),
      sensitive_information: structs(
        information,
        {
          rule_name: '^RuleName',
          type_id: 'SensitiveType',
          type_name: 'SensitiveInformationTypeName',
          location: 'Location',
          confidence: ['Confidence', 'long'],
          count: ['Count', 'long'],
          unique_count: ['UniqueCount', 'long'],
          detections: ['SensitiveInformationDetections', 'json'],
        },
        'What was found, by rule',
        '[{"rule_name": "Card numbers leave the company", "type_id": "50842eb7-edc8-4019-85dd-5a5c1f2bb085", "type_name": "Credit Card Number", "location": "Message Body", "confidence": 85, "count": 3, "unique_count": 2, "detections": null}]',
      ),
      sensitive_count: long(
        total('sum', eachOf(information, 'Count', 'long')),
        'Findings of all rules together; a finding counts once for each rule',
        '3',
      ),
      highest_confidence: long(
        total('max', eachOf(information, 'Confidence', 'long')),
        'Highest confidence of a finding, in percent',
        '85',
      ),
      policy_details: json(
        'PolicyDetails',
        'Policies, rules and findings as JSON',
        '[{"PolicyName": "Card numbers", "Rules": [{"RuleName": "Card numbers leave the company", ...}]}]',
      ),
      exception_reason: text(exception('Reason'), 'Why the policy was overridden: Override or FalsePositive', 'Override'),
      exception_justification: text(exception('Justification'), 'Justification of the user', 'The customer asked for it'),
      is_false_positive: text(exception('FalsePositive'), 'Whether the user called it a false positive, as sent', 'false'),
      exception_info: json(
        'ExceptionInfo',
        'The exception as JSON',
        '{"Reason": "Override", "Justification": "The customer asked for it"}',
      ),
      file_name: text(
        firstOf('SharePointMetaData.FileName', 'EndpointMetaData.OriginatingFileName'),
        'Name of the file',
        'Forecast 2027.xlsx',
      ),
      file_url: text(
        'SharePointMetaData.FilePathUrl',
        'Address of the file',
        'https://contoso.example/sites/finance/Shared Documents/Forecast 2027.xlsx',
      ),
      file_owner: text('SharePointMetaData.FileOwner', 'Owner of the file', 'lee@contoso.example'),
      file_size_bytes: long(
        {
          op: 'first',
          of: [sizeAt('SharePointMetaData.FileSize'), sizeAt('ExchangeMetaData.FileSize'), sizeAt('EndpointMetaData.FileSize')],
        },
        'Size of the file or message',
        '48213',
      ),
      file_modified_by: text('SharePointMetaData.DocumentLastModifier', 'Who changed the file last', 'megan@contoso.example'),
      file_shared_by: texts(
        { op: 'first', of: [eachOf('SharePointMetaData.SharedBy'), eachOf('SharePointMetaData.DocumentSharer')] },
        'Who shared the file',
        '["lee@contoso.example"]',
      ),
      item_created_time: time(
        firstOf('SharePointMetaData.ItemCreationTime', 'SharePointMetaData.itemCreationTime'),
        'When the file was made',
        '2026-11-18 16:02:11+00',
      ),
      item_modified_time: time(
        firstOf('SharePointMetaData.ItemLastModifiedTime', 'SharePointMetaData.LastModifiedTime'),
        'When it was changed last',
        '2026-11-20 08:55:40+00',
      ),
      item_shared_time: time('SharePointMetaData.ItemLastSharedTime', 'When it was shared last', '2026-11-20 09:01:27+00'),
      is_visible_to_external_users: boolean(
        'SharePointMetaData.IsViewableByExternalUsers',
        'Whether people outside may read the file',
        'true',
      ),
      site_id: text(known('SharePointMetaData.SiteCollectionGuid'), 'GUID of the site collection', 'b1d3f5a7-2c4e-4680-9ace-13579bdf0246'),
      site_url: text('SharePointMetaData.SiteCollectionUrl', 'Address of the site', 'https://contoso.example/sites/finance/'),
      sensitivity_label_ids: texts(
        { op: 'first', of: [eachOf('SharePointMetaData.SensitivityLabelIds'), eachOf('EndpointMetaData.SensitivityLabelIds')] },
        'Sensitivity labels of the file',
        '["d9f23ae3-a239-45ea-bf23-f515f9e2a1b0"]',
      ),
      sender: text(
        firstOf('ExchangeMetaData.From', 'SharePointMetaData.From'),
        'Sender of the message, or who uploaded the file',
        'lee@contoso.example',
      ),
      recipients: texts(
        unionOf(eachOf('ExchangeMetaData.To'), eachOf('ExchangeMetaData.CC'), eachOf('ExchangeMetaData.BCC')),
        'To, Cc and Bcc of the message',
        '["pat@fabrikam.example"]',
      ),
      recipient_count: long('ExchangeMetaData.RecipientCount', 'How many recipients', '1'),
      subject: text('ExchangeMetaData.Subject', 'Subject of the message', 'Card for the booking'),
      internet_message_id: text('ExchangeMetaData.MessageID', 'Message-ID of the message', '<a1b2c3@mail.contoso.example>'),
      network_message_id: text(known('ExchangeMetaData.UniqueID'), "Microsoft's id of the message", '6a7b8c9d-1e2f-4a3b-8c4d-5e6f7a8b9c0d'),
      sent_time: time('ExchangeMetaData.Sent', 'When it was sent', '2026-11-20 09:13:58+00'),
      endpoint_device: text('EndpointMetaData.DeviceName', 'Device it happened on', 'LAPTOP-7C21'),
      endpoint_application: text('EndpointMetaData.Application', 'Application it happened in', 'chrome.exe'),
      endpoint_operation: text(
        'EndpointMetaData.EndpointOperation',
        'What was done on the device, such as FileCopiedToRemovableMedia',
        'FileCopiedToRemovableMedia',
      ),
      endpoint_file_type: text('EndpointMetaData.FileType', 'Type of the file on the device', 'XLSX'),
      endpoint_file_extension: text('EndpointMetaData.FileExtension', 'Its extension', 'xlsx'),
      endpoint_file_sha256: text(
        firstOf('EndpointMetaData.Sha256', 'EndpointMetaData.SHA256'),
        'Its SHA-256',
        '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      ),
      endpoint_source_location: text('EndpointMetaData.SourceLocationType', 'Where the file came from', 'Local'),
      endpoint_destination_location: text('EndpointMetaData.DestinationLocationType', 'Where it went', 'Removable'),
      endpoint_target_domain: text('EndpointMetaData.TargetDomain', 'Domain it went to', 'upload.fabrikam.example'),
      enforcement_mode: long(
        'EndpointMetaData.EnforcementMode',
        'What the endpoint did: 1 audit, 2 warn, 3 warn and bypass, 4 block, 5 allow',
        '4',
      ),
      enforcement_mode_name: text(nameOf('EndpointMetaData.EnforcementMode', enforcementModes), 'The same, by name', 'block'),
    },
  ),
});

function sizeAt(path: string): Expression {
  return { op: 'field', path, as: 'long' };
}
