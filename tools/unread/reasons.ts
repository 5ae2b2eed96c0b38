/** Why values of records stand in no column: `raw` has them all. */

import type { LogTypeId } from '../../shared/log-types/index.ts';

interface Reason {
  /** The place, and all below it. */
  readonly path: RegExp;
  readonly why: string;
  /** Every log type when absent. */
  readonly logTypes?: readonly LogTypeId[];
}

const reasons: readonly Reason[] = [
  { path: /^AssociatedAdminUnits\[\]$/, why: 'administrative units of who acted, which the directory has' },
  {
    path: /^(Action(Activity|Id|Name|Scope|Score|ScoreChange)|ManagedBy)$/,
    why: 'scores of Compliance Manager, which are no activity of anybody',
    logTypes: ['audit-general'],
  },
  {
    path: /^(Actor(Yammer)?UserId|YammerNetworkId|FileId|VersionId)$/,
    why: 'numbers of Viva Engage beside its names',
    logTypes: ['audit-general'],
  },
  {
    path: /^(AppReportId|CapacityId|ReportType|RequestId|RefreshEnforcementPolicy|FormType|FormsUserType|ItemCount|FileData\.(DocumentId|FileVerdict))$/,
    why: 'second ids and kinds of what other columns name',
    logTypes: ['audit-general'],
  },
  { path: /^Members\[\]\.OrganizationId$/, why: 'participating_tenant_ids has the tenants of the participants' },
  { path: /^(EventSignature|BrowserVersion)$/, why: 'flags of the service', logTypes: ['audit-sharepoint'] },
  {
    path: /^Folders\[\]\.FolderItems\[\]\.(ClientRequestId|ImmutableId|Sensitivity)$/,
    why: 'second ids of the item, whose Message-ID folder_items has',
  },
  { path: /@odata\\\.type$|\.\$id$/, why: 'types and numbers of the serialization, not of the event' },
  { path: /^Version$|^MessageVersion$/, why: 'version of the schema' },
  { path: /^(azureTenantId|tenantId|TenantName|OrganizationName|tenantGeo)$/, why: 'the tenant, which tenant_id and tenant_name have' },
  { path: /^(Actor|Target)\[\]\.Type$/, why: 'kind of an id; the ids stand in actor_ids and target_ids, each recognizable by its form' },
  {
    path: /^(Actor|Target)\[\]\.ID$|^(ActorContextId|ActorIpAddress|TargetContextId|InterSystemsId|IntraSystemId|ResourceTenantId)$/,
    why: 'fields of Microsoft Entra in a record of another workload',
    logTypes: ['audit-general'],
  },
  {
    path: /^ExtendedProperties\[\]|^AzureActiveDirectoryEventType$/,
    why: 'fields of Microsoft Entra in a record of another workload',
    logTypes: ['audit-general'],
  },
  {
    path: /^(DatabaseType|SecurityComplianceCenterEventType|SkypeForBusinessEventType|ProtectionEventData\.ProtectionEventType)$/,
    why: 'constant for its record type',
  },
  {
    path: /^(Scope|ExternalAccess|IsInternalServiceRequest|UserClaims|AdminActionDetail|CompletionStatus|SearchSource)$/,
    why: 'about the service, not about what was done',
    logTypes: ['audit-general'],
  },
  {
    path: /^Actions\[\]\.(Entities|InvestigationId)/,
    why: 'parts of an investigation that repeat investigation_id and alert_data',
    logTypes: ['audit-general'],
  },
  {
    path: /^ParticipantInfo\.|^MessageVisibilityTime$/,
    why: 'kinds of participants beyond guests and foreign tenants',
    logTypes: ['audit-general'],
  },
  {
    path: /^CopilotEventData\.(AccessedResources\[\]\.listItemUniqueId|AISystemPlugin\[\]\.Id|Contexts\[\]\.Type)$/,
    why: 'second ids of what copilot_resources, copilot_plugins and copilot_context_ids name',
  },
  { path: /^(Item|AffectedItems\[\])\.ParentFolder\.(Id|Name)$/, why: 'folder_path and item_folder_path name the folder' },
  {
    path: /^(Item\.IsRecord|SaveToSentItems|MailboxOwnerMasterAccountSid|AppAccessContext\.APIId)$/,
    why: 'of no use in any question asked so far',
  },
  {
    path: /^(DoNotDistributeEvent|HighPriorityMediaProcessing|CustomizedDoclib|CustomUniqueId|ImplicitShare|SkipForServiceWorker|Source|FromApp)$/,
    why: 'flags of the service',
    logTypes: ['audit-sharepoint'],
  },
  {
    path: /^SharePointMetaData\.(UniqueID|FileID|IsVisibleOnlyToOdbOwner)$|^EvaluationSource$/,
    why: 'second ids of the file, which target_id has',
    logTypes: ['dlp-all'],
  },
  { path: /^authenticationDetails\[\]\.(RequestSequence|StatusSequence)$/, why: 'order of the steps, which the list has' },
  { path: /^(result|rngcStatus|managedIdentityType)$/, why: 'fields of the Event Hub form, which Graph does not serve' },
  {
    path: /^(categories\[\]|investigationState)$/,
    why: 'a column would give every alert another record key; category is the first of the categories',
    logTypes: ['alerts'],
  },
  {
    path: /^(userStates|networkConnections|securityResources)\[\]\./,
    why: 'second fields of an API that Microsoft has retired',
    logTypes: ['alerts-legacy'],
  },
];

