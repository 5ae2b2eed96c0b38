/**
 * One name for what the services call differently. Names are of the form THING_DEED; operations that are not here have none.
 *
 * @see https://learn.microsoft.com/purview/audit-log-activities
 */

const operationsByName: Readonly<Record<string, string>> = {
  FILE_OPEN:
    'Access FileAccessed FileAccessedExtended FilePreviewed PageViewed PageViewedExtended PagePrefetched ClientViewSignaled ListViewed ListItemViewed',
  FILE_DOWNLOAD: 'FileDownloaded FileSyncDownloadedFull FileSyncDownloadedPartial',
  FILE_CREATE: 'FileUploaded FileSyncUploadedFull FileCopied FileRestored ListCreated ListItemCreated',
  FILE_WRITE:
    'FileModified FileModifiedExtended FileSyncUploadedPartial FileCheckedIn FileCheckedOut FileCheckOutDiscarded ListUpdated ListItemUpdated',
  FILE_RENAME: 'FileRenamed FileMoved',
  FILE_REMOVE:
    'FileDeleted FileDeletedFirstStageRecycleBin FileDeletedSecondStageRecycleBin FileRecycled FileVersionsAllDeleted FileVersionRecycled ListDeleted ListItemDeleted ListItemRecycled',
  FILE_LABEL:
    'FileSensitivityLabelApplied FileSensitivityLabelChanged FileSensitivityLabelRemoved SensitivityLabelApplied SensitivityLabelUpdated SensitivityLabelRemoved SensitivityLabeledFileOpened',
  DIR_CREATE: 'FolderCreated FolderCopied FolderRestored',
  DIR_WRITE: 'FolderModified',
  DIR_RENAME: 'FolderRenamed FolderMoved',
  DIR_REMOVE: 'FolderDeleted FolderRecycled FolderDeletedFirstStageRecycleBin FolderDeletedSecondStageRecycleBin',
  SHARE_GRANT:
    'SharingSet SharingInvitationCreated AnonymousLinkCreated AnonymousLinkUpdated CompanyLinkCreated SecureLinkCreated SecureLinkUpdated AddedToSecureLink ShareReport ShareDashboard ShareFlow',
  SHARE_CHANGE: 'SharingInheritanceBroken SharingInheritanceReset SharingPolicyChanged',
  SHARE_USE: 'AnonymousLinkUsed CompanyLinkUsed SecureLinkUsed SharingInvitationAccepted',
  SHARE_REVOKE: 'SharingRevoked SharingInvitationRevoked AnonymousLinkRemoved CompanyLinkRemoved SecureLinkDeleted RemovedFromSecureLink',
  PRIVILEGE_GRANT:
    'Add-MailboxPermission Add-RecipientPermission Add-MailboxFolderPermission AddFolderPermissions Add-RoleGroupMember New-ManagementRoleAssignment SiteCollectionAdminAdded PermissionLevelAdded AddedToGroup Add-eDiscoveryCaseAdmin',
  PRIVILEGE_REVOKE:
    'Remove-MailboxPermission Remove-RecipientPermission Remove-MailboxFolderPermission RemoveFolderPermissions Remove-RoleGroupMember Remove-ManagementRoleAssignment SiteCollectionAdminRemoved PermissionLevelRemoved RemovedFromGroup Remove-eDiscoveryCaseAdmin',
  SITE_CREATE: 'SiteCollectionCreated',
  SITE_CHANGE:
    'SiteCollectionQuotaModified GroupAdded GroupUpdated GroupRemoved ListColumnCreated ListColumnUpdated ListColumnDeleted ListContentTypeCreated ListContentTypeUpdated SiteColumnCreated SiteContentTypeCreated',
  SITE_REMOVE: 'SiteDeleted',
  PRIVILEGE_CHANGE: 'Set-MailboxFolderPermission ModifyFolderPermissions PermissionLevelModified Set-RoleGroup',
  MAIL_READ: 'MailItemsAccessed AttachmentAccess MessageBind MessageAccess AttachmentReview',
  MAIL_SEND: 'Send SendAs SendOnBehalf',
  MAIL_CREATE: 'Create',
  MAIL_WRITE: 'Update',
  MAIL_MOVE: 'Move Copy MoveToDeletedItems',
  MAIL_REMOVE: 'SoftDelete HardDelete',
  MAIL_RULE_CHANGE:
    'New-InboxRule Set-InboxRule Enable-InboxRule Disable-InboxRule Remove-InboxRule UpdateInboxRules New-TransportRule Set-TransportRule Enable-TransportRule Disable-TransportRule Remove-TransportRule',
  MAILBOX_LOGIN: 'MailboxLogin',
  MAILBOX_CHANGE: 'Set-Mailbox Set-CASMailbox Set-MailboxAutoReplyConfiguration Set-MailboxJunkEmailConfiguration',
  AUDIT_CHANGE: 'Set-AdminAuditLogConfig Set-MailboxAuditBypassAssociation Set-OrganizationConfig',
  MEMBER_ADD: 'MemberAdded AddWorkspaceMember AddGroupMembers',
  MEMBER_REMOVE: 'MemberRemoved DeleteGroupMembers',
  MEMBER_CHANGE: 'MemberRoleChanged',
  TEAM_CREATE: 'TeamCreated ChannelAdded ChatCreated',
  TEAM_CHANGE: 'TeamSettingChanged ChannelSettingChanged TeamsSettingChanged',
  TEAM_REMOVE: 'TeamDeleted ChannelDeleted',
  APP_ADD: 'AppInstalled BotAddedToTeam ConnectorAdded TabAdded',
  APP_REMOVE: 'AppUninstalled BotRemovedFromTeam ConnectorRemoved TabRemoved',
  MESSAGE_SEND: 'MessageSent MessageCreatedHasLink ReactedToMessage',
  REPORT_OPEN: 'ViewReport ViewDashboard GetDataInsightsAndRecommendations DataInsightsAndRecommendations',
  REPORT_EXPORT: 'ExportReport ExportArtifact ExportTile DownloadReport',
  SEARCH:
    'SearchQueryPerformed SearchResultReturned SearchQueryInitiatedSharePoint SearchQueryInitiatedExchange Search SearchCreated SearchStarted SearchUpdated SearchStopped SearchRemoved SearchViewed SearchPreviewed ViewedSearchPreviewed SearchExported SearchExportDownloaded ViewedSearchExported PreviewItemDownloaded PreviewItemListed PreviewItemRendered AuditSearchCreated AuditSearchStarted AuditSearchCompleted AuditSearchCancelled AuditSearchDeleted AuditSearchExportJobCreated AuditSearchExportJobCompleted AuditSearchExportResultsDownloaded Search-UnifiedAuditLog Search-AdminAuditLog Search-MailboxAuditLog New-MailboxAuditLogSearch',
  MAIL_THREAT: 'TIMailData TIUrlClickData',
  FILE_THREAT: 'FileMalwareDetected AtpDetection',
  QUARANTINE_OPEN:
    'QuarantinePreview QuarantinePreviewMessage QuarantineViewHeader QuarantineViewMessageHeader QuarantineExport QuarantineExportMessage',
  QUARANTINE_RELEASE: 'QuarantineRelease QuarantineReleaseMessage',
  QUARANTINE_REQUEST: 'QuarantineReleaseRequest QuarantineReleaseRequestMessage QuarantineReleaseRequestDeny',
  QUARANTINE_REMOVE: 'QuarantineDelete QuarantineDeleteMessage',
  INVESTIGATION: 'AirInvestigationData AirManualInvestigation AirAdminActionInvestigation',
  ALERT: 'AlertTriggered AlertEntityGenerated AlertUpdated',
  ASSISTANT_USE: 'CopilotInteraction',
};

/** By operation, in lower case. */
export const operationNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(operationsByName).flatMap(([name, operations]) =>
    operations.split(' ').map((operation) => [operation.toLowerCase(), name]),
  ),
);

/** What the verb of a cmdlet does, for cmdlets that have no name above. */
export const cmdletVerbs: Readonly<Record<string, string>> = {
  new: 'CONFIG_CREATE',
  add: 'CONFIG_CREATE',
  install: 'CONFIG_CREATE',
  set: 'CONFIG_CHANGE',
  update: 'CONFIG_CHANGE',
  enable: 'CONFIG_CHANGE',
  disable: 'CONFIG_CHANGE',
  start: 'CONFIG_CHANGE',
  stop: 'CONFIG_CHANGE',
  remove: 'CONFIG_REMOVE',
  uninstall: 'CONFIG_REMOVE',
  get: 'CONFIG_READ',
  search: 'CONFIG_READ',
  test: 'CONFIG_READ',
};
