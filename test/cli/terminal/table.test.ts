import { describe, expect, test } from '@jest/globals';
import { table } from '../../../cli/terminal/table.ts';

const columns = [{ name: 'user' }, { name: 'events', align: 'right' as const }];

describe('a table', () => {
  test('aligns columns, numbers from their right end, and says NULL', () => {
    expect(
      table(
        columns,
        [
          ['ada', '12'],
          [null, '3'],
        ],
        { width: 80 },
      ).split('\n'),
    ).toEqual(['user  events', '────  ──────', 'ada       12', 'NULL       3']);
  });

  test('cuts the widest column where it is too wide, and leaves the others alone', () => {
    const text = table(columns, [['a very long name of a user '.repeat(5), '12']], { width: 100 });
    expect(text.split('\n')[2]).toBe(`${'a very long name of a user '.repeat(5).slice(0, 91)}…      12`);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  test('or writes it on several lines', () => {
    const lines = table(columns, [['word '.repeat(30).trim(), '12']], { width: 100, long: 'wrap' }).split('\n');
    expect(lines.slice(2)).toEqual([`${'word '.repeat(18)}${' '.repeat(8)}12`, 'word '.repeat(12).trim()]);
  });

  test.each([
    { what: 'a time', name: 'first', value: '2026-11-22 06:00:00.123456Z' },
    { what: 'a GUID', name: 'object', value: '11111111-2222-4333-8444-555555555555' },
    { what: 'a record key', name: 'found', value: '0123456789abcdef0123456789abcdef' },
    { what: 'an id by its column', name: 'record_id', value: 'Directory_11111111_ABCDE_123456789012345678901234567890' },
  ])('never cuts $what', ({ name, value }) => {
    const shown = table([{ name }, { name: 'text' }], [[value, 'long '.repeat(40)]], { width: 100 });
    expect(shown).toContain(`${value}  long`);
    expect(shown).toContain('…');
    expect(table([{ name }, { name: 'text' }], [[value, 'long '.repeat(40)]], { width: 20 })).toContain(value);
  });

  test('becomes a list of records on a narrow terminal, where it does not fit', () => {
    const many = Array.from({ length: 6 }, (_, index) => ({ name: `column${String(index)}` }));
    const row = ['1', '2', null, '4', '5', 'something that is too long for the terminal'];
    expect(table(many, [row], { width: 30 }).split('\n')).toEqual([
      '── row 1 ──',
      'column0  1',
      'column1  2',
      'column2  NULL',
      'column3  4',
      'column4  5',
      'column5  something that is to…',
    ]);
    expect(table(many, [row], { width: 99 }).split('\n')).toHaveLength(3);
    const wide = [...row.slice(0, 5), 'x'.repeat(80)];
    expect(table(many, [wide], { width: 99 }).split('\n')[0]).toBe('── row 1 ──');
    expect(table(many, [wide], { width: 100 }).split('\n')[0]).toMatch(/^column0 {2}column1/);
  });

  test('becomes records on a wide terminal where ids leave too little room', () => {
    const ids = Array.from({ length: 4 }, (_, index) => ({ name: `${String(index)}_id` }));
    expect(table(ids, [ids.map(() => 'i'.repeat(40))], { width: 100 }).split('\n')[1]).toBe(`0_id  ${'i'.repeat(40)}`);
  });

  test('for a program has tabs, and cuts nothing', () => {
    const rows = [['a\tb\nc', null, 'x'.repeat(500)]];
    const shown = table([{ name: 'one' }, { name: 'two' }, { name: 'three' }], rows, { width: 20, layout: 'tab-separated' });
    expect(shown).toBe(`one\ttwo\tthree\na b c\t\t${'x'.repeat(500)}`);
  });

  test('counts what is two columns wide as two', () => {
    expect(
      table(
        [{ name: 'n' }, { name: 'm' }],
        [
          ['日本', 'x'],
          ['😀', 'y'],
        ],
        { width: 20 },
      )
        .split('\n')
        .slice(1),
    ).toEqual(['────  ─', '日本  x', '😀    y']);
  });

  test('shows what a terminal would obey, and keeps every row on its line', () => {
    const text = table([{ name: 'agent' }], [['a\u001b[31mred\u0007'], ['two\nlines\there'], ['left\u202eright']], { width: 80 });
    expect(text.split('\n').slice(2)).toEqual(['a·[31mred·', 'two lines here', 'left·right']);
  });

  test('dims what is no data', () => {
    const text = table(columns, [[null, '1']], { width: 80, dim: (part) => `<${part}>`, bold: (part) => `*${part}*` });
    expect(text.split('\n')).toEqual(['*user  events*', '<────  ──────>', '<NULL>       1']);
  });

  test('without rows is its heading', () => {
    expect(table(columns, [], { width: 80 }).split('\n')[0]).toBe('user  events');
  });
});
