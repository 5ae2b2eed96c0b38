/**
 * Where the library has its words from: every value that a query compares with, by the page of Microsoft's that has it, or without
 * one, as people of the field report it from records. Most of those stand in records that were at hand when the list was made; about forty
 * do not, and still need a page. A word that nobody has seen finds nothing, and no test with planted records tells.
 */

/** One place that words come from. */
export interface WordSource {
  /** The page; undefined where none is named yet. */
  readonly page?: string;
  /** Patterns of LIKE as the queries have them. */
  readonly words: readonly string[];
}

const list = (...lines: readonly string[]): string[] => lines.flatMap((line) => line.split(' | '));

/** Every source, with its words. */
export const wordSources: readonly WordSource[] = [
  {
    // In the spelling that was seen. Operations of Entra end with a full stop in the Management Activity API.
    words: list(
      'UserLoggedIn | UserLoginFailed | BAV2ROPC | UserAgent | Application | ServicePrincipal | User | Guest | %#ext#% | %@%',
      'Add application | Add service principal | Add owner to application | Add device | Add registered owner to device | Add registered users to device | Add user',
      'Delete user | Update user | Reset user password | Reset password (by admin) | Invite external user | Disable Strong Authentication | Enable Strong Authentication',
      'Update authorization policy | Update authentication methods policy | set company information | set domain authentication% | add unverified domain',
      '%federation settings on domain% | %conditional access policy% | %member%role% | consent to application% | add delegated permission grant%',
      'add app role assignment to service principal% | add service principal credentials% | update application% | update service principal%',
      '%certificates and secrets management% | Application.DisplayName | ServicePrincipal.DisplayName | Device.DisplayName | Role.DisplayName | KeyDescription',
      'ConsentAction.Permissions | DelegatedPermissionGrant.Scope | AppRole.Value | Included Updated Properties | StrongAuthentication%',
      '________-____-____-____-____________ | RemoveMailboxRule | New-InboxRule | UpdateInboxRules | Set-Mailbox | Add-MailboxPermission | Add-RecipientPermission',
      'AddFolderPermissions | ModifyFolderPermissions | New-TransportRule | Set-AdminAuditLogConfig | AdminAuditLogEnabled | Name | Identity | Trustee | AccessRights',
      'GrantSendOnBehalfTo | BlindCopyTo | CopyTo | BodyContainsWords | SubjectOrBodyContainsWords | DeleteMessage | MarkAsRead | %"delete"%',
      'MailItemsAccessed | Sync | HardDelete | SendAs | dlprulematch | AlertTriggered | QuarantineRelease | QuarantineReleaseMessage',
      'SharingSet | AnonymousLinkCreated | AddedToSecureLink | AddedToGroup | SiteCollectionAdminAdded | SiteAdmin | FileMalwareDetected',
      'FileAccessed | FileDownloaded | FileModified | FilePreviewed | FileUploaded | FileDeleted | FileVersionsAllDeleted',
      'MemberAdded | TeamCreated | TabAdded | CopilotInteraction | CaseAdded | AuditSearchCompleted',
      'true | false | null | 28 | 50126 | 500121 | 50053 | 53003',
    ),
  },
  {
    page: 'https://learn.microsoft.com/purview/audit-log-activities',
    words: list(
      'AnonymousLinkUpdated | AnonymousLinkUsed | CompanyLinkCreated | SecureLinkCreated | SecureLinkUsed | SharingInvitationCreated | SharingInvitationAccepted',
      'FileDeletedFirstStageRecycleBin | FileDeletedSecondStageRecycleBin | FileRecycled | FileRenamed | FileSyncDownloadedFull | FileSyncDownloadedPartial | %RecycleBin',
      'FolderDeleted | FolderRecycled | FileSensitivityLabelRemoved | SensitivityLabelRemoved | SiteSensitivityLabelRemoved',
      'SendOnBehalf | Set-InboxRule | Remove-MailboxPermission | RemoveFolderPermissions | UpdateFolderPermissions | UpdateCalendarDelegation',
      'add partner to company | verify domain | AuditSearchCreated | AuditSearchExportJobCreated | AuditSearchExportResultsDownloaded',
    ),
  },
  {
    page: 'https://learn.microsoft.com/purview/audit-mailboxes#mailbox-actions-for-user-mailboxes-and-shared-mailboxes',
    words: list('MessageBind | FolderBind'),
  },
  {
    page: 'https://learn.microsoft.com/purview/ediscovery-search-for-activities-in-the-audit-log',
    words: list(
      'CaseUpdated | CaseMemberAdded | HoldCreated | SearchCreated | SearchStarted | SearchUpdated | SearchExported | SearchExportDownloaded | SearchPreviewed',
      'SearchReport | SearchResultsPurged | RemovedSearchResultsSentToZoom | ViewedSearchPreviewed',
      'New-ComplianceCase | New-ComplianceSearch | New-ComplianceSearchAction | Set-ComplianceSearch | Start-ComplianceSearch',
    ),
  },
  {
    page: 'https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities',
    words: list(
      'Add owner to service principal | Restore user | Register device | Recover device local administrator password | %security info% | %named location%',
      '%strong authentication% | %application password for user% | %oath token% | %fido2 security key% | %windows hello for business credential%',
      '%passwordless phone sign-in credential% | %platform credential%',
      'add verified domain | remove verified domain | add oauth2permissiongrant%',
    ),
  },
  {
    page: 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
    words: list('50034 | 50055 | 50056 | 50057 | 53000 | 53001 | 53002'),
  },
  {
    page: 'https://learn.microsoft.com/graph/api/resources/signin',
    words: list(
      'multiFactorAuthentication | singleFactorAuthentication | deviceCode | deviceCodeFlow | guest | high | medium | low',
      'Authenticated SMTP | AutoDiscover | Autodiscover | Exchange ActiveSync | Exchange Online PowerShell | Exchange Web Services | IMAP | IMAP4 | MAPI | MAPI Over HTTP',
      'Offline Address Book | Other clients | Other clients; IMAP | Other clients; POP | Outlook Anywhere (RPC over HTTP) | Outlook Service | POP | POP3',
      'Reporting Web Services | SMTP | Universal Outlook',
    ),
  },
  {
    // Steps of a sign-in, as advanced hunting calls them, too: CMSI is "check my sign-in" of a device code, SAS the second factor.
    page: 'https://www.microsoft.com/security/blog/2025/02/13/storm-2372-conducts-device-code-phishing-campaign/',
    words: list('Cmsi:Cmsi | SAS:%'),
  },
  {
    page: 'https://learn.microsoft.com/powershell/module/exchange/',
    words: list(
      'Enable-InboxRule | Disable-InboxRule | Remove-InboxRule | Set-TransportRule | Enable-TransportRule | Disable-TransportRule | Remove-TransportRule',
      'New-InboundConnector | Set-InboundConnector | New-OutboundConnector | Set-OutboundConnector | New-JournalRule | Set-JournalRule',
      'Remove-RecipientPermission | Add-MailboxFolderPermission | Set-MailboxFolderPermission | Remove-MailboxFolderPermission',
      'Set-MailboxAuditBypassAssociation | Set-OrganizationConfig | Set-UnifiedAuditLogRetentionPolicy | Remove-UnifiedAuditLogRetentionPolicy',
      'Search-UnifiedAuditLog | Search-AdminAuditLog | Search-MailboxAuditLog | New-MailboxAuditLogSearch | New-MailboxSearch | Search-Mailbox | Get-%',
      'AddToRecipients | RedirectMessageTo | MoveToFolder | SoftDeleteMessage | SubjectContainsWords | DeliverToMailboxAndForward',
      'AuditBypassEnabled | AuditDisabled | AuditEnabled | UnifiedAuditLogIngestionEnabled',
    ),
  },
  {
    // Kinds of actions of a rule, and folders that come with a mailbox.
    page: 'https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxorule/',
    words: list('%"permanentdelete"% | %"move% | %"markasread"% | %archive% | %conversation history% | %deleted items% | %junk% | %rss%'),
  },
  {
    page: 'https://learn.microsoft.com/powershell/module/exchange/export-activityexplorerdata',
    words: list(
      'FileCopiedToNetworkShare | FileCopiedToRemoteDesktopSession | FileCopiedToRemovableMedia | FilePrinted | FileTransferredByBluetooth | FileUploadedToCloud',
    ),
  },
  {
    page: 'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema',
    words: list('1 | 2 | 3 | 4 | 6 | 8 | 47 | 65'),
  },
  {
    page: 'https://learn.microsoft.com/microsoftteams/audit-log-events',
    words: list(
      'AppInstalled | AppPublishedToCatalog | AppUpgraded | BotAddedToTeam | ConnectorAdded | ChannelSettingChanged | ChatCreated',
      'TeamSettingChanged | TeamsAdminAction | TeamsTenantSettingChanged',
    ),
  },
  {
    page: 'https://learn.microsoft.com/power-bi/enterprise/service-admin-auditing',
    words: list('CreateEmailSubscription | DownloadReport | ExportArtifact | ExportReport | ExportTile | PublishToWebReport | ShareReport'),
  },
  {
    page: 'https://learn.microsoft.com/power-automate/logs-and-reporting',
    words: list('CreateFlow | EditFlow | PutPermissions | DeletePermissions | StartAPaidTrial'),
  },
  {
    page: 'https://learn.microsoft.com/azure/sentinel/microsoft-cloud-app-security-alerts-not-imported-microsoft-365-defender',
    words: list('MCAS\\_ALERT\\_%'),
  },
  {
    page: 'https://learn.microsoft.com/graph/api/resources/security-alert',
    words: list('new | resolved'),
  },
];
