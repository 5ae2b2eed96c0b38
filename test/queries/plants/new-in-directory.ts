import { at, directoryAudit, general, thing, upn, user } from '../records.ts';
import type { Plants } from './plant.ts';

const eve = upn('eve');
const address = '203.0.113.5';

/** Plants for the queries about accounts, policies and strong authentication, and for alerts in the audit log. */
export const newInDirectoryPlants: Plants = {
  'accounts-created': {
    records: {
      'directory-audits': [
        directoryAudit(at('18 08:00'), 'Add user', { target: user('temp') }),
        directoryAudit(at('18 08:01'), 'Restore user', { target: user('ben') }),
        directoryAudit(at('18 08:02'), 'Update user', { target: user('ben') }),
      ],
    },
    rows: [
      [at('18 08:00'), eve, upn('temp'), address, 'success'],
      [at('18 08:01'), eve, upn('ben'), address, 'success'],
    ],
  },
  'authorization-policy-changes': {
    records: {
      'directory-audits': [
        directoryAudit(at('18 08:00'), 'Update authorization policy', {
          target: thing('Authorization Policy', 'Other'),
          modified: [['Included Updated Properties', '"AllowInvitesFrom"']],
        }),
        directoryAudit(at('18 08:01'), 'Update policy', { target: thing('Lifetime', 'Policy') }),
      ],
    },
    rows: [[at('18 08:00'), 'Update authorization policy', eve, 'AllowInvitesFrom', address, 'success']],
  },
  'trusted-address-bypass': {
    records: {
      'directory-audits': [
        directoryAudit(at('18 08:00'), 'Set Company Information', {
          target: thing('Contoso', 'Directory'),
          modified: [['StrongAuthenticationPolicy', '[{"IpAllowList":["203.0.113.0/24"]}]']],
        }),
        directoryAudit(at('18 08:01'), 'Set Company Information', { target: thing('Contoso', 'Directory') }),
      ],
    },
    rows: [
      [
        at('18 08:00'),
        'Set Company Information',
        eve,
        null,
        'StrongAuthenticationPolicy: [{"IpAllowList":["203.0.113.0/24"]}]',
        address,
        'success',
      ],
    ],
  },
  'local-passwords-read': {
    records: {
      'directory-audits': [
        directoryAudit(at('18 08:00'), 'Recover device local administrator password', { target: thing('LAPTOP-7', 'Device') }),
        directoryAudit(at('18 08:01'), 'Update device local administrator password', { target: thing('LAPTOP-7', 'Device') }),
        directoryAudit(at('18 08:02'), 'Reveal local administrator password', { target: thing('LAPTOP-8', 'Device') }),
      ],
    },
    rows: [
      [at('18 08:00'), eve, 'LAPTOP-7', address, 'success'],
      [at('18 08:02'), eve, 'LAPTOP-8', address, 'success'],
    ],
  },
  'strong-authentication-changed': {
    records: {
      'directory-audits': [
        directoryAudit(at('18 08:00'), 'Disable Strong Authentication', {
          target: user('ada'),
          modified: [['StrongAuthenticationRequirement', '[]']],
        }),
        directoryAudit(at('18 08:01'), 'Update user', {
          target: user('ada'),
          modified: [
            ['StrongAuthenticationPhoneAppDetail', '[{"x":1}]'],
            ['DisplayName', '"Ada"'],
            ['StrongAuthenticationMethod', '[{"MethodType":6}]'],
            ['StrongAuthenticationUserDetails', '[{"PhoneNumber":"+49 555"}]'],
          ],
        }),
        directoryAudit(at('18 08:02'), 'Update user', { target: user('ada'), modified: [['DisplayName', '"Ada"']] }),
      ],
    },
    rows: [
      [at('18 08:00'), 'Disable Strong Authentication', eve, upn('ada'), null, 'StrongAuthenticationRequirement: []', address, 'success'],
      [
        at('18 08:01'),
        'Update user',
        eve,
        upn('ada'),
        null,
        'StrongAuthenticationPhoneAppDetail: [{"x":1}]; StrongAuthenticationMethod: [{"MethodType":6}]; ' +
          'StrongAuthenticationUserDetails: [{"PhoneNumber":"+49 555"}]',
        address,
        'success',
      ],
    ],
  },
  'alerts-raised': {
    records: {
      'audit-general': [
        general(at('18 08:00'), 'ada', 'AlertTriggered', {
          RecordType: 40,
          AlertId: 'alert-1',
          Name: 'Suspicious forwarding of mail',
          Severity: 'High',
          Category: 'ThreatManagement',
          AlertEntityId: upn('ada'),
          EntityType: 'User',
        }),
        general(at('18 08:01'), 'ben', 'MCAS_ALERT_ANUBIS_DETECTION_NEW_COUNTRY', {
          RecordType: 98,
          ObjectId: 'alert-2',
          AlertDisplayName: 'Activity from infrequent country',
          AlertSeverity: 'Medium',
          AlertCategory: 'ANOMALY_DETECTION',
          ClientIPs: ['203.0.113.66'],
        }),
        general(at('18 08:02'), 'ben', 'AlertUpdated', { RecordType: 40, AlertId: 'alert-1', Name: 'Suspicious forwarding of mail' }),
        general(at('18 08:03'), 'ben', 'MCASXALERTX', { RecordType: 98 }),
      ],
    },
    rows: [
      [at('18 08:00'), 'AlertTriggered', 'Suspicious forwarding of mail', 'High', 'ThreatManagement', upn('ada'), null, 'alert-1'],
      [
        at('18 08:01'),
        'MCAS_ALERT_ANUBIS_DETECTION_NEW_COUNTRY',
        'Activity from infrequent country',
        'Medium',
        'ANOMALY_DETECTION',
        upn('ben'),
        ['203.0.113.66'],
        'alert-2',
      ],
    ],
  },
};
