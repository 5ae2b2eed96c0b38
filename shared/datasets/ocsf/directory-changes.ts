/** Changes of the directory, as both APIs report them: accounts, groups, and everything else that is managed. */

import type { LogTypeId } from '../../log-types/index.ts';
import { actor, managedEntity, observables, sourceEndpoint, userAgent } from './base-event.ts';
import { changed, groupName } from './class-choice.ts';
import { captioned, listOf, mailAddress, object, text, unmapped, type Field, type Fields } from './fields.ts';
import { ocsfDataset } from './ocsf-dataset.ts';

const iam = { categoryUid: 3, categoryName: 'Identity & Access Management' };
const isGraph = (logTypeId: LogTypeId): boolean => logTypeId === 'directory-audits';

/** Of a role that privileged identity management grants, Graph's first target is the role; the principal stands further back. */
const ofRole = (column: string): string => `CASE WHEN role_name IS NOT NULL THEN ${column} END`;

/** Who or what was acted on: Graph lists targets, the Management API names one. */
const targetName = (logTypeId: LogTypeId): string =>
  isGraph(logTypeId)
    ? `coalesce(list_filter(targets, x -> x.upn IS NOT NULL)[1].upn, ${ofRole('principal_name')}, target_name)`
    : 'coalesce(target_name, target_id)';
const targetUid = (logTypeId: LogTypeId): string =>
  isGraph(logTypeId) ? `coalesce(list_filter(targets, x -> x.upn IS NOT NULL)[1].id, ${ofRole('principal_id')}, target_id)` : objectId;
const targetKind = (logTypeId: LogTypeId): string =>
  isGraph(logTypeId) ? `coalesce(${ofRole('principal_type')}, target_type)` : 'target_type';

/** The id that Graph has, too: the Management API writes a target's kind and object id as `User_4e1c...`, which may stand among its ids. */
const objectId = `coalesce(substr(list_filter(target_ids, x -> starts_with(x, target_type || '_'))[1], len(target_type) + 2),
  nullif(regexp_extract(target_id, '^[A-Za-z]+_([0-9a-f]{8}-[0-9a-f-]{27})$', 1), ''), target_id)`;

function targetUser(logTypeId: LogTypeId): Field {
  const isService = `lower(${targetKind(logTypeId)}) IN ('serviceprincipal', 'application')`;
  const type = captioned(`CASE WHEN ${isService} THEN 4 ELSE 1 END`, { 1: 'User', 4: 'Service' });
  const name = targetName(logTypeId);
  return object(
    { name: text(name), uid: text(targetUid(logTypeId)), email_addr: text(mailAddress(name)), type_id: type.id, type: type.caption },
    ['name', 'uid'],
  );
}

function common(logTypeId: LogTypeId): Fields {
  return {
    actor: actor(),
    src_endpoint: sourceEndpoint(),
    http_request: userAgent(),
    status_detail: text(isGraph(logTypeId) ? 'result_reason' : 'NULL'),
    observables: observables(
      ['actor.user.name', 4, 'actor_upn'],
      ['src_endpoint.ip', 2, 'source_ip'],
      ['user.name', 4, targetName(logTypeId)],
    ),
  };
}

const rest = (logTypeId: LogTypeId): Field =>
  isGraph(logTypeId)
    ? unmapped('category', 'operation_type', 'modified_properties', 'additional_details')
    : unmapped('record_type', 'target_ids', 'modified_properties', 'extended_properties', 'support_ticket_id');

/** Accounts: made, deleted, passwords, second factors, roles. */
export const ocsfAccountChange = ocsfDataset({
  dataset: 'ocsf_account_change',
  uid: 3001,
  name: 'Account Change',
  ...iam,
  activities: {
    0: 'Unknown',
    1: 'Create',
    2: 'Enable',
    3: 'Password Change',
    4: 'Password Reset',
    5: 'Disable',
    6: 'Delete',
    7: 'Attach Policy',
    8: 'Detach Policy',
    9: 'Lock',
    10: 'MFA Factor Enable',
    11: 'MFA Factor Disable',
    12: 'Unlock',
    99: 'Other',
  },
  meaning: 'changes of accounts as events of OCSF class 3001; a directory role given or taken is a policy attached or detached',
  own: (logTypeId) => ({
    ...common(logTypeId),
    user: targetUser(logTypeId),
    policies: listOf(
      object({
        name: text(`coalesce(role_name, ${changed('Role.DisplayName')})`),
        uid: text(isGraph(logTypeId) ? `coalesce(role_id, ${changed('Role.ObjectID')})` : changed('Role.ObjectID')),
      }),
    ),
    unmapped: rest(logTypeId),
  }),
  meanings: { policies: ['Directory role that was given or taken', '[{"name": "Global Administrator"}]'] },
});

