/**
 * Where the library has its words from: every value that a query compares with, by the page of Microsoft's that has it, or by records
 * alone. queries/seen-words.json has the data sets in which each was seen: `npm run seen`. A word that nobody has seen finds nothing, and
 * no test with planted records shows it.
 */

/** One place that words come from; without a page, the words stand in records (queries/seen-words.json), whatever a project reports. */
export interface WordSource {
  /** A page of Microsoft's. */
  readonly page?: string;
  /** A public project that reports them as well. */
  readonly project?: string;
  /** What to know of them. */
  readonly note?: string;
  /** Patterns of LIKE as the queries have them. */
  readonly words: readonly string[];
}

const list = (...lines: readonly string[]): string[] => lines.flatMap((line) => line.split(' | '));

/** Every source, with its words. */
export const wordSources: readonly WordSource[] = [
  {
    page: 'https://learn.microsoft.com/purview/audit-log-activities',
    note: 'Operations of Entra end with a full stop in the Management Activity API; queries take it off.',
    words: list(
      'AnonymousLinkCreated | AnonymousLinkUpdated | AnonymousLinkUsed | CompanyLinkCreated | SecureLinkCreated | SecureLinkUsed | SharingSet',
      'SharingInvitationCreated | SharingInvitationAccepted | AddedToSecureLink | AddedToGroup | SiteCollectionAdminAdded',
      'FileAccessed | FileDownloaded | FileModified | FilePreviewed | FileUploaded | FileDeleted | FileRenamed | FileMalwareDetected',
      'FileDeletedFirstStageRecycleBin | FileDeletedSecondStageRecycleBin | FileRecycled | FileSyncDownloadedFull | FileSyncDownloadedPartial | %RecycleBin',
      'FolderDeleted | FolderRecycled | FileSensitivityLabelRemoved | SensitivityLabelRemoved | SiteSensitivityLabelRemoved',
      'MailItemsAccessed | HardDelete | SendAs | SendOnBehalf | New-InboxRule | Set-InboxRule | UpdateInboxRules | Add-MailboxPermission | Remove-MailboxPermission',
      'AddFolderPermissions | RemoveFolderPermissions | UpdateFolderPermissions | UpdateCalendarDelegation | QuarantineRelease | UserLoggedIn',
      'Add user | Delete user | Update user | Reset user password | add partner to company | verify domain | set company information | set domain authentication%',
    ),
  },
  {
    page: 'https://learn.microsoft.com/purview/audit-mailboxes#mailbox-actions-for-user-mailboxes-and-shared-mailboxes',
    words: list('MessageBind | FolderBind | ModifyFolderPermissions'),
  },
  {
    page: 'https://learn.microsoft.com/purview/audit-log-investigate-accounts',
    note: 'How mail was accessed.',
    words: list('Sync'),
  },
  {
    page: 'https://learn.microsoft.com/purview/ediscovery-search-for-activities-in-the-audit-log',
    words: list(
      'CaseAdded | CaseUpdated | CaseMemberAdded | HoldCreated | SearchCreated | SearchStarted | SearchUpdated | SearchExported | SearchExportDownloaded',
      'SearchPreviewed | SearchReport | SearchResultsPurged | RemovedSearchResultsSentToZoom | ViewedSearchPreviewed',
    ),
  },
  {
    page: 'https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities',
    words: list(
      'Add application | Add service principal | Add owner to application | Add owner to service principal | Add device | Add registered owner to device',
      'Add registered users to device | Register device | Invite external user | Restore user | Reset password (by admin)',
      'Disable Strong Authentication | Enable Strong Authentication | Update authorization policy | Reveal local administrator password',
      '%security info% | %strong authentication% | %application password for user% | %oath token% | %fido2 security key%',
      '%windows hello for business credential% | %passwordless phone sign-in credential% | %platform credential% | %named location% | %member%role%',
      '%role assignment%role definition%',
      '%federation settings on domain% | %conditional access policy% | add unverified domain | add verified domain | remove verified domain',
      'consent to application% | add delegated permission grant% | add app role assignment to service principal% | add service principal credentials%',
      'update application% | update service principal% | %certificates and secrets management%',
    ),
  },
  {
    page: 'https://learn.microsoft.com/azure/role-based-access-control/elevate-access-global-admin',
    note: 'That a Global Administrator takes the rights over all subscriptions, and that they are removed.',
    words: list('%user access administrator%'),
  },
  {
    page: 'https://learn.microsoft.com/entra/identity/devices/howto-manage-local-admin-passwords',
    words: list('Recover device local administrator password'),
  },
  {
    page: 'https://learn.microsoft.com/graph/api/resources/targetresource',
    note: 'Kinds of targets.',
    words: list('Application | ServicePrincipal | User'),
  },
  {
    page: 'https://learn.microsoft.com/entra/external-id/user-properties',
    note: 'In the user principal name of a guest.',
    words: list('%#ext#%'),
  },
  {
    page: 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
    note: '50199 asks the user to confirm a sign-in that began elsewhere. A device code leads to it, and applications that open a browser of the system as well.',
    words: list(
      'error_code = 50034 | error_code = 50053 | error_code = 50055 | error_code = 50056 | error_code = 50057 | error_code = 50126',
      'error_code = 50199 | error_code = 500121 | error_code = 53000 | error_code = 53001 | error_code = 53002 | error_code = 53003',
    ),
  },
  {
    page: 'https://learn.microsoft.com/graph/api/resources/signin',
    words: list(
      'multiFactorAuthentication | singleFactorAuthentication | deviceCode | deviceCodeFlow | guest | high | medium | low | Exchange Active Sync | IMAP | MAPI | POP',
    ),
  },
  {
    page: 'https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions#client-apps',
    note: 'Clients of legacy authentication, under the names that sign-ins have them by. Sign-ins of earlier years add to them: supported or not, and which protocol.',
    words: list(
      'AutoDiscover | Autodiscover | Exchange ActiveSync% | Exchange Online PowerShell | Exchange Web Services | IMAP4 | MAPI Over HTTP | Offline Address Book',
      'Other clients | Other clients% | Outlook Anywhere (RPC over HTTP) | Outlook Service | POP3 | Reporting Web Services | SMTP',
    ),
  },
  {
    project: 'https://github.com/panther-labs/panther-analysis/blob/main/rules/azure_signin_rules/azure_legacyauth.yml',
    words: list('Authenticated SMTP'),
  },
  {
    page: 'https://learn.microsoft.com/azure/active-directory/conditional-access/block-legacy-authentication',
    note: 'In the page of 2022; that of today names no clients.',
    words: list('Universal Outlook'),
  },
  {
    project: 'https://github.com/KelvinTegelaar/CIPP-API',
    note: 'Steps of a second factor. SAS:EndAuth stands in records, SAS:ProcessAuth in the list of this project (Test-CIPPAuditLogRules.ps1).',
    words: list('SAS:%'),
  },
  {
    page: 'https://learn.microsoft.com/powershell/module/exchange/',
    note: 'Cmdlets and their parameters.',
    words: list(
      'Set-Mailbox | Enable-InboxRule | Disable-InboxRule | Remove-InboxRule | New-TransportRule | Set-TransportRule | Enable-TransportRule | Disable-TransportRule',
      'Remove-TransportRule | New-InboundConnector | Set-InboundConnector | New-OutboundConnector | Set-OutboundConnector | New-JournalRule | Set-JournalRule',
      'Add-RecipientPermission | Remove-RecipientPermission | Add-MailboxFolderPermission | Set-MailboxFolderPermission | Remove-MailboxFolderPermission',
      'Set-AdminAuditLogConfig | Set-MailboxAuditBypassAssociation | Set-OrganizationConfig',
      'Set-UnifiedAuditLogRetentionPolicy | Remove-UnifiedAuditLogRetentionPolicy',
      'Search-UnifiedAuditLog | Search-AdminAuditLog | Search-MailboxAuditLog | New-MailboxAuditLogSearch | New-MailboxSearch | Search-Mailbox | Get-%',
      'New-ComplianceCase | New-ComplianceSearch | New-ComplianceSearchAction | Set-ComplianceSearch | Start-ComplianceSearch',
      'Name | Identity | Trustee | AccessRights | GrantSendOnBehalfTo | DeliverToMailboxAndForward | AddToRecipients | BlindCopyTo | CopyTo | RedirectMessageTo',
      'MoveToFolder | DeleteMessage | SoftDeleteMessage | MarkAsRead | BodyContainsWords | SubjectContainsWords | SubjectOrBodyContainsWords',
      'AdminAuditLogEnabled | AuditBypassEnabled | AuditDisabled | AuditEnabled | UnifiedAuditLogIngestionEnabled',
    ),
  },
  {
    page: 'https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxorule/',
    note: 'Kinds of actions of a rule, and folders that come with a mailbox.',
    words: list(
      '%"delete"% | %"permanentdelete"% | %"move% | %"markasread"% | %archive% | %conversation history% | %deleted items% | %junk% | %rss%',
    ),
  },
  {
    page: 'https://learn.microsoft.com/powershell/module/exchange/export-activityexplorerdata',
    words: list(
      'FileCopiedToNetworkShare | FileCopiedToRemoteDesktopSession | FileCopiedToRemovableMedia | FilePrinted | FileTransferredByBluetooth | FileUploadedToCloud',
    ),
  },
  {
    page: 'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema',
    note: 'Operations of alerts and of data loss prevention, and kinds of who something was shared with.',
    words: list('AlertTriggered | dlprulematch | Guest'),
  },
  {
    page: 'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#auditlogrecordtype',
    note: 'Record types: 1 ExchangeAdmin, 8 AzureActiveDirectory, 28 ThreatIntelligence, 47 ThreatIntelligenceAtpContent, 65 Quarantine.',
    words: list('record_type = 1 | record_type = 8 | record_type = 28 | record_type = 47 | record_type = 65'),
  },
  {
    page: 'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#exchange-mailbox-schema',
    note: 'Who opened a mailbox: 1 an administrator, 2 a delegate, 6 a delegated administrator.',
    words: list('logon_type = 1 | logon_type = 2 | logon_type = 6'),
  },
  {
    page: 'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#dlp-schema',
    note: 'What an endpoint did: 4 blocked.',
    words: list('enforcement_mode = 4'),
  },
  {
    page: 'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#sensitivitylabeleventdata',
    note: 'What became of a label: 2 downgraded, 3 removed.',
    words: list('label_event_type = 2 | label_event_type = 3'),
  },
  {
    page: 'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#quarantine-schema',
    note: 'What was asked of quarantine: 2 release.',
    words: list('quarantine_request_type = 2'),
  },
  {
    page: 'https://learn.microsoft.com/office/office-365-management-api/copilot-schema',
    words: list('CopilotInteraction'),
  },
  {
    page: 'https://learn.microsoft.com/microsoftteams/audit-log-events',
    note: 'role: 1 member, 2 owner, 3 guest. The schema of the Management Activity API has them otherwise, and records do not bear it out.',
    words: list(
      'role = 3 | MemberAdded | TeamCreated | TabAdded | AppInstalled | AppPublishedToCatalog | AppUpgraded | BotAddedToTeam | ConnectorAdded | ChannelSettingChanged | ChatCreated',
      'TeamSettingChanged | TeamsAdminAction | TeamsTenantSettingChanged',
    ),
  },
  {
    page: 'https://learn.microsoft.com/fabric/admin/operation-list',
    words: list('CreateEmailSubscription | DownloadReport | ExportArtifact | ExportReport | ExportTile | PublishToWebReport | ShareReport'),
  },
  {
    page: 'https://learn.microsoft.com/power-automate/logs-and-reporting',
    words: list('CreateFlow | EditFlow | PutPermissions | DeletePermissions'),
  },
  {
    page: 'https://learn.microsoft.com/azure/sentinel/microsoft-cloud-app-security-alerts-not-imported-microsoft-365-defender',
    note: 'Kinds of alerts of Defender for Cloud Apps.',
    words: list('MCAS\\_ALERT\\_%'),
  },
  {
    page: 'https://learn.microsoft.com/graph/api/resources/security-alert',
    words: list('new | resolved'),
  },
  {
    note: "On no page of Microsoft's: these stand in records alone (queries/seen-words.json has where).",
    words: list(
      'AddMailboxRule | ModifyMailboxRule | QuarantineReleaseMessage | UserLoginFailed | BAV2ROPC | UserAgent | Update authentication methods policy | FileVersionsAllDeleted | AuditSearchCompleted | SiteAdmin',
      'Application.DisplayName | ServicePrincipal.DisplayName | ServicePrincipal.ObjectID | Device.DisplayName | Role.DisplayName | KeyDescription | StrongAuthentication%',
      '%historique des conversations% | ConsentAction.Permissions | DelegatedPermissionGrant.Scope | AppRole.Value | Included Updated Properties | true | false',
    ),
  },
  {
    page: 'https://learn.microsoft.com/azure/active-directory/reports-monitoring/reference-audit-activities',
    note: 'In the page of 2019; that of today has the delegated permission grant instead.',
    words: list('add oauth2permissiongrant%'),
  },
];

/** What some query compares with, in lower case; numbers without their column. */
export const comparedByQueries: ReadonlySet<string> = new Set(
  wordSources.flatMap(({ words }) => words.map((word) => word.replace(/^\w+ = (?=\d+$)/, '').toLowerCase())),
);
