import { describe, expect, test } from '@jest/globals';
import { addressOf, looksLikeAddress, portOf } from '../../../../shared/landing/engine/address.ts';
import { addressCases } from '../../address-cases.ts';

describe('an address', () => {
  test.each(addressCases)('in $text is $address, its port $port', ({ text, address, port }) => {
    expect(addressOf(text)).toBe(address);
    expect(portOf(text)).toBe(port);
  });

  test.each([
    { text: '192.0.2.7:443', looks: true },
    { text: '[2001:db8::cafe]:54633', looks: true },
    { text: ' fe80::1%eth0 ', looks: true },
    { text: '<null>', looks: false },
    { text: 'mail.contoso.example', looks: false },
    { text: '', looks: false },
  ])('may be looked for in $text: $looks', ({ text, looks }) => {
    expect(looksLikeAddress(text)).toBe(looks);
  });
});
