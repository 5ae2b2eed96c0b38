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
