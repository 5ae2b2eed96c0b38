/**
 * Operations of SharePoint and OneDrive that say by their name how they ended; their records have no ResultStatus.
 * In lower case. Operations that are not here (requests, invitations, detections) leave the outcome open.
 *
 * @see https://learn.microsoft.com/purview/audit-log-activities
 */
export const sharePointOutcomes: Readonly<Record<string, 'success' | 'failure'>> = {
  ...all('success', [
    'FileAccessed FileAccessedExtended FileModified FileModifiedExtended FileDownloaded FilePreviewed FileUploaded FileRenamed FileMoved FileCopied',
    'FileDeleted FileDeletedFirstStageRecycleBin FileDeletedSecondStageRecycleBin FileRecycled FileRestored FileVersionsAllDeleted FileVersionRecycled',
    'FileCheckedIn FileCheckedOut FileCheckOutDiscarded FileSyncDownloadedFull FileSyncDownloadedPartial FileSyncUploadedFull FileSyncUploadedPartial',
    'FileSensitivityLabelApplied FileSensitivityLabelChanged FileSensitivityLabelRemoved',
    'FolderCreated FolderModified FolderRenamed FolderMoved FolderCopied FolderDeleted FolderRecycled FolderRestored',
    'PageViewed PageViewedExtended PagePrefetched ListViewed ListCreated ListUpdated ListDeleted ListItemViewed ListItemCreated ListItemUpdated ListItemDeleted',
    'ListItemRecycled ListColumnCreated ListColumnUpdated ListColumnDeleted ListContentTypeCreated ListContentTypeUpdated SiteColumnCreated SiteContentTypeCreated',
    'SharingSet SharingRevoked SharingInheritanceBroken SharingInheritanceReset SharingInvitationCreated SharingInvitationAccepted SharingInvitationRevoked',
    'AnonymousLinkCreated AnonymousLinkUpdated AnonymousLinkUsed AnonymousLinkRemoved SecureLinkCreated SecureLinkUpdated SecureLinkUsed SecureLinkDeleted',
    'CompanyLinkCreated CompanyLinkUsed CompanyLinkRemoved AddedToSecureLink RemovedFromSecureLink AddedToGroup RemovedFromGroup GroupAdded GroupUpdated GroupRemoved',
    'SiteCollectionCreated SiteCollectionAdminAdded SiteCollectionAdminRemoved SiteCollectionQuotaModified SiteDeleted SharingPolicyChanged',
    'PermissionLevelAdded PermissionLevelModified PermissionLevelRemoved SearchQueryPerformed ManagedSyncClientAllowed',
  ]),
  ...all('failure', ['SharingInvitationBlocked UnmanagedSyncClientBlocked']),
};

function all(outcome: 'success' | 'failure', lines: readonly string[]): Record<string, 'success' | 'failure'> {
  return Object.fromEntries(lines.flatMap((line) => line.toLowerCase().split(' ')).map((operation) => [operation, outcome]));
}
