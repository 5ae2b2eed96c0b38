import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { networkCause } from '../../../shared/microsoft/network-causes.ts';

test.each([
  { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', cure: 'NODE_EXTRA_CA_CERTS' },
  { code: 'SELF_SIGNED_CERT_IN_CHAIN', cure: 'NODE_EXTRA_CA_CERTS' },
  { code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', cure: 'NODE_EXTRA_CA_CERTS' },
  { code: 'CERT_SOMETHING_NEW', cure: 'NODE_EXTRA_CA_CERTS' },
  { code: 'CERT_HAS_EXPIRED', cure: 'clock of this machine' },
  { code: 'ERR_TLS_CERT_ALTNAME_INVALID', cure: 'DNS and the proxy' },
  { code: 'EPROTO', cure: 'HTTPS_PROXY' },
  { code: 'ETIMEDOUT', cure: 'port 443' },
  { code: 'EHOSTUNREACH', cure: 'port 443' },
  { code: 'ENETUNREACH', cure: 'port 443' },
  { code: 'ECONNREFUSED', cure: 'port 443' },
  { code: 'ENOTFOUND', cure: 'resolve' },
  { code: 'EAI_AGAIN', cure: 'resolve' },
  { code: 'ERR_PROXY_TUNNEL', cure: 'HTTPS_PROXY' },
  { code: 'EMFILE', cure: 'ulimit' },
  { code: 'ENFILE', cure: 'End what opened them' },
  { code: 'EACCES', cure: 'firewall' },
])('$code comes with what to do', ({ code, cure }) => {
  expect(networkCause(code)).toMatchObject({ code, message: expect.stringContaining(code) as unknown });
  expect(networkCause(code).cure).toContain(cure);
});

test.each(['ECONNRESET', 'HPE_INVALID_CONSTANT', 'constructor'])('%s is named by its code; asking again is all there is to do', (code) => {
  expect(networkCause(code)).toMatchObject({ code, cure: '' });
});

test.each([
  { status: 407, cure: 'user and password' },
  { status: 502, cure: 'HTTPS_PROXY' },
])('a proxy that answers $status instead of connecting is named by that', ({ status, cure }) => {
  expect(networkCause('ERR_PROXY_TUNNEL', status)).toMatchObject({ code: `proxy HTTP ${String(status)}` });
  expect(networkCause('ERR_PROXY_TUNNEL', status).cure).toContain(cure);
});

test('docs/network.md names the codes that have a cure', async () => {
  const page = await readFile(join(import.meta.dirname, '..', '..', '..', 'docs', 'network.md'), 'utf8');
  const codes = [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'EPROTO',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ENOTFOUND',
    'ECONNREFUSED',
  ];
  expect(codes.filter((code) => !page.includes(code))).toEqual([]);
});
