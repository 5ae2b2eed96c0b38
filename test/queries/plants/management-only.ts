import { at, entraChange, entraSignIn, entraTarget, minutesFrom, upn, type JsonRecord } from '../records.ts';
import type { Planted } from './plant.ts';

const eve = upn('eve');
const address = '203.0.113.5';
const exchange = '00000002-0000-0ff1-ce00-000000000000';
const strong = 'StrongAuthenticationMethod: [{"MethodType":6}]; StrongAuthenticationRequirement: []';
const guid = (last: number): string => `0b6a1a2e-4c3d-4e5f-8a9b-${String(last).padStart(12, '0')}`;

const signIns = (...records: readonly JsonRecord[]) => ({ 'audit-azure-active-directory': records });
const wrong = (time: string, name: string) => entraSignIn(time, name, { errorCode: 50126 });
const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `user${String(index)}`);

/** A change of Entra with its target in the real form. */
const change = (
  time: string,
  operation: string,
  target: JsonRecord,
  modified: readonly (readonly [name: string, newValue: string])[] = [],
  more: JsonRecord = {},
): JsonRecord => entraChange(time, operation, { modified, more: { ...target, ...more } });
const user = (name: string, last = 1): JsonRecord => entraTarget('User', guid(last), { upn: upn(name) });

