import { describe, expect, test } from '@jest/globals';
import { reportStyle, terminalStyle, withoutStyle } from '../../../cli/terminal/terminal-style.ts';
import { printableLines } from '../../../shared/printable.ts';

describe('the style of output', () => {
  test.each([
    { what: 'a terminal', stream: { isTTY: true, columns: 72 }, env: { COLUMNS: '99' }, is: { width: 72, layout: 'aligned' } },
    { what: 'a terminal of width 0', stream: { isTTY: true, columns: 0 }, env: {}, is: { width: Infinity, layout: 'aligned' } },
    { what: 'a pipe', stream: {}, env: {}, is: { width: Infinity, layout: 'tab-separated' } },
    { what: 'a pipe with COLUMNS', stream: {}, env: { COLUMNS: '132' }, is: { width: 132, layout: 'aligned' } },
    { what: 'a pipe with COLUMNS=0', stream: {}, env: { COLUMNS: '0' }, is: { width: Infinity, layout: 'tab-separated' } },
    { what: 'a pipe with COLUMNS=wide', stream: {}, env: { COLUMNS: 'wide' }, is: { width: Infinity, layout: 'tab-separated' } },
  ])('for $what', ({ stream, env, is }) => {
    expect(terminalStyle(stream as Partial<NodeJS.WriteStream>, env)).toMatchObject(is);
  });

  test('is aligned for a report, wherever it goes', () => {
    expect(reportStyle({})).toMatchObject({ layout: 'aligned' });
  });
});

test('of escape sequences only our own bold and dim get through', () => {
  const page = '\u001b[1mbold\u001b[22m \u001b[2mdim\u001b[22m \u001b[31mred\u001b[0m \u001b[2J \u001b]0;title\u0007';
  expect(withoutStyle(page, printableLines)).toBe('\u001b[1mbold\u001b[22m \u001b[2mdim\u001b[22m ·[31mred·[0m ·[2J ·]0;title·');
});
