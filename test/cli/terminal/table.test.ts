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
    const text = table(columns, [['a very long name of a user', '12']], { width: 18 });
    expect(text.split('\n')[2]).toBe('a very lo…      12');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(18);
  });

  test('or writes it on several lines', () => {
    expect(
      table(columns, [['a very long name', '12']], { width: 17, long: 'wrap' })
        .split('\n')
        .slice(2),
    ).toEqual(['a very         12', 'long name']);
  });

  test('becomes a list of records where there are too many columns', () => {
    const many = Array.from({ length: 6 }, (_, index) => ({ name: `column${String(index)}` }));
    const text = table(many, [['1', '2', null, '4', '5', 'something that is too long for the terminal']], { width: 30 });
    expect(text.split('\n')).toEqual([
      '── row 1 ──',
      'column0  1',
      'column1  2',
      'column2  NULL',
      'column3  4',
      'column4  5',
      'column5  something that is to…',
    ]);
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
