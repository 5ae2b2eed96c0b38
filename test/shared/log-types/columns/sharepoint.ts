import { common, type Specimen } from './specimens.ts';

/** SharePoint records. */
export const sharepoint: readonly Specimen[] = [
  {
    name: 'a file operation succeeds by its name',
    logType: 'audit-sharepoint',
    record: {
      ...common,
      RecordType: 6,
      Operation: 'FileDownloaded',
      ObjectId: 'https://contoso.example/a.docx',
      ItemType: 'File',
      SourceFileName: 'a.docx',
      AppAccessContext: { AADSessionId: '44444444-4444-4444-8444-444444444444', ClientAppName: 'Word' },
    },
    reads: {
      outcome: 'success',
      target_name: 'a.docx',
      target_type: 'File',
      app_name: 'Word',
      session_id: '44444444-4444-4444-8444-444444444444',
      record_type_name: 'SharePointFileOperation',
    },
  },
  {
    name: 'an operation that only asks leaves the outcome open',
    logType: 'audit-sharepoint',
    record: { ...common, RecordType: 14, Operation: 'AccessRequestCreated' },
    reads: { outcome: 'unknown', result_code: null },
  },
  {
    name: 'a blocked invitation failed',
    logType: 'audit-sharepoint',
    record: { ...common, RecordType: 14, Operation: 'SharingInvitationBlocked' },
    reads: { outcome: 'failure' },
  },
];
