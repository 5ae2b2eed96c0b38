import { at, directoryAudit, entraChange, thing, upn, user } from '../records.ts';
import type { Plants } from './plant.ts';

const eve = upn('eve');
const address = '203.0.113.5';
const elevated = 'User has elevated their access to User Access Administrator for their Azure Resources';

/** Plants for the queries about changes of the directory. */
export const directoryPlants: Plants = {
  'admin-role-changes': {
    records: {
      'audit-azure-active-directory': [
        entraChange(at('18 08:00'), 'Add member to role.', {
          target: { 5: upn('ada') },
          modified: [['Role.DisplayName', 'Global Administrator']],
        }),
        entraChange(at('18 08:00'), 'Add member to group.', { target: { 5: upn('ada') } }),
      ],
      'directory-audits': [
        directoryAudit(at('18 08:01'), 'Add member to role', {
          target: user('ada'),
          modified: [['Role.DisplayName', '"Global Administrator"']],
        }),
        directoryAudit(at('18 09:00'), 'Remove eligible member from role', {
          target: user('ben'),
          more: {
            targetResources: [
              { id: 'r1', displayName: 'User Administrator', type: 'Role' },
              { id: 'q1', type: 'Request' },
              { id: 'id-of-ben', displayName: 'Ben', type: 'User' },
            ],
          },
        }),
        directoryAudit(at('18 09:00'), 'Add member to group', { target: user('ben') }),
        directoryAudit(at('18 09:10'), 'Add role assignment to role definition', { target: user('ben') }),
        directoryAudit(at('18 09:20'), elevated, { target: user('eve') }),
        directoryAudit(at('18 09:30'), 'Add role definition', { target: thing('Helpers', 'Role') }),
      ],
    },
    rows: [
      [at('18 09:10'), 'Add role assignment to role definition', eve, address, upn('ben'), null, 'success', 'directory-audits'],
      [at('18 09:20'), elevated, eve, address, eve, null, 'success', 'directory-audits'],
      [at('18 08:00'), 'Add member to role', eve, address, upn('ada'), 'Global Administrator', 'success', 'audit-azure-active-directory'],
      [at('18 08:01'), 'Add member to role', eve, address, upn('ada'), 'Global Administrator', 'success', 'directory-audits'],
      [at('18 09:00'), 'Remove eligible member from role', eve, address, 'Ben', 'User Administrator', 'success', 'directory-audits'],
    ],
  },
  'consent-grants': {
    records: {
      'audit-azure-active-directory': [
        entraChange(at('18 08:00'), 'Consent to application.', {
          by: 'ada',
          target: { 1: 'Mail Harvester' },
          modified: [['ConsentAction.Permissions', 'Scope: Mail.Read']],
        }),
        entraChange(at('18 08:00'), 'Update application.', { target: { 1: 'Mail Harvester' } }),
      ],
      'directory-audits': [
        directoryAudit(at('18 08:01'), 'Add app role assignment to service principal', {
          target: thing('Microsoft Graph', 'ServicePrincipal'),
          modified: [
            ['AppRole.Value', '"Mail.ReadWrite"'],
            ['ServicePrincipal.DisplayName', '"Mail Harvester"'],
          ],
        }),
        // Microsoft names the application by its id alone.
        directoryAudit(at('18 08:02'), 'Add delegated permission grant', {
          target: thing('Microsoft Graph', 'ServicePrincipal'),
          modified: [
            ['DelegatedPermissionGrant.Scope', '"Mail.Send"'],
            ['ServicePrincipal.ObjectID', '"0d2f5969"'],
          ],
        }),
        directoryAudit(at('18 08:01'), 'Add service principal', { target: thing('Mail Harvester') }),
      ],
    },
    rows: [
      [
        at('18 08:00'),
        'Consent to application',
        upn('ada'),
        address,
        'Mail Harvester',
        null,
        'Scope: Mail.Read',
        'success',
        'audit-azure-active-directory',
      ],
      [
        at('18 08:01'),
        'Add app role assignment to service principal',
        eve,
        address,
        'Mail Harvester',
        'Microsoft Graph',
        '"Mail.ReadWrite"',
        'success',
        'directory-audits',
      ],
      [
        at('18 08:02'),
        'Add delegated permission grant',
        eve,
        address,
        '0d2f5969',
        'Microsoft Graph',
        '"Mail.Send"',
        'success',
        'directory-audits',
      ],
    ],
  },
  'application-credentials': {
    records: {
      'audit-azure-active-directory': [entraChange(at('18 08:00'), 'Add service principal credentials.', { target: { 1: 'crm-sync' } })],
      'directory-audits': [
        directoryAudit(at('18 08:01'), 'Update application – Certificates and secrets management ', {
          target: thing('crm-sync'),
          modified: [['KeyDescription', '["[KeyType=Password]"]']],
        }),
        directoryAudit(at('18 08:02'), 'Update service principal', {
          target: thing('crm-sync'),
          modified: [['KeyDescription', '["[KeyType=AsymmetricX509Cert]"]']],
        }),
        directoryAudit(at('18 08:03'), 'Update service principal', { target: thing('crm-sync'), modified: [['DisplayName', '"CRM"']] }),
      ],
    },
    rows: [
      [at('18 08:00'), 'Add service principal credentials', eve, address, 'crm-sync', null, 'success', 'audit-azure-active-directory'],
      [
        at('18 08:01'),
        'Update application – Certificates and secrets management',
        eve,
        address,
        'crm-sync',
        '["[KeyType=Password]"]',
        'success',
        'directory-audits',
      ],
      [
        at('18 08:02'),
        'Update service principal',
        eve,
        address,
        'crm-sync',
        '["[KeyType=AsymmetricX509Cert]"]',
        'success',
        'directory-audits',
      ],
    ],
  },
  'application-owners': {
    records: {
      'directory-audits': [
        directoryAudit(at('18 08:00'), 'Add owner to application', {
          target: user('ada'),
          modified: [['Application.DisplayName', '"Mail Harvester"']],
        }),
        directoryAudit(at('18 08:00'), 'Remove owner from application', { target: user('ada') }),
      ],
    },
    rows: [[at('18 08:00'), 'Add owner to application', eve, 'Mail Harvester', upn('ada'), 'success']],
  },
  'new-applications': {
    records: {
      'directory-audits': [
        directoryAudit(at('18 08:00'), 'Add application', { target: thing('Mail Harvester') }),
        directoryAudit(at('18 08:01'), 'Update application', { target: thing('Mail Harvester') }),
      ],
    },
    rows: [[at('18 08:00'), 'Add application', eve, address, 'Mail Harvester', 'success']],
  },
  'short-lived-accounts': {
    records: {
      'directory-audits': [
        directoryAudit(at('18 08:00'), 'Add user', { target: user('temp') }),
        directoryAudit(at('18 11:30'), 'Delete user', { by: 'mel', target: user('temp') }),
        directoryAudit(at('15 08:00'), 'Add user', { target: user('ada') }),
        directoryAudit(at('18 08:00'), 'Delete user', { target: user('ada') }),
        directoryAudit(at('18 08:00'), 'Add user', { target: user('ben') }),
      ],
    },
    rows: [[upn('temp'), at('18 08:00'), eve, at('18 11:30'), upn('mel'), 3.5]],
  },
  'second-factors-changed': {
    records: {
      'directory-audits': [
        directoryAudit(at('18 08:00'), 'User registered security info', { by: 'ada', target: user('ada') }),
        directoryAudit(at('18 08:01'), 'Admin deleted security info', { target: user('ada') }),
        directoryAudit(at('18 08:02'), 'Update user', { target: user('ada') }),
        directoryAudit(at('18 08:03'), 'Add FIDO2 security key', { target: user('ada') }),
        directoryAudit(at('18 08:04'), 'Add Windows Hello for Business credential', { by: 'ada', target: user('ada') }),
        directoryAudit(at('18 08:05'), 'Create application password for user', { target: user('ada') }),
        directoryAudit(at('18 08:06'), 'Add users strong authentication phone app detail', { target: user('ada') }),
        directoryAudit(at('18 08:07'), 'Delete passwordless phone sign-in credential', { target: user('ada') }),
        directoryAudit(at('18 08:08'), 'Add platform credential', { target: user('ada') }),
        directoryAudit(at('18 08:09'), 'Assign Hardware Oath Token', { target: user('ada') }),
        directoryAudit(at('18 08:10'), 'Add service principal credentials', { target: thing('Backup') }),
      ],
    },
    rows: [
      [at('18 08:03'), 'Add FIDO2 security key', eve, upn('ada'), true, address, 'success'],
      [at('18 08:04'), 'Add Windows Hello for Business credential', upn('ada'), upn('ada'), false, address, 'success'],
      [at('18 08:05'), 'Create application password for user', eve, upn('ada'), true, address, 'success'],
      [at('18 08:06'), 'Add users strong authentication phone app detail', eve, upn('ada'), true, address, 'success'],
      [at('18 08:07'), 'Delete passwordless phone sign-in credential', eve, upn('ada'), true, address, 'success'],
      [at('18 08:08'), 'Add platform credential', eve, upn('ada'), true, address, 'success'],
      [at('18 08:09'), 'Assign Hardware Oath Token', eve, upn('ada'), true, address, 'success'],
      [at('18 08:00'), 'User registered security info', upn('ada'), upn('ada'), false, address, 'success'],
      [at('18 08:01'), 'Admin deleted security info', eve, upn('ada'), true, address, 'success'],
    ],
  },
  'passwords-reset': {
    records: {
      'directory-audits': [
        directoryAudit(at('18 08:00'), 'Reset password (by admin)', { target: user('ada') }),
        directoryAudit(at('18 08:01'), 'Change password (self-service)', { by: 'ada', target: user('ada') }),
      ],
    },
    rows: [[at('18 08:00'), 'Reset password (by admin)', eve, upn('ada'), address, 'success']],
  },
  'conditional-access-changes': {
    records: {
      'directory-audits': [
        directoryAudit(at('18 08:00'), 'Delete conditional access policy', { target: thing('Blocked countries', 'Policy') }),
        directoryAudit(at('18 08:01'), 'Update named location', { target: thing('Offices', 'Policy'), more: { result: 'failure' } }),
        directoryAudit(at('18 08:02'), 'Update policy', { target: thing('Lifetime', 'Policy') }),
      ],
    },
    rows: [
      [at('18 08:00'), 'Delete conditional access policy', eve, 'Blocked countries', address, 'success'],
      [at('18 08:01'), 'Update named location', eve, 'Offices', address, 'failure'],
    ],
  },
  'federation-changes': {
    records: {
      'directory-audits': [
        directoryAudit(at('18 08:00'), 'Set federation settings on domain', { target: thing('contoso.example') }),
        directoryAudit(at('18 08:01'), 'Add unverified domain', { target: thing('fabrikam.example') }),
        directoryAudit(at('18 08:02'), 'Update company settings', { target: thing('contoso.example') }),
      ],
    },
    rows: [
      [at('18 08:00'), 'Set federation settings on domain', eve, 'contoso.example', address, 'success'],
      [at('18 08:01'), 'Add unverified domain', eve, 'fabrikam.example', address, 'success'],
    ],
  },
  'guests-invited': {
    records: {
      'directory-audits': [
        directoryAudit(at('18 08:00'), 'Invite external user', { target: user('gil') }),
        directoryAudit(at('18 08:01'), 'Invite external user', { target: user('hal') }),
        directoryAudit(at('18 08:02'), 'Invite external user', { target: user('hal') }),
        directoryAudit(at('18 08:03'), 'Invite external user', { by: 'ada', target: user('ivy'), more: { result: 'failure' } }),
      ],
    },
    rows: [[eve, 2, [upn('gil'), upn('hal')], at('18 08:02')]],
  },
  'devices-registered': {
    records: {
      'directory-audits': [
        directoryAudit(at('18 08:00'), 'Register device', { by: 'ada', target: thing('LAPTOP-7', 'Device') }),
        directoryAudit(at('18 08:01'), 'Delete device', { by: 'ada', target: thing('LAPTOP-6', 'Device') }),
      ],
    },
    rows: [[at('18 08:00'), 'Register device', upn('ada'), 'LAPTOP-7', address, 'success']],
  },
};
