import { at, file, general, upn, dlpRecord } from '../records.ts';
import type { Plants } from './plant.ts';

const [ada, ben] = [upn('ada'), upn('ben')];
const site = 'https://contoso.example/sites/sales/';
const address = '203.0.113.5';
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const guest = { TargetUserOrGroupType: 'Guest', TargetUserOrGroupName: 'gil_fabrikam.example#EXT#@contoso.example' };

/** Plants for the queries about files, and about the protection of what is in them. */
export const filePlants: Plants = {
  'mass-download': {
    records: {
      'audit-sharepoint': [
        ...numbers(100).map((index) =>
          file(at('18 08:10'), 'ada', index % 2 ? 'FileDownloaded' : 'FileSyncDownloadedFull', `a${String(index)}.docx`, {
            FileSizeBytes: 1_000_000,
          }),
        ),
        ...numbers(99).map((index) => file(at('18 08:10'), 'ben', 'FileDownloaded', `b${String(index)}.docx`)),
        ...numbers(120).map(() => file(at('18 08:10'), 'cleo', 'FileDownloaded', 'one.docx')),
        ...numbers(120).map((index) => file(at('18 08:10'), 'dan', 'FileAccessed', `d${String(index)}.docx`)),
      ],
    },
    rows: [[ada, at('18 08:00'), 100, 100, 1, [address], 1]],
  },
  'mass-sharing': {
    records: {
      'audit-sharepoint': [
        ...numbers(25).map((index) =>
          file(at('18 08:10'), 'ada', 'SecureLinkCreated', `a${String(index)}.docx`, { TargetUserOrGroupName: 'gil' }),
        ),
        ...numbers(24).map((index) => file(at('18 08:10'), 'ben', 'SecureLinkCreated', `b${String(index)}.docx`)),
      ],
    },
    rows: [[ada, at('18 00:00'), 25, 1, ['SecureLinkCreated']]],
  },
  'anonymous-links': {
    records: {
      'audit-sharepoint': [
        file(at('18 08:00'), 'ada', 'AnonymousLinkCreated', 'plan.docx'),
        file(at('18 09:00'), 'anonymous', 'AnonymousLinkUsed', 'plan.docx', { ClientIP: '203.0.113.66' }),
        file(at('18 10:00'), 'anonymous', 'AnonymousLinkUsed', 'plan.docx', { ClientIP: '203.0.113.67' }),
        file(at('18 08:00'), 'ada', 'CompanyLinkCreated', 'other.docx'),
      ],
    },
    rows: [[`${site}plan.docx`, [ada], 1, 2, 2, at('18 08:00'), at('18 10:00')]],
  },
  'shared-with-guests': {
    records: {
      'audit-sharepoint': [
        file(at('18 08:00'), 'ada', 'SharingSet', 'plan.docx', guest),
        file(at('18 08:01'), 'ada', 'SharingSet', 'plan.docx', { TargetUserOrGroupType: 'Member', TargetUserOrGroupName: ben }),
      ],
    },
    rows: [[at('18 08:00'), 'SharingSet', ada, guest.TargetUserOrGroupName, `${site}plan.docx`, address]],
  },
  'mass-deletion': {
    records: {
      'audit-sharepoint': [
        ...numbers(100).map((index) =>
          file(at('18 08:10'), 'ada', index < 30 ? 'FileDeletedSecondStageRecycleBin' : 'FileDeleted', `a${String(index)}.docx`),
        ),
        ...numbers(99).map((index) => file(at('18 08:10'), 'ben', 'FileDeleted', `b${String(index)}.docx`)),
      ],
    },
    rows: [[ada, at('18 08:00'), 100, 1, 30, 1]],
  },
  'mass-renaming': {
    records: {
      'audit-sharepoint': [
        ...numbers(50).map((index) =>
          file(at('18 08:10'), 'ada', 'FileRenamed', `a${String(index)}.${index % 2 ? 'docx' : 'XLSX'}`, {
            DestinationFileExtension: 'LOCKED',
          }),
        ),
        ...numbers(60).map((index) =>
          file(at('18 08:10'), 'ben', 'FileRenamed', `b${String(index)}.docx`, { DestinationFileExtension: 'docx' }),
        ),
      ],
    },
    rows: [[ada, at('18 08:00'), 'locked', 50, 2, address]],
  },
  'site-administrators': {
    records: {
      'audit-sharepoint': [
        file(at('18 08:00'), 'eve', 'SiteCollectionAdminAdded', '', { TargetUserOrGroupName: ada }),
        file(at('18 08:01'), 'eve', 'SiteCollectionAdminAdded', '', {
          ModifiedProperties: [{ Name: 'SiteAdmin', NewValue: ben, OldValue: '' }],
        }),
        file(at('18 08:02'), 'eve', 'AddedToGroup', '', { TargetUserOrGroupName: ada }),
      ],
    },
    rows: [
      [at('18 08:00'), upn('eve'), ada, site, address],
      [at('18 08:01'), upn('eve'), ben, site, address],
    ],
  },
  'unmanaged-downloads': {
    records: {
      'audit-sharepoint': [
        file(at('18 08:00'), 'ada', 'FileDownloaded', 'plan.docx', { IsManagedDevice: false, Platform: 'WinDesktop' }),
        file(at('18 08:01'), 'ben', 'FileDownloaded', 'plan.docx', { IsManagedDevice: true, Platform: 'WinDesktop' }),
        file(at('18 08:01'), 'cleo', 'FileDownloaded', 'plan.docx'),
      ],
    },
    rows: [[ada, 'WinDesktop', 1, 1, at('18 08:00')]],
  },
  'malware-in-files': {
    records: {
      'audit-sharepoint': [
        file(at('18 08:00'), 'app', 'FileMalwareDetected', 'invoice.doc'),
        file(at('18 07:00'), 'ada', 'FileUploaded', 'invoice.doc'),
        file(at('18 09:00'), 'ben', 'FileDownloaded', 'invoice.doc'),
        file(at('18 09:00'), 'cleo', 'FileDownloaded', 'plan.docx'),
        file(at('18 08:00'), 'app', 'FileMalwareDetected', 'pay.xlsm', { Workload: 'OneDrive', VirusInfo: 'Trojan:O97M/Contoso' }),
      ],
      'audit-general': [
        general(at('18 08:00'), 'ada', 'AtpDetection', {
          RecordType: 47,
          SourceWorkload: 2,
          FileData: { FilePath: `${site}plan.docx`, FileName: 'plan.docx', MalwareFamily: 'Contoso', SHA256: 'AB' },
        }),
        general(at('18 08:00'), 'ada', 'TIMailData', { RecordType: 28, AttachmentData: [{ FileName: 'x.doc', MalwareFamily: 'Contoso' }] }),
      ],
    },
    rows: [
      [`${site}invoice.doc`, 'SharePoint', null, at('18 08:00'), 1, [ada, ben]],
      [`${site}pay.xlsm`, 'OneDrive', 'Trojan:O97M/Contoso', at('18 08:00'), 1, null],
      [`${site}plan.docx`, 'Microsoft Teams', 'Contoso', at('18 08:00'), 1, [upn('cleo')]],
    ],
  },
  'labels-lowered': {
    records: {
      'audit-general': [
        general(at('18 08:00'), 'ada', 'SensitivityLabelUpdated', {
          RecordType: 93,
          ObjectId: 'C:\\plan.docx',
          SensitivityLabelEventData: {
            LabelEventType: 2,
            OldSensitivityLabelId: 'secret',
            SensitivityLabelId: 'public',
            JustificationText: 'because',
          },
        }),
        general(at('18 08:01'), 'ada', 'SensitivityLabelUpdated', {
          RecordType: 93,
          SensitivityLabelEventData: { LabelEventType: 1, OldSensitivityLabelId: 'public', SensitivityLabelId: 'secret' },
        }),
      ],
      'audit-sharepoint': [
        file(at('18 08:02'), 'ben', 'FileSensitivityLabelRemoved', 'plan.docx', { SourceLabel: 'secret' }),
        file(at('18 08:03'), 'ben', 'FileSensitivityLabelApplied', 'plan.docx', { DestinationLabel: 'secret' }),
      ],
    },
    rows: [
      [at('18 08:00'), 'SensitivityLabelUpdated', ada, 'C:\\plan.docx', 'secret', 'public', 'because'],
      [at('18 08:02'), 'FileSensitivityLabelRemoved', ben, `${site}plan.docx`, 'secret', null, null],
    ],
  },
  'dlp-overrides': {
    records: {
      'dlp-all': [
        dlpRecord(at('18 08:00'), 'ada', 'DlpRuleUndo', 'PCI', {
          SharePointMetaData: { FileName: 'cards.xlsx' },
          ExceptionInfo: { Reason: 'Override', Justification: 'the auditor needs it' },
        }),
        dlpRecord(at('18 08:01'), 'ben', 'DlpRuleMatch', 'PCI', { SharePointMetaData: { FileName: 'cards.xlsx' } }),
      ],
    },
    rows: [[at('18 08:00'), ada, 'cards.xlsx', ['PCI'], ['Credit Card Number'], 'Override', 'the auditor needs it']],
  },
  'dlp-matches': {
    records: {
      'dlp-all': [
        dlpRecord(at('18 08:00'), 'ada', 'DLPRuleMatch', 'PCI'),
        // SharePoint and OneDrive spell it DLPRuleMatch.
        dlpRecord(at('18 08:01'), 'ben', 'DLPRuleMatch', 'PCI'),
        dlpRecord(at('18 08:02'), 'ben', 'DlpRuleMatch', 'GDPR', { Workload: 'Exchange' }),
        dlpRecord(at('18 08:03'), 'ben', 'DlpRuleUndo', 'PCI'),
      ],
    },
    rows: [
      ['PCI', 'SharePoint', 2, 2, 3, at('18 08:01')],
      ['GDPR', 'Exchange', 1, 1, 3, at('18 08:02')],
    ],
  },
  'copies-to-removable-media': {
    records: {
      'dlp-all': [
        dlpRecord(at('18 08:00'), 'ada', 'DlpRuleMatch', 'PCI', {
          Workload: 'Endpoint',
          EndpointMetaData: {
            DeviceName: 'LAPTOP-7',
            EndpointOperation: 'FileUploadedToCloud',
            OriginatingFileName: 'cards.xlsx',
            TargetDomain: 'files.example',
            EnforcementMode: 4,
          },
        }),
        dlpRecord(at('18 08:00'), 'ada', 'DlpRuleMatch', 'PCI', {
          Workload: 'Endpoint',
          EndpointMetaData: { DeviceName: 'LAPTOP-7', EndpointOperation: 'FileRead', OriginatingFileName: 'cards.xlsx' },
        }),
      ],
    },
    rows: [[ada, 'LAPTOP-7', 'FileUploadedToCloud', 1, ['files.example'], 1, at('18 08:00')]],
  },
};
