/** Which values are the same indicator, and which a record's value is found by. */

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressBytes, addressRange, rangeKey } from '../../../../shared/detections/indicator-lists/address.ts';
import { indicatorKey, lookUpKeys, singleAddresses } from '../../../../shared/detections/indicator-lists/keys.ts';
import type { IndicatorType } from '../../../../shared/detections/sigma/lake-block.ts';

test.each<readonly [IndicatorType, string, string]>([
  ['ip', '203.0.113.7', '203.0.113.7'],
  ['ip', '203[.]0[.]113[.]7', '203.0.113.7'],
  ['ip', '2001:DB8::1', '2001:db8:0:0:0:0:0:1'],
  ['ip', '203.0.113.7', '::ffff:203.0.113.7'],
  ['ip', '2001:db8::7', '2001:db8::7%eth0'],
  ['domain', 'Login.Fabrikam.example.', 'login.fabrikam.example'],
  ['domain', '*.fabrikam.example', 'login.fabrikam.example'],
  ['domain', 'fabrikam.example', 'https://login.fabrikam.example/a?b#c'],
  ['domain', 'fabrikam.example', 'kim@mail.fabrikam.example'],
  ['domain', 'bücher.example', 'https://xn--bcher-kva.example/'],
  ['url', 'hxxps://fabrikam[.]example/login', 'https://FABRIKAM.example/login#here'],
  ['url', 'http://fabrikam.example', 'https://fabrikam.example/'],
  ['url', 'fabrikam.example/a', 'https://fabrikam.example/a'],
  ['sha256', 'A'.repeat(64), 'a'.repeat(64)],
  ['email', 'Kim@Fabrikam.example', 'smtp:kim@fabrikam.example'],
  ['user-agent', 'python-requests/2.31', 'Python-Requests/2.31'],
  ['app-id', '1B730954-1685-4B74-9BFD-DAC224A7B894', '1b730954-1685-4b74-9bfd-dac224a7b894'],
])('the %s %s is found in %s', (type, listed, recorded) => {
  expect(lookUpKeys(type, recorded, singleAddresses)).toContain(indicatorKey(type, listed));
});

test.each<readonly [IndicatorType, string, string]>([
  ['ip', '203.0.113.7', '203.0.113.70'],
  ['domain', 'fabrikam.example', 'notfabrikam.example'],
  ['domain', 'login.fabrikam.example', 'fabrikam.example'],
  ['url', 'https://fabrikam.example/login', 'https://fabrikam.example/Login'],
  ['url', 'https://fabrikam.example/login', 'javascript:fabrikam.example/login'],
  ['email', 'kim@fabrikam.example', 'kim@fabrikam.example.evil'],
])('the %s %s is not found in %s', (type, listed, recorded) => {
  expect(lookUpKeys(type, recorded, singleAddresses)).not.toContain(indicatorKey(type, listed));
});

test.each<readonly [IndicatorType, string]>([
  ['ip', '203.0.113'],
  ['ip', '203.0.113.0/33'],
  ['ip', '2001:db8::/129'],
  ['ip', '203.0.113.7:443'],
  ['domain', 'localhost'],
  ['url', 'ftp://fabrikam.example/'],
  ['sha256', 'a'.repeat(63)],
  ['email', 'kim'],
])('as a %s, %s is none', (type, value) => {
  expect(indicatorKey(type, value)).toBeUndefined();
});

describe('ranges of addresses', () => {
  test('a range holds its addresses, and no other', () => {
    const ranges = { 4: [32, 24], 16: [128, 32] };
    expect(lookUpKeys('ip', '203.0.113.7', ranges)).toContain(indicatorKey('ip', '203.0.113.0/24'));
    expect(lookUpKeys('ip', '203.0.114.7', ranges)).not.toContain(indicatorKey('ip', '203.0.113.0/24'));
    expect(lookUpKeys('ip', '2001:db8:1::7', ranges)).toContain(indicatorKey('ip', '2001:db8::/32'));
    expect(lookUpKeys('ip', '2001:db9::7', ranges)).not.toContain(indicatorKey('ip', '2001:db8::/32'));
  });

  test('masking keeps just the leading bits', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }), fc.nat(32), (bytes, bits) => {
        const address = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
        const masked = bits === 0 ? 0 : Math.floor(address / 2 ** (32 - bits)) * 2 ** (32 - bits);
        expect(rangeKey(bytes, bits)).toBe(`ip ${masked.toString(16).padStart(8, '0')}/${String(bits)}`);
      }),
    );
  });

  test('IPv6 is read as its groups say', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const bytes = addressBytes(text);
        // The URL standard writes an address in one way.
        const canonical = (value: string) => URL.parse(`http://[${value}]/`)?.hostname;
        const groups = Array.from({ length: 8 }, (_, index) =>
          (((bytes?.[2 * index] ?? 0) << 8) | (bytes?.[2 * index + 1] ?? 0)).toString(16),
        );
        expect(bytes?.length === 4 ? canonical(`::ffff:${bytes.join('.')}`) : canonical(groups.join(':'))).toBe(canonical(text));
        expect(addressRange(text)?.bits).toBe(8 * (bytes?.length ?? 0));
      }),
    );
  });
});

test('a name of very many labels is looked up eight times at most', () => {
  expect(lookUpKeys('domain', `${'a.'.repeat(1000)}example`, singleAddresses)).toHaveLength(8);
});