/** Groups and their members. */
export const ocsfGroupManagement = ocsfDataset({
  dataset: 'ocsf_group_management',
  uid: 3006,
  name: 'Group Management',
  ...iam,
  activities: {
    0: 'Unknown',
    1: 'Assign Privileges',
    2: 'Revoke Privileges',
    3: 'Add User',
    4: 'Remove User',
    5: 'Delete',
    6: 'Create',
    7: 'Add Subgroup',
    8: 'Remove Subgroup',
    99: 'Other',
  },
  meaning: 'changes of groups and their members as events of OCSF class 3006',
  own: (logTypeId) => ({
    ...common(logTypeId),
    group: object(
      {
        name: text(groupName()),
        uid: text(`coalesce(${changed('Group.ObjectID')}, CASE WHEN operation NOT ILIKE '%member%' THEN target_id END)`),
      },
      ['name', 'uid'],
    ),
    user: member(logTypeId),
    unmapped: rest(logTypeId),
  }),
  meanings: {
    group: ['The group', '{"name": "Finance"}'],
    user: ['Who was added or removed; NULL for changes of the group itself', '{"name": "megan@contoso.example"}'],
  },
});

function member(logTypeId: LogTypeId): Field {
  const user = targetUser(logTypeId);
  return { type: user.type, sql: `CASE WHEN operation ILIKE '%member%' OR operation ILIKE '%owner%' THEN ${user.sql} END` };
}

/** Everything else that is managed: applications, policies, devices, domains; and what has an object but no address. */
export const ocsfEntityManagement = ocsfDataset({
  dataset: 'ocsf_entity_management',
  uid: 3004,
  name: 'Entity Management',
  ...iam,
  activities: {
    0: 'Unknown',
    1: 'Create',
    2: 'Read',
    3: 'Update',
    4: 'Delete',
    5: 'Move',
    6: 'Enroll',
    7: 'Unenroll',
    8: 'Enable',
    9: 'Disable',
    10: 'Activate',
    11: 'Deactivate',
    12: 'Suspend',
    13: 'Resume',
    99: 'Other',
  },
  meaning: 'changes of applications, policies, devices and settings as events of OCSF class 3004, and calls whose address is not known',
  own: (logTypeId) => ({
    ...common(logTypeId),
    observables: observables(['actor.user.name', 4, 'actor_upn'], ['src_endpoint.ip', 2, 'source_ip']),
    entity: managedEntity(logTypeId === 'audit-azure-active-directory' ? objectId : 'target_id'),
    status_detail: text(isGraph(logTypeId) ? 'result_reason' : 'NULL'),
    unmapped: entityRest(logTypeId),
  }),
  meanings: {
    entity: [
      'What was managed',
      '{"name": "Contoso Timesheets", "uid": "7b2f0c7e-1f55-4d6a-8a8b-2f6f3a9d0c11", "type": "ServicePrincipal"}',
    ],
  },
});

function entityRest(logTypeId: LogTypeId): Field {
  if (logTypeId === 'audit-exchange')
    return unmapped('record_type', 'parameters', 'mailbox_owner_upn', 'logon_type_name', 'originating_server');
  if (logTypeId === 'audit-sharepoint')
    return unmapped('record_type', 'site_url', 'item_type', 'event_data', 'target_user', 'modified_properties');
  if (logTypeId === 'audit-general')
    return unmapped(
      'record_type',
      'team_name',
      'members',
      'parameters_text',
      'case_name',
      'query_text',
      'policy_id',
      'severity',
      'category',
      'status',
    );
  return rest(logTypeId);
}
