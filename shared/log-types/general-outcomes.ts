/**
 * Operations of Audit.General that are written only when they are done; their records have no ResultStatus. In lower case.
 * Operations that are not here (alerts, threats found, reports, what a policy decided) leave the outcome open.
 *
 * @see https://learn.microsoft.com/purview/audit-log-activities
 */
export const generalOutcomes: Readonly<Record<string, 'success'>> = Object.fromEntries(
  [
    'TeamCreated TeamDeleted TeamSettingChanged TeamsTenantSettingChanged TeamsSessionStarted ChannelAdded ChannelDeleted ChannelSettingChanged',
    'MemberAdded MemberRemoved MemberRoleChanged ChatCreated ChatUpdated MessageSent MessageUpdated MessageDeleted MessageCreatedHasLink',
    'TabAdded TabRemoved TabUpdated BotAddedToTeam BotRemovedFromTeam ConnectorAdded ConnectorRemoved ConnectorUpdated AppInstalled AppUninstalled AppUpgraded',
    'SensitivityLabelApplied SensitivityLabelUpdated SensitivityLabelRemoved SensitivityLabeledFileOpened CopilotInteraction',
    'CreateForm EditForm DeleteForm ViewForm CreateResponse SubmitResponse ViewResponses ExportForm ShareFormForCopy AddFormCoauthor RemoveFormCoauthor',
  ]
    .flatMap((line) => line.toLowerCase().split(' '))
    .map((operation) => [operation, 'success']),
);
