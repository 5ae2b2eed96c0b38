import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { certificateFromPem } from '../../shared/certificate.ts';
import { tokenErrorNumbers } from '../../shared/microsoft/api-errors.ts';
import { readErrorBody, withoutPrivateParts } from '../../shared/microsoft/error-body.ts';
import { redact } from '../../shared/redact.ts';

const redacted = (text: string): unknown => redact({ x: text }).x;

test('a token is found by its form, as the pattern that describes it finds it', () => {
  // What is meant, in one pattern; it takes the square of a text's length, so it is for tests only.
  const pattern = /\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)*/g;
  const parts = fc.array(fc.constantFrom('eyJ', 'a', 'bcdefgh', '-', '.', '..', ' ', '_', '/', 'eyJhbGciOi.eyJ0.c2'), { maxLength: 30 });
  fc.assert(
    fc.property(parts, (words) => {
      const text = words.join('');
      const expected = text.replace(pattern, '[token]');
      // After a token the rest of the word goes as well, for instance dots in a row.
      expect(redacted(text)).toBe(expected.replace(/\[token\][\w.-]+/g, '[token]'));
    }),
    { numRuns: 2_000 },
  );
});

const repeated = (part: string, bytes: number): string => part.repeat(Math.ceil(bytes / part.length));

test.each([
  { name: 'beginnings of tokens', work: () => redacted(repeated('-eyJ', 400_000)) },
  { name: 'beginnings of tokens within a word, before one dot', work: () => redacted(`${repeated('xeyJ', 400_000)}.a`) },
  { name: 'beginnings of keys', work: () => redacted(repeated('-----BEGIN PRIVATE KEY-----', 400_000)) },
  { name: 'names of passwords and blanks', work: () => redacted(repeated(`password${' '.repeat(1_000)}`, 400_000)) },
  { name: 'a key that never ends', work: () => certificateFromPem(repeated('-----BEGIN PRIVATE KEY-----', 400_000)) },
  { name: 'a certificate that never ends', work: () => certificateFromPem(repeated('-----BEGIN CERTIFICATE-----', 400_000)) },
  { name: 'words of an error', work: () => withoutPrivateParts(repeated('a', 400_000)) },
  { name: 'halves of an address', work: () => withoutPrivateParts(repeated('1.1.1.', 400_000)) },
  { name: 'an error of quotes', work: () => readErrorBody(Buffer.from(repeated('"message":"', 400_000))) },
  { name: 'an error of Entra', work: () => tokenErrorNumbers(Buffer.from(repeated('"error_codes":[1,', 400_000))) },
])('hostile text is gone through in no time: $name', ({ work }) => {
  const before = process.cpuUsage();
  work();
  const { user } = process.cpuUsage(before);
  // Microseconds. A pattern that takes the square of this length takes minutes.
  expect(user).toBeLessThan(1_500_000);
});
