/** Records as Microsoft sends them, with as little as a test needs. */

export function exchangeRecord(id: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    CreationTime: '2026-11-21T08:00:00',
    Id: id,
    Operation: 'Send',
    OrganizationId: '6f1c2a52-0a5d-4c7e-9d38-3c0d8f1b7a10',
    RecordType: 2,
    UserKey: '10032001',
    UserType: 0,
    Workload: 'Exchange',
    ResultStatus: 'Succeeded',
    UserId: 'ada@contoso.example',
    ClientIP: '203.0.113.7',
    ...more,
  };
}

export function signIn(id: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id,
    createdDateTime: '2026-11-21T08:00:00Z',
    userId: 'a11ce000-0000-4000-8000-000000000001',
    userPrincipalName: 'ada@contoso.example',
    ipAddress: '198.51.100.20',
    appId: 'a99c0de0-0000-4000-8000-000000000002',
    status: { errorCode: 0 },
    ...more,
  };
}

export function alert(id: string, lastUpdateDateTime: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id,
    createdDateTime: '2026-11-21T08:00:00Z',
    lastUpdateDateTime,
    title: 'Suspicious sign-in',
    status: 'new',
    severity: 'high',
    ...more,
  };
}
