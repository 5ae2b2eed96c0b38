import { expect, test } from '@jest/globals';
import { meaningOf } from '../../../shared/microsoft/meanings.ts';

test.each([
  { code: 'AADSTS7000222', cure: /new client secret/ },
  { code: 'AF10001', cure: /ActivityFeed.Read/ },
  { code: 'Authentication_MSGraphPermissionMissing', cure: /admin consent/ },
  { code: 'html', cure: /captive portal/ },
  { code: 'ENOTFOUND', cure: /HTTPS_PROXY/ },
  { code: 'HTTP 511', cure: /filter/ },
  { code: 'clock', cure: /NTP/ },
])('$code has a cure', ({ code, cure }) => {
  expect(meaningOf(code)?.cure).toMatch(cure);
});

test.each(['constructor', 'HTTP 503', 'AADSTS99999999', 'SomethingNew'])('%s means nothing that is known', (code) => {
  expect(meaningOf(code)).toBeUndefined();
});
