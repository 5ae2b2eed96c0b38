import { describe, expect, test } from '@jest/globals';
import { judgeActivity, judgeGraph, judgeToken } from '../../../shared/microsoft/api-errors.ts';
import { withoutPrivateParts } from '../../../shared/microsoft/error-body.ts';
import type { HttpReply } from '../../../shared/microsoft/http.ts';

const reply = (status: number, body: string | object, retryAfterMs?: number): HttpReply => ({
  status,
  receivedAt: 0,
  headers: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const error = (code: string, message = 'words'): object => ({ error: { code, message } });

test.each(['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln', 'refused for ada@contoso.example', 'x'.repeat(81)])(
  'a value that is no code is not passed on: %s',
  (code) => {
    const { refusal } = judgeActivity(reply(400, error(code, 'AF20022: no subscription')), 'feed');
    expect(refusal).toMatchObject({ kind: 'not-subscribed', cause: { code: 'AF20022' } });
    expect(JSON.stringify(judgeGraph(reply(400, error(code))).refusal)).not.toContain(code);
  },
);

describe('Management Activity API', () => {
  test.each([
    { code: 'AF10001', status: 403, kind: 'refused' },
    { code: 'AF20001', status: 400, kind: 'refused' },
    { code: 'AF20002', status: 400, kind: 'refused' },
    { code: 'AF20003', status: 400, kind: 'refused' },
    { code: 'AF20010', status: 401, kind: 'refused' },
    { code: 'AF20011', status: 400, kind: 'refused' },
    { code: 'AF20012', status: 400, kind: 'refused' },
    { code: 'AF20013', status: 400, kind: 'refused' },
    { code: 'AF20020', status: 400, kind: 'refused' },
    { code: 'AF20021', status: 400, kind: 'refused' },
    { code: 'AF20022', status: 400, kind: 'not-subscribed' },
    { code: 'AF20023', status: 400, kind: 'not-subscribed' },
    { code: 'AF20030', status: 400, kind: 'out-of-range' },
    { code: 'AF20031', status: 400, kind: 'unavailable' },
    { code: 'AF20050', status: 404, kind: 'missing' },
    { code: 'AF20051', status: 400, kind: 'expired' },
    { code: 'AF20052', status: 400, kind: 'missing' },
    { code: 'AF20053', status: 400, kind: 'refused' },
    { code: 'AF20054', status: 400, kind: 'refused' },
    { code: 'AF20055', status: 400, kind: 'out-of-range' },
    { code: 'AF429', status: 403, kind: 'throttled' },
    { code: 'AF429', status: 429, kind: 'throttled' },
    { code: 'AF50000', status: 500, kind: 'unavailable' },
    { code: 'AF50005', status: 500, kind: 'unavailable' },
    { code: 'AF50006', status: 400, kind: 'unavailable' },
    { code: 'AF50099', status: 400, kind: 'unavailable' },
    { code: 'AF20099', status: 400, kind: 'refused' },
    { code: 'constructor', status: 503, kind: 'unavailable' },
  ])('$code with status $status is $kind', ({ code, status, kind }) => {
    expect(judgeActivity(reply(status, error(code)), 'feed').refusal).toMatchObject({ kind, cause: { code } });
  });

  test.each([
    { status: 400, asked: 'feed', kind: 'refused' },
    { status: 401, asked: 'feed', kind: 'refused' },
    { status: 403, asked: 'feed', kind: 'refused' },
    { status: 404, asked: 'feed', kind: 'unavailable' },
    { status: 404, asked: 'blob', kind: 'missing' },
    { status: 408, asked: 'blob', kind: 'unavailable' },
    { status: 410, asked: 'blob', kind: 'missing' },
    { status: 429, asked: 'blob', kind: 'throttled' },
    { status: 500, asked: 'blob', kind: 'unavailable' },
    { status: 503, asked: 'blob', kind: 'unavailable' },
    { status: 509, asked: 'blob', kind: 'unavailable' },
    { status: 204, asked: 'blob', kind: 'unavailable' },
  ] as const)('status $status of a $asked without code is $kind', ({ status, asked, kind }) => {
    expect(judgeActivity(reply(status, 'busy'), asked).refusal).toMatchObject({
      kind,
      cause: { code: `HTTP ${String(status)}` },
    });
  });

  test.each([
    { name: 'single quotes', body: "{'error':{'code':'AF429','message':'Too many requests. Method=GetBlob'}}" },
    { name: 'single quotes and a trailing comma', body: "{ 'error': { 'code': 'AF429' , }, }" },
    { name: 'no error object around', body: '{"code":"AF429","message":"x"}' },
    { name: 'a capital Code', body: '{"error":{"Code":"AF429"}}' },
    { name: 'the code in the words only', body: 'Error AF429: too many' },
    { name: 'HTML around', body: '<html><body>AF429</body></html>' },
  ])('a throttle written with $name is read', ({ body }) => {
    expect(judgeActivity(reply(403, body), 'feed').refusal).toMatchObject({ kind: 'throttled', cause: { code: 'AF429' } });
  });

  test.each(['AF20011', 'AF50000', 'StartSubscription'])(
    'a tenant without audit store means auditing is off, whatever the code (%s)',
    (code) => {
      const words =
        'Exception of type Microsoft.Office.Compliance.Audit.DataServiceException: Tenant 11111111-2222-3333-4444-555555555555 does not exist.';
      const { refusal } = judgeActivity(reply(400, error(code, words)), 'feed');
      expect(refusal).toMatchObject({ kind: 'refused', cause: { code: 'DataServiceException' } });
      expect(refusal.cause.cure).toContain('Turn auditing on');
    },
  );

  test.each([409, 421, 423, 425, 499, 407, 451])('status %i is about the moment or the way, and passes', (status) => {
    for (const { refusal } of [
      judgeActivity(reply(status, ''), 'feed'),
      judgeActivity(reply(status, ''), 'blob'),
      judgeGraph(reply(status, '')),
    ])
      expect(refusal).toMatchObject({ kind: 'unavailable', cause: { code: `HTTP ${String(status)}` } });
  });

  test.each([400, 401, 402, 403, 404, 413])(
    'a web page with status %i is of a filter: neither permissions nor the collection are to blame',
    (status) => {
      const page = reply(status, '<html>blocked</html>');
      for (const { refusal } of [judgeActivity(page, 'feed'), judgeGraph(page)])
        expect(refusal).toMatchObject({ kind: 'unavailable', cause: { code: 'html', cure: expect.stringContaining('filter') } });
      expect(judgeToken(page, '')).toMatchObject({ kind: 'unavailable', cause: { code: 'html' } });
    },
  );

  test('a blob is not there, whatever page says so', () => {
    expect(judgeActivity(reply(404, '<html>'), 'blob').refusal.kind).toBe('missing');
  });

  test('the time that Microsoft names is kept', () => {
    expect(judgeActivity(reply(403, error('AF429'), 7_000), 'feed').refusal).toMatchObject({ retryAfterMs: 7_000 });
    expect(judgeActivity(reply(503, '', 9_000), 'blob').refusal).toMatchObject({ retryAfterMs: 9_000 });
  });
});

describe('Microsoft Graph', () => {
  test.each([
    { code: 'Authentication_RequestFromNonPremiumTenantOrB2CTenant', status: 403, kind: 'refused' },
    { code: 'Authentication_MSGraphPermissionMissing', status: 403, kind: 'refused' },
    { code: 'Authentication_ApplicationHasNoDirectoryReadAccess', status: 403, kind: 'refused' },
    { code: 'Forbidden', status: 403, kind: 'refused' },
    { code: 'Authorization_RequestDenied', status: 403, kind: 'refused' },
    { code: 'InvalidAuthenticationToken', status: 401, kind: 'refused' },
    { code: 'TooManyRequests', status: 429, kind: 'throttled' },
    { code: 'TooManyRequests', status: 503, kind: 'unavailable' },
    { code: 'UnknownError', status: 429, kind: 'throttled' },
    { code: 'UnknownError', status: 404, kind: 'not-offered' },
    { code: 'UnknownError', status: 410, kind: 'not-offered' },
    { code: 'UnknownError', status: 501, kind: 'not-offered' },
    { code: 'UnknownError', status: 403, kind: 'refused' },
    { code: 'UnknownError', status: 206, kind: 'unavailable' },
    { code: 'UnknownError', status: 500, kind: 'unavailable' },
    { code: 'Forbidden', status: 502, kind: 'unavailable' },
    { code: 'UnknownError', status: 504, kind: 'unavailable' },
    { code: 'UnknownError', status: 509, kind: 'unavailable' },
    { code: 'BadRequest', status: 400, kind: 'refused' },
  ])('$code with status $status is $kind', ({ code, status, kind }) => {
    expect(judgeGraph(reply(status, error(code))).refusal).toMatchObject({
      kind,
      // Microsoft's word for an error that it does not know says less than the status.
      cause: { code: code === 'UnknownError' ? `HTTP ${String(status)}` : code },
    });
  });

  test.each([
    { words: 'Invalid Skip Token, skip token is null.', kind: 'unavailable' },
    { words: 'Invalid filter clause: a binary operator with incompatible types', kind: 'out-of-range' },
    { words: "Resource not found for the segment 'signIns'.", kind: 'not-offered' },
  ])('BadRequest that says "$words" is $kind', ({ words, kind }) => {
    expect(judgeGraph(reply(400, error('BadRequest', words))).refusal.kind).toBe(kind);
  });
});

describe('Microsoft Entra', () => {
  const tokenError = (number: number, status = 400) =>
    reply(status, { error: 'x', error_codes: [number], error_description: `AADSTS${String(number)}: words`, trace_id: 'trace-1' });

  test.each([
    [7000215, 'Secret ID'],
    [7000222, 'new client secret'],
    [700016, 'clientId'],
    [7000112, 'Enable'],
    [90002, 'tenantDomain'],
    [900432, 'cloud'],
    [500011, 'GCC'],
    [65001, 'admin consent'],
    [700027, 'thumbprint'],
    [500133, 'clock'],
    [700213, 'federated credential'],
    [53003, 'policy'],
    [9001023, 'tenantDomain'],
  ])('AADSTS%i is refused with a cure that names %s', (number, word) => {
    const refusal = judgeToken(tokenError(number), '');
    expect(refusal).toMatchObject({ kind: 'refused', cause: { code: `AADSTS${String(number)}` } });
    expect(refusal.cause.cure).toContain(word);
    expect(refusal.cause.message).toContain('trace-1');
  });

  test.each([90006, 90012, 90024, 90033, 90090, 50000])('AADSTS%i passes by itself', (number) => {
    expect(judgeToken(tokenError(number), '').kind).toBe('unavailable');
  });

  test('AADSTS90055 is a throttle, whatever its status', () => {
    expect(judgeToken(tokenError(90055), '').kind).toBe('throttled');
  });

  test('an unknown number is refused and named, an unknown failure of the service is not', () => {
    expect(judgeToken(tokenError(999_999), '')).toMatchObject({ kind: 'refused', cause: { code: 'AADSTS999999' } });
    expect(judgeToken(reply(503, '<html/>', 4_000), '')).toMatchObject({ kind: 'unavailable', retryAfterMs: 4_000 });
    expect(judgeToken(reply(429, ''), '').kind).toBe('throttled');
  });

  test('a number that only the words hold is read', () => {
    expect(judgeToken(reply(400, '{"error":"x","error_description":"AADSTS7000222: expired"}'), '').cause.code).toBe('AADSTS7000222');
  });
});

test("Microsoft's words lose people, addresses, tokens and queries", () => {
  const words =
    'adele@contoso.example from 198.51.100.7 with eyJhbGciOi.eyJ0aWQiOiI.sig at https://graph.microsoft.com/v1.0/users?$filter=x';
  expect(withoutPrivateParts(words)).toBe('<address> from <ip> with <token> at https://graph.microsoft.com/v1.0/users');
  expect(withoutPrivateParts('x '.repeat(1_000))).toHaveLength(300);
});