/** The plants of queries that both APIs answer, as the Management Activity API has them: operations end with a full stop, targets are lists of ids. */
export const managementOnlyPlants: Readonly<Record<string, Planted>> = {
  'password-spray': {
    records: signIns(
      ...people(12).map((name, index) => wrong(at(`18 08:${String(10 + index)}`), name)),
      entraSignIn(at('18 08:40'), 'user3'),
    ),
    rows: [[address, 12, 12, 1, at('18 08:10'), at('18 08:21')]],
  },
  'password-guessing': {
    records: signIns(
      ...minutesFrom('18 08:00', 20).map((time) => wrong(time, 'ada')),
      ...minutesFrom('18 08:00', 19).map((time) => wrong(time, 'ben')),
    ),
    rows: [[upn('ada'), at('18 08:00'), 20, 1, null]],
  },
  'guessed-passwords': {
    records: signIns(
      ...minutesFrom('18 08:00', 5).map((time) => wrong(time, 'ada')),
      entraSignIn(at('18 08:10'), 'ada'),
      ...minutesFrom('18 08:00', 4).map((time) => wrong(time, 'ben')),
      entraSignIn(at('18 08:10'), 'ben'),
    ),
    rows: [[upn('ada'), address, 5, at('18 08:00'), at('18 08:10')]],
  },
  'mfa-fatigue': {
    records: signIns(
      ...minutesFrom('18 08:00', 5).map((time) => entraSignIn(time, 'ada', { errorCode: 500121 })),
      entraSignIn(at('18 08:07'), 'ada', { requestType: 'SAS:EndAuth' }),
      entraSignIn(at('18 08:08'), 'ada'),
    ),
    rows: [[upn('ada'), at('18 08:00'), 5, [address], 1, at('18 08:04')]],
  },
  'legacy-protocols': {
    records: signIns(entraSignIn(at('18 08:00'), 'ada', { userAgent: 'BAV2ROPC' }), entraSignIn(at('18 08:00'), 'ben')),
    rows: [[upn('ada'), 'Other clients', 1, 0, 1, at('18 08:00')]],
  },
  'device-code-sign-ins': {
    records: signIns(
      entraSignIn(at('18 08:00'), 'ada', { errorCode: 50199, more: { InterSystemsId: guid(1) } }),
      entraSignIn(at('18 08:02'), 'ada', { more: { InterSystemsId: guid(1) } }),
      entraSignIn(at('18 08:03'), 'ada', { more: { InterSystemsId: guid(2) } }),
      entraSignIn(at('18 08:04'), 'ada', { errorCode: 50126, more: { InterSystemsId: guid(1) } }),
      entraSignIn(at('18 08:00'), 'ben'),
    ),
    rows: [
      [upn('ada'), null, exchange, address, null, 'failure', 1, at('18 08:00'), at('18 08:00')],
      [upn('ada'), null, exchange, address, null, 'success', 1, at('18 08:02'), at('18 08:02')],
    ],
  },
  'admin-role-changes': {
    records: signIns(
      change(at('18 08:00'), 'Add member to role.', user('ada'), [['Role.DisplayName', 'Global Administrator']]),
      change(at('18 08:01'), 'Add member to group.', user('ada')),
    ),
    rows: [
      [at('18 08:00'), 'Add member to role', eve, address, upn('ada'), 'Global Administrator', 'success', 'audit-azure-active-directory'],
    ],
  },
  'consent-grants': {
    records: signIns(
      // The target is the resource; the application that is given the permission stands among what changed.
      change(
        at('18 08:00'),
        'Add app role assignment to service principal.',
        entraTarget('ServicePrincipal', guid(1), { name: 'Microsoft Graph' }),
        [
          ['AppRole.Value', 'Mail.Read'],
          ['ServicePrincipal.DisplayName', 'Mail Harvester'],
        ],
      ),
      change(at('18 08:00'), 'Update service principal.', entraTarget('ServicePrincipal', guid(1), { name: 'Mail Harvester' })),
    ),
    rows: [
      [
        at('18 08:00'),
        'Add app role assignment to service principal',
        eve,
        address,
        'Mail Harvester',
        'Microsoft Graph',
        'Mail.Read',
        'success',
        'audit-azure-active-directory',
      ],
    ],
  },
  'application-credentials': {
    records: signIns(
      change(at('18 08:00'), 'Update application.', entraTarget('Application', guid(1), { name: 'crm-sync' }), [
        ['KeyDescription', '["a"]'],
      ]),
      change(at('18 08:01'), 'Update application.', entraTarget('Application', guid(1), { name: 'crm-sync' }), [['DisplayName', 'CRM']]),
    ),
    rows: [[at('18 08:00'), 'Update application', eve, address, 'crm-sync', '["a"]', 'success', 'audit-azure-active-directory']],
  },
  'conditional-access-blocks': {
    records: signIns(entraSignIn(at('18 08:00'), 'ada', { errorCode: 53003 }), wrong(at('18 08:00'), 'ben')),
    rows: [[upn('ada'), null, null, 1, 1, at('18 08:00')]],
  },
  'disabled-accounts': {
    records: signIns(entraSignIn(at('18 08:00'), 'ada', { errorCode: 50057 }), wrong(at('18 08:00'), 'ben')),
    rows: [[upn('ada'), 1, [address], null, at('18 08:00')]],
  },
  'sign-in-failures': {
    records: signIns(wrong(at('18 08:00'), 'ada'), wrong(at('18 08:01'), 'ben'), entraSignIn(at('18 08:02'), 'ben')),
    rows: [[50126, 'InvalidUserNameOrPassword', 2, 2, 1]],
  },
  'guest-sign-ins': {
    records: signIns(
      entraSignIn(at('18 08:00'), 'gil', { more: { UserId: 'gil_fabrikam.example#EXT#@contoso.example', ActorContextId: guid(9) } }),
      entraSignIn(at('18 08:00'), 'ada'),
    ),
    rows: [['gil_fabrikam.example#EXT#@contoso.example', guid(9), [exchange], 1, at('18 08:00')]],
  },
  'application-owners': {
    records: signIns(
      change(at('18 08:00'), 'Add owner to application.', user('ada'), [['Application.DisplayName', 'Mail Harvester']]),
      change(at('18 08:01'), 'Remove owner from application.', user('ada'), [['Application.DisplayName', '']]),
    ),
    rows: [[at('18 08:00'), 'Add owner to application', eve, 'Mail Harvester', upn('ada'), 'success']],
  },
  'new-applications': {
    records: signIns(
      change(at('18 08:00'), 'Add application.', entraTarget('Application', guid(1), { name: 'Mail Harvester' })),
      change(at('18 08:01'), 'Add service principal.', entraTarget('ServicePrincipal', guid(2), { name: 'Mail Harvester' })),
      change(at('18 08:02'), 'Update application.', entraTarget('Application', guid(1), { name: 'Mail Harvester' })),
    ),
    rows: [
      [at('18 08:00'), 'Add application', eve, address, 'Mail Harvester', 'success'],
      [at('18 08:01'), 'Add service principal', eve, address, 'Mail Harvester', 'success'],
    ],
  },
  'short-lived-accounts': {
    records: signIns(
      change(at('18 08:00'), 'Add user.', user('temp')),
      // What is deleted gets its id before its name.
      change(at('18 11:30'), 'Delete user.', entraTarget('User', guid(1), { upn: `${guid(1).replaceAll('-', '')}${upn('temp')}` })),
      change(at('18 08:00'), 'Add user.', user('ben', 2)),
    ),
    rows: [[upn('temp'), at('18 08:00'), eve, at('18 11:30'), eve, 3.5]],
  },
  'accounts-created': {
    records: signIns(change(at('18 08:00'), 'Add user.', user('temp')), change(at('18 08:01'), 'Update user.', user('temp'))),
    rows: [[at('18 08:00'), eve, upn('temp'), address, 'success']],
  },
  'second-factors-changed': {
    records: signIns(
      change(at('18 08:00'), 'Disable Strong Authentication.', user('ada'), [['StrongAuthenticationRequirement', '[]']]),
      change(at('18 08:01'), 'Update user.', user('ada')),
    ),
    rows: [[at('18 08:00'), 'Disable Strong Authentication', eve, upn('ada'), true, address, 'success']],
  },
  'strong-authentication-changed': {
    records: signIns(
      change(at('18 08:00'), 'Update user.', user('ada'), [
        ['StrongAuthenticationMethod', '[{"MethodType":6}]'],
        ['StrongAuthenticationRequirement', '[]'],
      ]),
      change(at('18 08:01'), 'Update user.', user('ada'), [['DisplayName', 'Ada']]),
    ),
    rows: [[at('18 08:00'), 'Update user', eve, upn('ada'), null, strong, address, 'success']],
  },
  'passwords-reset': {
    records: signIns(
      change(at('18 08:00'), 'Reset user password.', user('ada')),
      change(at('18 08:01'), 'Change user password.', user('ada')),
    ),
    rows: [[at('18 08:00'), 'Reset user password', eve, upn('ada'), address, 'success']],
  },
  'conditional-access-changes': {
    records: signIns(
      change(at('18 08:00'), 'Delete conditional access policy.', entraTarget('Policy', guid(1), { name: 'Blocked countries' })),
      change(at('18 08:01'), 'Update policy.', entraTarget('Policy', guid(1), { name: 'Lifetime' })),
    ),
    rows: [[at('18 08:00'), 'Delete conditional access policy', eve, 'Blocked countries', address, 'success']],
  },
  'authorization-policy-changes': {
    records: signIns(
      change(at('18 08:00'), 'Update authorization policy.', entraTarget('Other', guid(1), { name: 'Authorization Policy' }), [
        ['AllowUserConsentForRiskyApps', '[\r\n  true\r\n]'],
        ['Included Updated Properties', 'AllowUserConsentForRiskyApps'],
      ]),
      change(at('18 08:01'), 'Update policy.', entraTarget('Policy', guid(1), { name: 'Lifetime' })),
    ),
    rows: [[at('18 08:00'), 'Update authorization policy', eve, 'AllowUserConsentForRiskyApps', address, 'success']],
  },
  'trusted-address-bypass': {
    records: signIns(
      change(at('18 08:00'), 'Set Company Information.', entraTarget('Directory', guid(1), { name: 'Contoso' }), [
        ['StrongAuthenticationPolicy', '[{"IpAllowList":["203.0.113.0/24"]}]'],
      ]),
      change(at('18 08:01'), 'Set Company Information.', entraTarget('Directory', guid(1), { name: 'Contoso' })),
    ),
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
    records: signIns(
      change(at('18 08:00'), 'Recover device local administrator password.', entraTarget('Device', guid(1), { name: 'LAPTOP-7' })),
      change(at('18 08:01'), 'Update device local administrator password.', entraTarget('Device', guid(1), { name: 'LAPTOP-7' })),
    ),
    rows: [[at('18 08:00'), eve, 'LAPTOP-7', address, 'success']],
  },
  'federation-changes': {
    records: signIns(
      change(at('18 08:00'), 'Set domain authentication.', entraTarget('Other', guid(1), { name: 'contoso.example' })),
      change(at('18 08:01'), 'Set Company Information.', entraTarget('Directory', guid(2), { name: 'Contoso' })),
    ),
    rows: [[at('18 08:00'), 'Set domain authentication', eve, 'contoso.example', address, 'success']],
  },
  'guests-invited': {
    records: signIns(change(at('18 08:00'), 'Invite external user.', user('gil')), change(at('18 08:01'), 'Add user.', user('gil'))),
    rows: [[eve, 1, [upn('gil')], at('18 08:00')]],
  },
  'devices-registered': {
    records: signIns(
      change(at('18 08:00'), 'Add device.', entraTarget('Device', guid(1), { name: 'LAPTOP-7' })),
      change(at('18 08:01'), 'Add registered owner to device.', user('ada'), [['Device.DisplayName', 'LAPTOP-7']]),
      change(at('18 08:02'), 'Delete device.', entraTarget('Device', guid(1), { name: 'LAPTOP-6' })),
    ),
    rows: [
      [at('18 08:00'), 'Add device', eve, 'LAPTOP-7', address, 'success'],
      [at('18 08:01'), 'Add registered owner to device', eve, 'LAPTOP-7', address, 'success'],
    ],
  },
};
