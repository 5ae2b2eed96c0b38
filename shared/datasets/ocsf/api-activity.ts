import type { LogTypeId } from '../../log-types/index.ts';
import { actor, observables, sourceEndpoint, userAgent } from './base-event.ts';
import { listOf, object, text, unmapped, type Field } from './fields.ts';
import { ocsfDataset } from './ocsf-dataset.ts';

const rest: Readonly<Partial<Record<LogTypeId, readonly string[]>>> = {
  'audit-exchange': [
    'record_type',
    'parameters',
    'logon_type_name',
    'is_external_access',
    'originating_server',
    'mail_access_type',
    'operation_count',
    'is_throttled',
    'affected_item_count',
    'item_subject',
    'folder_path',
    'destination_folder_path',
    'client_process',
  ],
  'audit-sharepoint': [
    'record_type',
    'site_url',
    'list_title',
    'item_type',
    'event_data',
    'search_query',
    'is_managed_device',
    'modified_properties',
  ],
  'audit-general': [
    'record_type',
    'team_name',
    'channel_name',
    'communication_type',
    'members',
    'workspace_name',
    'report_name',
    'form_name',
    'copilot_app_host',
    'copilot_resources',
    'sensitivity_label_id',
    'old_sensitivity_label_id',
    'parameters_text',
    'verdict',
    'case_name',
    'query_text',
  ],
};

/** What was acted on: the object, and for mailboxes their owner. */
function resources(logTypeId: LogTypeId): Field {
  const owner = logTypeId === 'audit-exchange' ? 'mailbox_owner_upn' : 'NULL';
  return listOf(
    object({ uid: text('target_id'), name: text('target_name'), type: text('target_type'), owner: object({ name: text(owner) }) }, [
      'uid',
      'name',
    ]),
  );
}

/** Calls with an actor and an address that no other class describes better: cmdlets, mailboxes, Teams, Power BI, Copilot. */
export const ocsfApiActivity = ocsfDataset({
  dataset: 'ocsf_api_activity',
  uid: 6003,
  name: 'API Activity',
  categoryUid: 6,
  categoryName: 'Application Activity',
  activities: { 0: 'Unknown', 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete', 99: 'Other' },
  meaning: 'what was done in Exchange, SharePoint, Teams and the other services, as events of OCSF class 6003, where an address is known',
  own: (logTypeId) => ({
    actor: actor('session_id'),
    api: object({ operation: text(`coalesce(operation, 'Unknown')`), service: object({ name: text('service') }) }, ['operation']),
    src_endpoint: sourceEndpoint(),
    http_request: userAgent(),
    resources: resources(logTypeId),
    observables: observables(
      ['actor.user.name', 4, 'actor_upn'],
      ['src_endpoint.ip', 2, 'source_ip'],
      ['http_request.user_agent', 16, 'user_agent'],
    ),
    unmapped: unmapped(...(rest[logTypeId] ?? [])),
  }),
  meanings: {
    api: ["Microsoft's operation and the service it is of", '{"operation": "New-InboxRule", "service": {"name": "Exchange"}}'],
    resources: ['What was acted on', '[{"uid": "megan", "owner": {"name": "megan@contoso.example"}}]'],
  },
});
