import { at, minutesFrom, places, signIn, upn } from '../records.ts';
import type { Plants } from './plant.ts';

const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `user${String(index)}`);
const from = (ipAddress: string) => ({ ipAddress });
const servicePrincipal = (time: string, id: string, servicePrincipalName: string, ipAddress: string) => ({
  ...signIn(time, 'nobody', { servicePrincipalId: id, servicePrincipalName, ipAddress, clientCredentialType: 'clientSecret' }),
  userId: null,
  userPrincipalName: null,
  userType: null,
});

/** Plants for the queries about sign-ins. */
export const signInPlants: Plants = {
  'impossible-travel': {
    records: {
      'sign-ins-interactive': [
        signIn(at('18 08:00'), 'ada', { location: places.berlin, ipAddress: '203.0.113.1' }),
        signIn(at('18 10:00'), 'ada', { location: places.tokyo, ipAddress: '203.0.113.2' }),
        // A short way, a long time, a failure in between, and an address that lies nowhere.
        signIn(at('18 08:00'), 'ben', { location: places.berlin }),
        signIn(at('18 08:05'), 'ben', { location: places.hamburg }),
        signIn(at('18 08:00'), 'cleo', { location: places.berlin }),
        signIn(at('18 20:00'), 'cleo', { location: places.tokyo }),
        signIn(at('18 08:00'), 'dan', { location: places.berlin }),
        signIn(at('18 08:10'), 'dan', { location: places.tokyo, errorCode: 50126 }),
        signIn(at('18 08:20'), 'dan', { location: { geoCoordinates: { latitude: 0, longitude: 0 } } }),
      ],
    },
    rows: [[upn('ada'), at('18 08:00'), at('18 10:00'), '203.0.113.1', '203.0.113.2', 'DE', 'JP', 8917, 2]],
  },
  'password-spray': {
    records: {
      'sign-ins-interactive': [
        ...people(12).map((name, index) => signIn(at(`18 08:${String(10 + index)}`), name, { errorCode: 50126, ...from('203.0.113.66') })),
        signIn(at('18 08:40'), 'user3', from('203.0.113.66')),
        ...people(9).map((name) => signIn(at('18 09:00'), name, { errorCode: 50126, ...from('203.0.113.67') })),
        ...people(12).map((name) => signIn(at('18 09:00'), name, { errorCode: 50140, ...from('203.0.113.68') })),
      ],
    },
    rows: [['203.0.113.66', 12, 12, 1, at('18 08:10'), at('18 08:21')]],
  },
  'password-guessing': {
    records: {
      'sign-ins-interactive': [
        ...minutesFrom('18 08:00', 20).map((time, index) =>
          signIn(time, 'ada', {
            errorCode: 50126,
            appDisplayName: index < 5 ? 'Teams' : 'Outlook',
            ...from(`203.0.113.${String(index % 2)}`),
          }),
        ),
        ...minutesFrom('18 08:00', 19).map((time) => signIn(time, 'ben', { errorCode: 50126 })),
        ...minutesFrom('18 08:50', 20).map((time) => signIn(time, 'cleo', { errorCode: 50126 })),
      ],
    },
    rows: [[upn('ada'), at('18 08:00'), 20, 2, ['Outlook', 'Teams']]],
  },
  'guessed-passwords': {
    records: {
      'sign-ins-interactive': [
        ...minutesFrom('18 08:00', 5).map((time) => signIn(time, 'ada', { errorCode: 50126, ...from('203.0.113.66') })),
        signIn(at('18 08:10'), 'ada', from('203.0.113.66')),
        signIn(at('18 08:20'), 'ada', from('203.0.113.66')),
        ...minutesFrom('18 08:00', 5).map((time) => signIn(time, 'ben', { errorCode: 50126, ...from('203.0.113.66') })),
        signIn(at('18 08:10'), 'ben', from('198.51.100.1')),
        ...minutesFrom('18 08:00', 4).map((time) => signIn(time, 'cleo', { errorCode: 50126, ...from('203.0.113.66') })),
        signIn(at('18 08:10'), 'cleo', from('203.0.113.66')),
      ],
    },
    rows: [[upn('ada'), '203.0.113.66', 5, at('18 08:00'), at('18 08:10')]],
  },
  'mfa-fatigue': {
    records: {
      'sign-ins-interactive': [
        ...minutesFrom('18 08:00', 5).map((time) => signIn(time, 'ada', { errorCode: 500121, ...from('203.0.113.66') })),
        signIn(at('18 08:07'), 'ada', from('203.0.113.66')),
        ...minutesFrom('18 08:00', 4).map((time) => signIn(time, 'ben', { errorCode: 500121 })),
        ...minutesFrom('18 08:00', 6).map((time) => signIn(time, 'cleo', { errorCode: 50126 })),
      ],
    },
    rows: [[upn('ada'), at('18 08:00'), 5, ['203.0.113.66'], 1, at('18 08:04')]],
  },
  'legacy-protocols': {
    records: {
      'sign-ins-interactive': [
        signIn(at('18 08:00'), 'ada', { clientAppUsed: 'IMAP4' }),
        signIn(at('18 08:01'), 'ada', { clientAppUsed: 'IMAP4', ...from('203.0.113.9') }),
        signIn(at('18 08:02'), 'ada', { clientAppUsed: 'IMAP4', errorCode: 50126 }),
        signIn(at('18 08:00'), 'ben', { clientAppUsed: 'Mobile Apps and Desktop clients' }),
        signIn(at('18 08:03'), 'eve', { clientAppUsed: 'Other clients; POP' }),
        signIn(at('18 08:04'), 'eve', { clientAppUsed: 'Exchange ActiveSync (unSupported)' }),
      ],
      'sign-ins-non-interactive': [signIn(at('19 08:00'), 'ada', { clientAppUsed: 'Authenticated SMTP', errorCode: 53003 })],
    },
    rows: [
      [upn('ada'), 'IMAP4', 2, 1, 2, at('18 08:02')],
      [upn('eve'), 'Exchange ActiveSync (unSupported)', 1, 0, 1, at('18 08:04')],
      [upn('eve'), 'Other clients; POP', 1, 0, 1, at('18 08:03')],
      [upn('ada'), 'Authenticated SMTP', 0, 1, 1, at('19 08:00')],
    ],
  },
  'device-code-sign-ins': {
    records: {
      'sign-ins-interactive': [
        signIn(at('18 08:00'), 'ada', {
          authenticationProtocol: 'deviceCode',
          appDisplayName: 'Azure CLI',
          location: places.lagos,
          ...from('203.0.113.66'),
        }),
        signIn(at('18 08:00'), 'ben', { authenticationProtocol: 'none' }),
      ],
      'sign-ins-non-interactive': [
        signIn(at('18 09:00'), 'ada', {
          originalTransferMethod: 'deviceCodeFlow',
          appDisplayName: 'Azure CLI',
          location: places.lagos,
          ...from('203.0.113.66'),
        }),
      ],
    },
    rows: [[upn('ada'), 'Azure CLI', 'Office 365 Exchange Online', '203.0.113.66', 'NG', 'success', 2, at('18 08:00'), at('18 09:00')]],
  },
  'password-only-sign-ins': {
    records: {
      'sign-ins-interactive': [
        signIn(at('18 08:00'), 'ada', { authenticationRequirement: 'singleFactorAuthentication' }),
        signIn(at('18 08:05'), 'ada', {
          authenticationRequirement: 'singleFactorAuthentication',
          location: places.tokyo,
          ...from('203.0.113.2'),
        }),
        signIn(at('18 08:00'), 'ben'),
        signIn(at('18 08:00'), 'cleo', { authenticationRequirement: 'singleFactorAuthentication', deviceDetail: { isManaged: true } }),
        signIn(at('18 08:00'), 'dan', { authenticationRequirement: 'singleFactorAuthentication', errorCode: 50126 }),
      ],
      'sign-ins-non-interactive': [signIn(at('18 08:00'), 'fay', { authenticationRequirement: 'singleFactorAuthentication' })],
    },
    rows: [[upn('ada'), 'Outlook', 2, 2, ['DE', 'JP'], at('18 08:05')]],
  },
  'risky-sign-ins': {
    records: {
      'sign-ins-interactive': [
        signIn(at('18 08:00'), 'ada', { riskLevelDuringSignIn: 'medium', riskState: 'atRisk', ...from('203.0.113.66') }),
        signIn(at('18 08:00'), 'ben', { riskLevelDuringSignIn: 'low', riskState: 'atRisk' }),
        signIn(at('18 08:00'), 'cleo', { riskLevelDuringSignIn: 'high', riskState: 'atRisk', errorCode: 53003 }),
      ],
    },
    rows: [[upn('ada'), 'medium', '203.0.113.66', 'DE', 'Outlook', 'atRisk', 1, at('18 08:00')]],
  },
  'conditional-access-blocks': {
    records: {
      'sign-ins-interactive': [
        signIn(at('18 08:00'), 'ada', {
          errorCode: 53003,
          conditionalAccessStatus: 'failure',
          appliedConditionalAccessPolicies: [
            { id: '1', displayName: 'Second factor', result: 'success' },
            { id: '2', displayName: 'Blocked countries', result: 'failure' },
          ],
        }),
        signIn(at('18 08:10'), 'ben', { errorCode: 53003, conditionalAccessStatus: 'failure' }),
        signIn(at('18 08:00'), 'cleo', { errorCode: 50126 }),
      ],
    },
    rows: [
      [upn('ada'), 'Blocked countries', 'Outlook', 1, 1, at('18 08:00')],
      [upn('ben'), null, 'Outlook', 1, 1, at('18 08:10')],
    ],
  },
  'new-countries': {
    records: {
      'sign-ins-interactive': [
        signIn(at('15 08:00'), 'ada'),
        signIn(at('20 12:00'), 'ada', { location: places.lagos, ...from('203.0.113.66') }),
        signIn(at('20 13:00'), 'ada', { location: places.lagos, ...from('203.0.113.67') }),
        signIn(at('15 08:00'), 'ben'),
        signIn(at('20 12:00'), 'ben', { location: places.hamburg }),
        signIn(at('20 12:00'), 'cleo', { location: places.tokyo }),
        signIn(at('15 08:00'), 'dan'),
        signIn(at('20 12:00'), 'dan', { location: places.tokyo, errorCode: 50126 }),
      ],
    },
    rows: [[upn('ada'), 'NG', '203.0.113.66', at('20 12:00'), 1]],
  },
  'application-new-addresses': {
    records: {
      'sign-ins-service-principal': [
        servicePrincipal(at('15 08:00'), 'sp-1', 'crm-sync', '198.51.100.10'),
        servicePrincipal(at('20 10:00'), 'sp-1', 'crm-sync', '203.0.113.99'),
        servicePrincipal(at('20 11:00'), 'sp-1', 'crm-sync', '203.0.113.99'),
        servicePrincipal(at('20 11:00'), 'sp-1', 'crm-sync', '198.51.100.10'),
        servicePrincipal(at('20 10:00'), 'sp-2', 'new-app', '203.0.113.98'),
      ],
    },
    rows: [['sp-1', 'crm-sync', '203.0.113.99', 'clientSecret', at('20 10:00'), 2]],
  },
  'sessions-in-two-countries': {
    records: {
      'sign-ins-interactive': [
        signIn(at('18 08:00'), 'ada', { sessionId: 'session-1', ...from('198.51.100.1') }),
        signIn(at('18 08:00'), 'ben', { sessionId: 'session-2', ...from('198.51.100.1') }),
        signIn(at('18 08:30'), 'ben', { sessionId: 'session-2', ...from('198.51.100.2') }),
      ],
      'sign-ins-non-interactive': [
        signIn(at('18 08:30'), 'ada', { sessionId: 'session-1', location: places.lagos, ...from('203.0.113.66') }),
      ],
    },
    rows: [[upn('ada'), 'session-1', ['DE', 'NG'], ['198.51.100.1', '203.0.113.66'], at('18 08:00'), at('18 08:30')]],
  },
  'disabled-accounts': {
    records: {
      'sign-ins-interactive': [
        ...minutesFrom('18 08:00', 3).map((time) => signIn(time, 'ada', { errorCode: 50057 })),
        signIn(at('18 08:00'), 'ben', { errorCode: 50126 }),
      ],
    },
    rows: [[upn('ada'), 3, ['198.51.100.20'], ['Outlook'], at('18 08:02')]],
  },
  'sign-in-failures': {
    records: {
      'sign-ins-interactive': [
        signIn(at('18 08:00'), 'ada', { errorCode: 50126 }),
        signIn(at('18 08:01'), 'ada', { errorCode: 50126, ...from('203.0.113.66') }),
        signIn(at('18 08:02'), 'ben', { errorCode: 50126 }),
        signIn(at('18 08:03'), 'ben'),
      ],
    },
    rows: [[50126, 'Invalid username or password.', 3, 2, 2]],
  },
  'guest-sign-ins': {
    records: {
      'sign-ins-interactive': [
        signIn(at('18 08:00'), 'gil', { userType: 'guest', homeTenantId: 'tenant-of-gil', resourceDisplayName: 'SharePoint' }),
        signIn(at('18 08:05'), 'gil', { userType: 'guest', homeTenantId: 'tenant-of-gil', resourceDisplayName: 'Teams' }),
        signIn(at('18 08:05'), 'hal', { userType: 'guest', homeTenantId: 'tenant-of-gil', errorCode: 50126 }),
        signIn(at('18 08:05'), 'ada'),
      ],
    },
    rows: [[upn('gil'), 'tenant-of-gil', ['SharePoint', 'Teams'], 2, at('18 08:05')]],
  },
};
