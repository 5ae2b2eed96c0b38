import { describe, expect, test } from '@jest/globals';
import { createLog, type LogForm } from '../../local/log.ts';
import { redact } from '../../shared/redact.ts';
import { FakeLog } from '../fakes/fake-log.ts';

const now = (): number => Date.parse('2026-11-22T09:00:00Z');

function lines(form: LogForm, write: (log: ReturnType<typeof createLog>) => void): string[] {
  const written: string[] = [];
  write(createLog(form, now, { write: (line) => written.push(line) }));
  return written;
}

describe('log lines', () => {
  test('for machines are one JSON object each', () => {
    const written = lines('json', (log) => {
      log.info('landed', { tenant: 'contoso', rows: 7, isLate: false, pass: undefined });
    });
    expect(written).toEqual([
      '{"time":"2026-11-22T09:00:00.000Z","level":"info","message":"landed","tenant":"contoso","rows":7,"isLate":false}\n',
    ]);
  });

  test('for people are one line each, with what needs it in quotes', () => {
    const written = lines('text', (log) => {
      log.warn('parked', { tenant: 'contoso', cause: 'HTTP 503\nbusy', pass: undefined });
    });
    expect(written).toEqual(['2026-11-22T09:00:00.000Z WARN  parked tenant=contoso cause="HTTP 503\\nbusy"\n']);
  });

  test('a line break in the message does not make a second line', () => {
    expect(
      lines('text', (log) => {
        log.error('two\nlines');
      }),
    ).toEqual(['2026-11-22T09:00:00.000Z ERROR two lines\n']);
  });
});

describe('what looks like a secret', () => {
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJ0aWQiOiJjb250b3NvIn0.c2lnbmF0dXJl';
  test.each([
    { name: 'a token', text: `got ${jwt} back`, says: 'got [token] back' },
    { name: 'a header', text: 'Authorization: Bearer abcdef0123456789', says: 'Authorization: Bearer [token]' },
    { name: 'a form', text: 'grant_type=x&client_secret=s3cr3t&scope=y', says: 'grant_type=x&client_secret=[secret]&scope=y' },
    { name: 'JSON', text: '{"access_token":"opaque","expires_in":3600}', says: '{"access_token":"[secret]","expires_in":3600}' },
    { name: 'a private key', text: '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----', says: '[private key]' },
    { name: 'half a private key', text: 'in -----BEGIN RSA PRIVATE KEY-----\nMIIE', says: 'in [private key]' },
    { name: "Entra's form of a secret", text: `tried abc8Q~${'x'.repeat(34)}`, says: 'tried [secret]' },
  ])('$name is not written', ({ text, says }) => {
    expect(redact({ cause: text })).toEqual({ cause: says });
    expect(
      lines('json', (log) => {
        log.error(text, { cause: text });
      }).join(''),
    ).not.toContain(text);
  });

  test('a field that is named like one is not written, whatever it holds', () => {
    expect(redact({ clientSecret: 'x', token: 'y', access_token: 'z', authorization: 'w' })).toEqual({
      clientSecret: '[secret]',
      token: '[secret]',
      access_token: '[secret]',
      authorization: '[secret]',
    });
  });

  test('what a log line is about stays readable', () => {
    const fields = {
      tenant: 'contoso',
      credentialKind: 'secret',
      jobId: 'b3f0c6a2d1e4f5968778695a4b3c2d1e',
      window: '2026-11-22T06:00:00.000Z#0#2026-11-22T06:05:00.000Z',
      code: 'AADSTS7000222',
      cure: 'the client secret has expired: make a new one in https://entra.microsoft.com',
      count: 3,
    };
    expect(redact(fields)).toEqual(fields);
  });

  test('makes the fake log throw, so that tests find whoever wrote it', () => {
    const log = new FakeLog();
    expect(() => {
      log.info('refused', { cause: `Bearer ${jwt}` });
    }).toThrow("a secret is in the log line 'refused'");
    log.info('refused', { cause: 'AADSTS7000222' });
    expect(log.of('info')).toHaveLength(1);
  });
});
