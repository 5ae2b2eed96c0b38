import { actor, device, observables, sourceEndpoint, userAgent } from './base-event.ts';
import { hostedFileName } from './class-choice.ts';
import { captioned, long, object, text, unmapped, type Field } from './fields.ts';
import { ocsfDataset } from './ocsf-dataset.ts';

function file(): Field {
  const type = captioned(`CASE WHEN item_type = 'Folder' OR operation ILIKE 'Folder%' THEN 2 ELSE 1 END`, {
    1: 'Regular File',
    2: 'Folder',
  });
  return object(
    {
      name: text(hostedFileName()),
      type_id: type.id,
      type: type.caption,
      path: text('relative_url'),
      ext: text('file_extension'),
      size: long('file_size_bytes'),
      uid: text('item_id'),
      uri: text('target_id'),
    },
    ['name'],
  );
}

function fileResult(): Field {
  const type = captioned(`CASE WHEN item_type = 'Folder' OR operation ILIKE 'Folder%' THEN 2 ELSE 1 END`, {
    1: 'Regular File',
    2: 'Folder',
  });
  const name = `coalesce(destination_file_name, CASE WHEN destination_relative_url IS NOT NULL THEN ${hostedFileName()} END)`;
  return object(
    {
      name: text(name),
      type_id: type.id,
      type: type.caption,
      path: text('destination_relative_url'),
      ext: text('destination_file_extension'),
    },
    ['name'],
  );
}

/** Files and folders of SharePoint and OneDrive, and their sharing. */
export const ocsfFileHostingActivity = ocsfDataset({
  dataset: 'ocsf_file_hosting_activity',
  uid: 6006,
  name: 'File Hosting Activity',
  categoryUid: 6,
  categoryName: 'Application Activity',
  activities: {
    0: 'Unknown',
    1: 'Upload',
    2: 'Download',
    3: 'Update',
    4: 'Delete',
    5: 'Rename',
    6: 'Copy',
    7: 'Move',
    8: 'Restore',
    9: 'Preview',
    10: 'Lock',
    11: 'Unlock',
    12: 'Share',
    13: 'Unshare',
    14: 'Open',
    15: 'Sync',
    16: 'Unsync',
    17: 'Access Check',
    99: 'Other',
  },
  meaning: 'what was done with files and folders of SharePoint and OneDrive, as events of OCSF class 6006, where an address is known',
  own: () => ({
    actor: actor('session_id'),
    file: file(),
    file_result: fileResult(),
    share: text('coalesce(target_user, user_shared_with)'),
    src_endpoint: sourceEndpoint(),
    device: device({ uid: 'NULL', name: 'device_name', isManaged: 'is_managed_device' }),
    http_request: userAgent(),
    observables: observables(['actor.user.name', 4, 'actor_upn'], ['src_endpoint.ip', 2, 'source_ip'], ['file.name', 7, hostedFileName()]),
    unmapped: unmapped(
      'record_type',
      'site_url',
      'site_id',
      'list_id',
      'event_data',
      'event_source',
      'target_user_type',
      'sharing_type',
      'sharing_id',
      'sensitivity_label_id',
      'source_label',
      'destination_label',
      'platform',
      'browser',
      'authentication_type',
    ),
  }),
  meanings: {
    file: ['The file or folder', '{"name": "plan.docx", "type_id": 1, "ext": "docx", "path": "Shared Documents"}'],
    file_result: ['The same afterwards, where it was renamed, copied or moved', '{"name": "plan 2.docx", "type_id": 1}'],
    share: ['With whom it was shared', 'gil@fabrikam.example'],
  },
});
