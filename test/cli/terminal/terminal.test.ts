import { describe, expect, test } from '@jest/globals';
import { bar, sparkline } from '../../../cli/terminal/bar.ts';
import { createProgress } from '../../../cli/terminal/progress.ts';
import { bytes, count, span } from '../../../cli/terminal/quantity.ts';
import { cut, width, wrap } from '../../../cli/terminal/width.ts';

test.each([
  { fraction: 0, is: '░░░░' },
  { fraction: 0.5, is: '██░░' },
  { fraction: 0.53, is: '██▏░' },
  { fraction: 1, is: '████' },
  { fraction: 7, is: '████' },
])('a bar of $fraction is $is', ({ fraction, is }) => {
  expect(bar(fraction, 4)).toBe(is);
});

test.each([
  { numbers: [0, 1, 2], is: '▁▅█' },
  { numbers: [0, 0], is: '▁▁' },
  { numbers: [], is: '' },
])('a sparkline of $numbers is $is', ({ numbers, is }) => {
  expect(sparkline(numbers)).toBe(is);
});

test.each([
  { value: bytes(0), is: '0 B' },
  { value: bytes(1_023), is: '1023 B' },
  { value: bytes(1_536), is: '1.5 KB' },
  { value: bytes(150 * 2 ** 20), is: '150 MB' },
  { value: count(1_234_567), is: '1,234,567' },
  { value: span(900), is: '1 s' },
  { value: span(3_723_000), is: '1 h 2 min' },
  { value: span(7_200_000), is: '2 h' },
  { value: span(90_000_000), is: '1 d 1 h' },
])('quantities are short: $is', ({ value, is }) => {
  expect(value).toBe(is);
});

describe('the width of text', () => {
  test.each([
    { text: 'plain', is: 5 },
    { text: 'naïve', is: 5 },
    { text: '日本', is: 4 },
    { text: '👩‍👩‍👧', is: 2 },
    { text: 'e\u0301', is: 1 },
  ])('of $text is $is', ({ text, is }) => {
    expect(width(text)).toBe(is);
  });

  test('is kept to by what is cut, in the middle of nothing', () => {
    expect(cut('日本語', 4)).toBe('日…');
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('abcd', 3)).toBe('ab…');
    expect(cut('abc', 0)).toBe('');
  });

  test('is kept to by what is wrapped, between words and within those that are too long', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrap('', 4)).toEqual(['']);
  });
});

/** Written text, and a clock that the test moves. */
function fake(isTTY: boolean) {
  let written = '';
  const clock = { time: 0, now: () => clock.time };
  const target = { isTTY, columns: 20, write: (text: string) => (written += text) };
  return { clock, progress: createProgress(clock, target), written: () => written };
}

describe('progress on a terminal', () => {
  test('is one line that changes, not too often, and no longer than the terminal', () => {
    const { clock, progress, written } = fake(true);
    progress.update('1 of 3');
    progress.update('2 of 3');
    clock.time = 100;
    progress.update('3 of 3, and everything is well');
    expect(written()).toBe('\r\u001b[2K1 of 3\r\u001b[2K3 of 3, and everyt…');
  });

  test('makes room for notes, and for what comes after', () => {
    const { progress, written } = fake(true);
    progress.update('1 of 3');
    progress.note('a warning');
    progress.done('done');
    expect(written()).toBe('\r\u001b[2K1 of 3\r\u001b[2Ka warning\n1 of 3\r\u001b[2Kdone\n');
  });
});

test('progress elsewhere is a line now and then, when there is something new', () => {
  const { clock, progress, written } = fake(false);
  progress.update('soon');
  clock.time = 5_000;
  progress.update('1 of 3');
  clock.time = 20_000;
  progress.update('1 of 3');
  progress.update('2 of 3');
  progress.update('3 of 3');
  progress.done('3 of 3');
  expect(written()).toBe('1 of 3\n2 of 3\n3 of 3\n');
});
