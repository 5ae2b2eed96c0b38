import { describe, expect, test } from '@jest/globals';
import { logTypes } from '../../../shared/log-types/index.ts';
import { asOrganization, organizationOf, recognize, type JsonObject } from '../../../shared/log-types/recognition.ts';
import { recordTypeNames } from '../../../shared/log-types/record-types.ts';
import { alert, exchangeRecord, signIn } from '../../helpers/sample-records.ts';

const audit = (more: JsonObject): JsonObject => ({ Id: 'a', CreationTime: '2026-11-21T08:00:00', Operation: 'X', ...more });

describe('a record is recognized by', () => {
  test.each([
    { name: 'its record type', record: exchangeRecord('a'), is: 'audit-exchange' },
    { name: 'its record type as a text', record: audit({ RecordType: '15' }), is: 'audit-azure-active-directory' },
    { name: 'its record type rather than its workload', record: exchangeRecord('a', { RecordType: 13 }), is: 'dlp-all' },
    {
      name: 'its record type rather than its workload, on endpoints',
      record: audit({ RecordType: 63, Workload: 'Endpoint' }),
      is: 'dlp-all',
    },
    {
      name: 'its workload, where the record type is new',
      record: audit({ RecordType: 9999, Workload: 'OneDrive' }),
      is: 'audit-sharepoint',
    },
    { name: 'its operation', record: audit({ RecordType: 9999, Operation: 'DlpRuleUndo' }), is: 'dlp-all' },
    {
      name: 'the schema alone, for all that has no content type',
      record: audit({ RecordType: 25, Workload: 'MicrosoftTeams' }),
      is: 'audit-general',
    },
    { name: 'the schema alone, without workload', record: audit({}), is: 'audit-general' },
    { name: 'what a sign-in says it is', record: signIn('a', { signInEventTypes: ['managedIdentity'] }), is: 'sign-ins-managed-identity' },
    { name: 'isInteractive', record: signIn('a', { isInteractive: false }), is: 'sign-ins-non-interactive' },
    { name: 'a status with an error code', record: signIn('a'), is: 'sign-ins-interactive' },
    {
      name: 'a service principal',
      record: signIn('a', { servicePrincipalId: 'b', isInteractive: false }),
      is: 'sign-ins-service-principal',
    },
    { name: 'an activity', record: { id: 'a', activityDateTime: 'x', activityDisplayName: 'Add user' }, is: 'directory-audits' },
    { name: 'an update and a severity', record: alert('a', '2026-11-21T08:00:00Z'), is: 'alerts' },
    {
      name: 'vendorInformation',
      record: { id: 'a', createdDateTime: 'x', severity: 'high', vendorInformation: { provider: 'IPC' } },
      is: 'alerts-legacy',
    },
  ])('$name', ({ record, is }) => {
    expect(recognize(logTypes, record)?.id).toBe(is);
  });

  test.each([
    { elsewhere: 'SignInLogs', is: 'sign-ins-interactive' },
    { elsewhere: 'NonInteractiveUserSignInLogs', is: 'sign-ins-non-interactive' },
    { elsewhere: 'AADServicePrincipalSignInLogs', is: 'sign-ins-service-principal' },
    { elsewhere: 'managedidentitysigninlogs', is: 'sign-ins-managed-identity' },
    { elsewhere: 'AuditLogs', is: 'directory-audits' },
    { elsewhere: 'NetworkAccessTrafficLogs', is: 'sign-ins-interactive' },
  ])('what its keeper calls it: $elsewhere', ({ elsewhere, is }) => {
    expect(recognize(logTypes, { id: 'a', createdDateTime: 'x', status: { errorCode: 0 } }, elsewhere)?.id).toBe(is);
  });
});

test.each([
  { name: 'neither id nor time', record: { RecordType: 2, Workload: 'Exchange', Operation: 'Send' } },
  { name: 'an empty id and no time', record: { Id: '', CreationTime: null, RecordType: 2 } },
  { name: 'an id alone', record: { id: 'a', name: 'Ada' } },
  { name: 'the envelope of Azure Monitor', record: { time: 'x', category: 'SignInLogs', resourceId: 'y', properties: { id: 'a' } } },
])('what has $name is no record', ({ record }) => {
  expect(recognize(logTypes, record)).toBeUndefined();
});

test('a record type belongs to one log type, and Microsoft has published it', () => {
  const claimed = logTypes.flatMap(({ recognize: { recordTypes = [] } }) => recordTypes);
  expect(new Set(claimed).size).toBe(claimed.length);
  expect(claimed.filter((number) => recordTypeNames[number] === undefined)).toEqual([]);
});

test('the organization is a GUID in lower case, and zeros are nobody', () => {
  const guid = '6F1C2A52-0A5D-4C7E-9D38-3C0D8F1B7A10';
  const [exchange] = logTypes.filter(({ id }) => id === 'audit-exchange');
  expect(exchange && organizationOf(exchangeRecord('a', { OrganizationId: guid }), exchange.recognize)).toBe(guid.toLowerCase());
  for (const nobody of ['00000000-0000-0000-0000-000000000000', 'contoso', undefined, 7]) expect(asOrganization(nobody)).toBeUndefined();
});
