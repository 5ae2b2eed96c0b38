import { describe, expect, test } from '@jest/globals';
import { printable, printableJson, printableLines } from '../../shared/printable.ts';

const hostile = [
  { what: 'an escape sequence', text: '\u001b]52;c;cHduZWQ=\u0007', is: '·]52;c;cHduZWQ=·' },
  { what: 'a C1 control sequence', text: '\u009b31mred', is: '·31mred' },
  { what: 'a backspace', text: 'no\u0008yes', is: 'no·yes' },
  { what: 'a delete', text: 'a\u007fb', is: 'a·b' },
  { what: 'an override of direction', text: 'cod\u202efdp.exe', is: 'cod·fdp.exe' },
  { what: 'an isolate', text: 'a\u2066b\u2069', is: 'a·b·' },
  { what: 'an Arabic letter mark', text: 'a\u061cb', is: 'a·b' },
  { what: 'a soft hyphen', text: 'con\u00adtoso', is: 'con·toso' },
  { what: 'zero-width characters', text: 'a\u200b\u200c\u200d\u2060\ufeffb', is: 'a·····b' },
  { what: 'tag characters', text: 'a\u{e0041}\u{e007f}b', is: 'a··b' },
  { what: 'variation selectors that carry data', text: 'a\u{e0100}b', is: 'a·b' },
  { what: 'a Hangul filler', text: 'a\u3164b', is: 'a·b' },
  { what: 'an interlinear annotation', text: 'a\ufff9b', is: 'a·b' },
  { what: 'half a surrogate pair', text: 'a\ud800b', is: 'a·b' },
  { what: 'NUL', text: 'a\u0000b', is: 'a·b' },
];

describe('text for a terminal', () => {
  test.each(hostile)('shows $what', ({ text, is }) => {
    expect(printable(text)).toBe(is);
    expect(printableLines(text)).toBe(is);
  });

  test('is one line', () => {
    expect(printable('a\r\nb\nc\td\u2028e\u2029f')).toBe('a b c d e f');
  });

  test('or keeps its lines and tabs, and a line that returns overwrites none', () => {
    expect(printableLines('a\n\tb\rc\u2028d')).toBe('a\n\tb c d');
  });

  test.each(['naïve', '日本語', '😀', '🇩🇪', 'عربى', '❤\ufe0f', 'e\u0301'])('leaves %s as it is', (text) => {
    expect(printable(text)).toBe(text);
  });
});

test.each(hostile)('JSON has $what as an escape, and says the same', ({ text }) => {
  const json = printableJson(JSON.stringify({ text }));
  expect(JSON.parse(json)).toEqual({ text });
  expect(printable(json)).toBe(json);
});
