import { actorColumns, domainOf, map, rowColumns, structs, text, translated } from './common-columns.ts';
import { normalizedDataset } from './normalized-dataset.ts';

/** Operations that have a name of their own, in lower case; the others go by the type of the operation. */
const operationNames: Readonly<Record<string, string>> = {
  ...named('PRIVILEGE_GRANT', [
    'Add member to role',
    'Add eligible member to role',
    'Add member to role completed (PIM activation)',
    'Add eligible member to role in PIM completed (permanent)',
    'Add eligible member to role in PIM completed (timebound)',
    'Add member to role in PIM completed (permanent)',
    'Add member to role in PIM completed (timebound)',
    'Add member to role outside of PIM (permanent)',
    'Add scoped member to role',
    'Add app role assignment to service principal',
    'Add app role assignment grant to user',
    'Add delegated permission grant',
    'Consent to application',
    'Add role assignment',
  ]),
  ...named('PRIVILEGE_REVOKE', [
    'Remove member from role',
    'Remove eligible member from role',
    'Remove member from role completed (PIM deactivate)',
    'Remove member from role (PIM activation expired)',
    'Remove member from role in PIM completed (permanent)',
    'Remove member from role in PIM completed (timebound)',
    'Remove eligible member from role in PIM completed (permanent)',
    'Remove eligible member from role in PIM completed (timebound)',
    'Remove scoped member from role',
    'Remove app role assignment from service principal',
    'Remove app role assignment from user',
    'Remove delegated permission grant',
    'Remove role assignment',
  ]),
  ...named('CREDENTIAL_CHANGE', [
    'Add service principal credentials',
    'Remove service principal credentials',
    'Add Windows Hello for Business credential',
    'Delete Windows Hello for Business credential',
    'Add FIDO2 security key',
    'Delete FIDO2 security key(s)',
    'Add passwordless phone sign-in credential',
    'Delete passwordless phone sign-in credential',
    'Add platform credential',
    'Delete platform credential',
    'Create application password for user',
    'Delete application password for user',
    'Add users strong authentication phone app detail',
    'Remove users strong authentication phone app detail',
    'Assign Hardware Oath Token',
    'Delete Hardware Oath Token',
    'Admin updated security info',
    'User updated security info',
    'Update application – Certificates and secrets management',
    'Update application - Certificates and secrets management',
    'Reset user password',
    'Reset password (by admin)',
    'Reset password (self-service)',
    'Change user password',
    'Change password (self-service)',
    'User registered security info',
    'User deleted security info',
    'Admin registered security info',
    'Admin deleted security info',
    'User registered all required security info',
  ]),
  ...named('MEMBER_ADD', ['Add member to group', 'Add owner to group', 'Add owner to application', 'Add owner to service principal']),
  ...named('MEMBER_REMOVE', ['Remove member from group', 'Remove owner from group', 'Remove owner from application']),
  ...named('POLICY_CHANGE', [
    'Add conditional access policy',
    'Update conditional access policy',
    'Delete conditional access policy',
    'Add named location',
    'Update named location',
    'Delete named location',
    'Add policy',
    'Added policy',
    'Update authentication methods policy',
    'Set Company Information',
    'Update policy',
    'Delete policy',
    'Update authorization policy',
    'Disable Strong Authentication',
    'Enable Strong Authentication',
  ]),
};

function named(name: string, operations: readonly string[]): Record<string, string> {
  return Object.fromEntries(operations.map((operation) => [operation.toLowerCase(), name]));
}

const operationTypes = {
  add: 'CREATE',
  create: 'CREATE',
  update: 'UPDATE',
  delete: 'DELETE',
  'soft delete': 'DELETE',
  assign: 'ASSIGN',
  unassign: 'UNASSIGN',
};

/** The value that a change of this name gave; Microsoft writes it as JSON in a text. */
const newValue = (name: string): string =>
  `trim(coalesce(list_filter(modified_properties, p -> p.name = '${name}' AND p.new_value <> 'null')[1].new_value, list_filter(modified_properties, p -> p.name = '${name}')[1].old_value), '"')`;

/** Secrets and certificates of an application are among what an ordinary update may change. */
const isOfKeys = `len(list_filter(modified_properties, p -> p.name IN ('KeyDescription', 'FederatedIdentityCredentials') AND coalesce(p.new_value, '') <> coalesce(p.old_value, ''))) > 0`;

