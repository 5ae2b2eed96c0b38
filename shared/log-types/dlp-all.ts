import {
  boolean,
  eachOf,
  firstOf,
  json,
  long,
  nameOf,
  none,
  said,
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
import type { LogType } from './log-type.ts';
import { commonSchema, commonSchemaColumns, content, managementActivity } from './management-activity.ts';

const information = 'PolicyDetails[].Rules[].ConditionsMatched.SensitiveInformation';
const enforcementModes = { 1: 'audit', 2: 'warn', 3: 'warn-and-bypass', 4: 'block', 5: 'allow' };

/** ExceptionInfo is an object in some records and JSON in a text in others. */
const exception = (name: string): Expression => firstOf(`ExceptionInfo.${name}`, within('ExceptionInfo', name));

/** Matches of policies against data loss, their undoing, and what users said to override them. */
export const dlpAll: LogType = {
  ...managementActivity,
  id: 'dlp-all',
  title: 'Data loss prevention',
  reference: 'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#dlp-schema',
  permissions: [
    { name: 'ActivityFeed.Read' },
    { name: 'ActivityFeed.ReadDlp', why: 'the content type DLP.All has a permission of its own' },
  ],
  source: content('DLP.All'),
  // A match and what the user said to override it come under one Id, as a match and its undo do.
  identity: [...managementActivity.identity, 'exception_reason', 'exception_justification', 'is_false_positive'],
  dataset: 'msft_o365_dlp_raw',
  product: 'O365 DLP',
  columns: columnsOf(
    {
      ...commonSchema,
      app_id: text(none, 'Not said by these records'),
      app_name: text('EndpointMetaData.Application', 'Application on the endpoint'),
      target_name: text(
        firstOf('SharePointMetaData.FileName', 'ExchangeMetaData.Subject', 'EndpointMetaData.OriginatingFileName', 'ObjectId'),
        'File, subject of the message, or the object itself',
      ),
      target_type: text('Workload', 'Service the object is in'),
    },
    {
      ...commonSchemaColumns,
      incident_id: text(said('IncidentId'), 'Ties the records of one incident together'),
      is_sensitive_data_included: boolean('SensitiveInfoDetectionIsIncluded', 'Whether the record holds the matched values'),
      policy_ids: texts(unionOf(eachOf('PolicyDetails', 'PolicyId')), 'Policies that matched'),
      policy_names: texts(unionOf(eachOf('PolicyDetails', 'PolicyName')), 'Their names'),
      rule_names: texts(unionOf(eachOf('PolicyDetails[].Rules', 'RuleName')), 'Rules that matched'),
      severities: texts(unionOf(eachOf('PolicyDetails[].Rules', 'Severity')), 'Severities of those rules'),
      actions: texts(unionOf(eachOf('PolicyDetails[].Rules[].Actions')), 'What the rules did, such as BlockAccess'),
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
      ),
      sensitive_types: texts(
        unionOf(eachOf(information, 'SensitiveInformationTypeName'), eachOf(information, 'SensitiveType')),
        'Names and ids of the sensitive information types found',
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
      ),
      sensitive_count: long(
        total('sum', eachOf(information, 'Count', 'long')),
        'Findings of all rules together; a finding counts once for each rule',
      ),
      highest_confidence: long(total('max', eachOf(information, 'Confidence', 'long')), 'Highest confidence of a finding, in percent'),
      policy_details: json('PolicyDetails', 'Policies, rules and findings as JSON'),
      exception_reason: text(exception('Reason'), 'Why the policy was overridden: Override or FalsePositive'),
      exception_justification: text(exception('Justification'), 'What the user said'),
      is_false_positive: text(exception('FalsePositive'), 'Whether the user called it a false positive, as sent'),
      exception_info: json('ExceptionInfo', 'The exception as JSON'),
      file_name: text(firstOf('SharePointMetaData.FileName', 'EndpointMetaData.OriginatingFileName'), 'Name of the file'),
      file_url: text('SharePointMetaData.FilePathUrl', 'Address of the file'),
      file_owner: text('SharePointMetaData.FileOwner', 'Owner of the file'),
      file_size_bytes: long(
        {
          op: 'first',
          of: [sizeAt('SharePointMetaData.FileSize'), sizeAt('ExchangeMetaData.FileSize'), sizeAt('EndpointMetaData.FileSize')],
        },
        'Size of the file or message',
      ),
      file_modified_by: text('SharePointMetaData.DocumentLastModifier', 'Who changed the file last'),
      file_shared_by: texts(
        { op: 'first', of: [eachOf('SharePointMetaData.SharedBy'), eachOf('SharePointMetaData.DocumentSharer')] },
        'Who shared the file',
      ),
      item_created_time: time(
        firstOf('SharePointMetaData.ItemCreationTime', 'SharePointMetaData.itemCreationTime'),
        'When the file was made',
      ),
      item_modified_time: time(
        firstOf('SharePointMetaData.ItemLastModifiedTime', 'SharePointMetaData.LastModifiedTime'),
        'When it was changed last',
      ),
      item_shared_time: time('SharePointMetaData.ItemLastSharedTime', 'When it was shared last'),
      is_visible_to_external_users: boolean('SharePointMetaData.IsViewableByExternalUsers', 'Whether people outside may read the file'),
      site_id: text(said('SharePointMetaData.SiteCollectionGuid'), 'GUID of the site collection'),
      site_url: text('SharePointMetaData.SiteCollectionUrl', 'Address of the site'),
      sensitivity_label_ids: texts(
        { op: 'first', of: [eachOf('SharePointMetaData.SensitivityLabelIds'), eachOf('EndpointMetaData.SensitivityLabelIds')] },
        'Sensitivity labels of the file',
      ),
      sender: text(firstOf('ExchangeMetaData.From', 'SharePointMetaData.From'), 'Sender of the message, or who uploaded the file'),
      recipients: texts(
        unionOf(eachOf('ExchangeMetaData.To'), eachOf('ExchangeMetaData.CC'), eachOf('ExchangeMetaData.BCC')),
        'To, Cc and Bcc of the message',
      ),
      recipient_count: long('ExchangeMetaData.RecipientCount', 'How many recipients'),
      subject: text('ExchangeMetaData.Subject', 'Subject of the message'),
      internet_message_id: text('ExchangeMetaData.MessageID', 'Message-ID of the message'),
      network_message_id: text(said('ExchangeMetaData.UniqueID'), "Microsoft's id of the message"),
      sent_time: time('ExchangeMetaData.Sent', 'When it was sent'),
      endpoint_device: text('EndpointMetaData.DeviceName', 'Device it happened on'),
      endpoint_application: text('EndpointMetaData.Application', 'Application it happened in'),
      endpoint_operation: text('EndpointMetaData.EndpointOperation', 'What was done on the device, such as FileCopiedToRemovableMedia'),
      endpoint_file_type: text('EndpointMetaData.FileType', 'Type of the file on the device'),
      endpoint_file_extension: text('EndpointMetaData.FileExtension', 'Its extension'),
      endpoint_file_sha256: text(firstOf('EndpointMetaData.Sha256', 'EndpointMetaData.SHA256'), 'Its SHA-256'),
      endpoint_source_location: text('EndpointMetaData.SourceLocationType', 'Where the file came from'),
      endpoint_destination_location: text('EndpointMetaData.DestinationLocationType', 'Where it went'),
      endpoint_target_domain: text('EndpointMetaData.TargetDomain', 'Domain it went to'),
      enforcement_mode: long(
        'EndpointMetaData.EnforcementMode',
        'What the endpoint did: 1 audit, 2 warn, 3 warn and bypass, 4 block, 5 allow',
      ),
      enforcement_mode_name: text(nameOf('EndpointMetaData.EnforcementMode', enforcementModes), 'The same, by name'),
    },
  ),
};

function sizeAt(path: string): Expression {
  return { op: 'field', path, as: 'long' };
}