/** Why a place has no column; undefined where nobody has given a reason. */
export function reasonOf(logTypeId: LogTypeId, path: string): string | undefined {
  return reasons.find(({ path: of, logTypes }) => of.test(path) && (logTypes?.includes(logTypeId) ?? true))?.why;
}

const sameField = 'another spelling of a field, under which it stands in its column where a record has this one alone';
const otherKind = 'of records of another kind than those that have the first place of its column';

/** Of places that columns read: where the value is another one in its column, or gives way to that of another place. */
const lostReasons: readonly Reason[] = [
  { path: /^(Actor|Target)\[\]\.Type$/, why: 'kind of an id; the ids stand in actor_ids and target_ids, each recognizable by its form' },
  { path: /^(ErrorCode|InterSystemId|IntraSystemsId)$/, why: sameField },
  {
    path: /^(AddOnType|Common\.Platform|SourceWorkload)$/,
    why: 'a number that its column has as a word; a number without a word stands as it is',
  },
  { path: /^(MessageId|ItemName|CrossMailboxOperations|recipientList\[\]|Receivers\[\])$/, why: otherKind, logTypes: ['audit-exchange'] },
  { path: /^Item\.ParentFolder\.Name$/, why: 'folder_path and item_folder_path name the folder' },
  {
    path: /^(EndpointMetaData|ExchangeMetaData|SharePointMetaData)\./,
    why: 'a record has the metadata of one workload, and each of its fields in one spelling',
    logTypes: ['dlp-all'],
  },
  {
    path: /^(AlertDisplayName|AlertSeverity|AlertCategory|SearchQuery|ResultsCount|StartTimeUtc|ActivityStartTime|EndTimeUtc|LastUpdatedTime)$/,
    why: otherKind,
    logTypes: ['audit-general'],
  },
  {
    path: /^(AlertId|Status)$/,
    why: 'alert_id and status have it in every record; of alerts of Defender for Cloud Apps another place stands in where it is missing',
    logTypes: ['audit-general'],
  },
  {
    path: /^(WorkSpaceId|WorkspaceName|Entity|Data State|URL|DeepLinkUrl|DeliveryLocation|OldSensitivityLabelId|SensitivityLabelId|DeviceName)$/,
    why: sameField,
    logTypes: ['audit-general'],
  },
  { path: /^(ResourceId|Sender|SourceFileName|FileName)$/, why: otherKind, logTypes: ['audit-general'] },
  {
    path: /^(FileData|AttachmentData\[\])\.MalwareFamily$/,
    why: 'malware_name has the first malware that a record names',
    logTypes: ['audit-general'],
  },
  { path: /^(riskLevelDuringsignIn|signInTokenProtectionStatus)$/, why: sameField },
  { path: /^riskEventTypes$/, why: 'the deprecated form of riskEventTypes_v2, which risk_event_types has' },
  { path: /^createdDateTime$/, why: 'as B2C writes activityDateTime', logTypes: ['directory-audits'] },
  {
    path: /^targetResources\[\]\./,
    why: 'targets has every target; target_id, target_name and target_type have the first',
    logTypes: ['directory-audits'],
  },
  { path: /^evidence\[\]\./, why: 'evidence and its lists have every element; the common columns have the first', logTypes: ['alerts'] },
  {
    path: /^(userStates|hostStates)\[\]\./,
    why: 'users and devices have every element; the common columns have the first',
    logTypes: ['alerts-legacy'],
  },
  {
    path: /^(status|feedback)$/,
    why: 'a word that result_code and classification have as the newer API writes it',
    logTypes: ['alerts-legacy'],
  },
];

/** Why a value at a place that columns read stands in none of them; undefined where nobody has given a reason. */
export function reasonOfLost(logTypeId: LogTypeId, path: string): string | undefined {
  return lostReasons.find(({ path: of, logTypes }) => of.test(path) && (logTypes?.includes(logTypeId) ?? true))?.why;
}