/** Changes of the directory and of what it governs. */
export const cloudAuditLogs = normalizedDataset({
  name: 'cloud_audit_logs',
  vendor: 'msft',
  product: 'Cloud Audit Logs',
  meaning: 'changes in the directory: users, groups, roles, applications, policies; every version that was served',
  logTypes: ['directory-audits'],
  columns: {
    ...rowColumns('msft', 'Cloud Audit Logs', 'directory-audits'),
    ...actorColumns('directory-audits'),
    cloud_provider: text(`'Azure'`, 'Always Azure', 'Azure'),
    log_name: text(`'azure_ad_audit_logs'`, 'Always azure_ad_audit_logs', 'azure_ad_audit_logs'),
    operation_name: text(
      `coalesce(${translated(`rtrim(operation, '. ')`, operationNames)}, CASE WHEN ${isOfKeys} THEN 'CREDENTIAL_CHANGE' END, ${translated('operation_type', operationTypes)})`,
      'What was done, by one name: PRIVILEGE_GRANT, PRIVILEGE_REVOKE, CREDENTIAL_CHANGE, MEMBER_ADD, MEMBER_REMOVE, POLICY_CHANGE, else CREATE, UPDATE, ...',
      'PRIVILEGE_GRANT',
      'operation, by a table of names, else CREDENTIAL_CHANGE where keys changed, else operation_type',
    ),
    operation_name_orig: text('operation', "What was done, in Microsoft's words", 'Add member to role'),
    operation_type: text('operation_type', 'Add, Update, Delete, Assign, ...', 'Assign'),
    operation_status: text('upper(outcome)', 'SUCCESS, FAILURE or UNKNOWN', 'SUCCESS'),
    outcome_reason: text('result_reason', 'Why it failed, or what came of it', 'User is already a member of the role'),
    category: text('category', 'Category of the activity', 'RoleManagement'),
    identity_name: text('actor_upn', 'Who did it: user principal name, or name of the application', 'admin@contoso.example'),
    identity_type: text('actor_type', 'user, application or unknown', 'user'),
    identity_domain: text(domainOf('actor_upn'), 'Domain of the user', 'contoso.example'),
    caller_ip: text('source_ip', 'Address it was done from', '203.0.113.24'),
    initiated_by_app_id: text(
      'coalesce(initiated_by_app_id, initiated_by_service_principal_id)',
      'Application that did it',
      '7b2f0c7e-1f55-4d6a-8a8b-2f6f3a9d0c11',
    ),
    resource_type: text('target_type', 'Kind of the first target', 'User'),
    resource_id: text('target_id', 'Id of the first target', '9c1d7a2e-0b4f-4f6d-8e3a-5b7c9d1e2f30'),
    referenced_resource_name: text('coalesce(target_name, targets[1].upn)', 'Name of the first target', 'lee@contoso.example'),
    target_upn: text(
      `coalesce(list_filter(list_transform(targets, t -> t.upn), u -> u IS NOT NULL)[1], CASE WHEN role_name IS NOT NULL AND contains(principal_name, '@') THEN principal_name END)`,
      'First user among the targets',
      'lee@contoso.example',
    ),
    role_name: text(
      `coalesce(role_name, ${newValue('Role.DisplayName')})`,
      'Role that was granted or removed',
      'Global Administrator',
      'role_name, else modified_properties: Role.DisplayName',
    ),
    group_name: text(newValue('Group.DisplayName'), 'Group that was changed', 'Finance', 'modified_properties: Group.DisplayName'),
    targets: structs(
      { id: 'text', name: 'text', type: 'text', upn: 'text' },
      `list_transform(targets, t -> {id: t.id, name: t.name, type: t.type, upn: t.upn})`,
      'Everything that was acted on',
      '[{"id": "9c1d7a2e-0b4f-4f6d-8e3a-5b7c9d1e2f30", "name": null, "type": "User", "upn": "lee@contoso.example"}]',
      'id, name, type and upn of targets',
    ),
    modified_properties: structs(
      { target_id: 'text', name: 'text', old_value: 'text', new_value: 'text' },
      'modified_properties',
      'What was changed, of all targets; values are JSON in a text',
      `[{"target_id": "9c1d7a2e-0b4f-4f6d-8e3a-5b7c9d1e2f30", "name": "Role.DisplayName", "old_value": null, "new_value": "\\"Global Administrator\\""}]`,
    ),
    additional_details: map('additional_details', 'Further details by name', '{"ipaddr": "203.0.113.24"}'),
    correlation_id: text('correlation_id', 'Ties the records of one action together', '3c5a9d10-77aa-4f0e-9b61-cb8c2b1d5e42'),
  },
});
