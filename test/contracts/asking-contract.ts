import { describe, expect, test } from '@jest/globals';
import { allRows, AskingCanceled, type Asking } from '../../shared/ports/asking.ts';

/** What both engines keep. @param make Opens one over a lake, possibly empty. */
export function askingContract(name: string, make: () => Promise<Asking>): void {
  const asked = async <T>(work: (asking: Asking) => Promise<T>): Promise<T> => {
    const asking = await make();
    try {
      return await work(asking);
    } finally {
      await asking.close();
    }
  };
  const rows = (sql: string, values?: Readonly<Record<string, string | number>>) =>
    asked(async (asking) => allRows(await asking.ask({ sql, ...(values && { values }) })));

  describe(name, () => {
    test('answers with columns, their kinds, and values as JSON has them', async () => {
      const sql = `SELECT 'a' AS t, 42 AS n, TIMESTAMP '2026-11-20 09:14:03' AS at, true AS yes, NULL AS nothing, 9007199254740993 AS big`;
      const [columns, all] = await asked(async (asking) => {
        const answer = await asking.ask({ sql });
        return [answer.columns, await allRows(answer)] as const;
      });
      expect(columns.slice(0, 4).map(({ name: column, kind }) => `${column} ${kind}`)).toEqual([
        't text',
        'n number',
        'at time',
        'yes boolean',
      ]);
      expect(all).toEqual([['a', 42, '2026-11-20T09:14:03.000Z', true, null, '9007199254740993']]);
    });

    test.each(["' OR 1=1 --", "O'Brien", '{{other}}', '$1 ?', 'a\nb', '\\', ''])(
      'binds %j and writes it nowhere into the statement',
      async (who) => {
        expect(await rows('SELECT {{who}} AS who, {{who}} AS again', { who })).toEqual([[who, who]]);
      },
    );

    test('binds numbers where a number may stand', async () => {
      expect(
        await rows('SELECT n FROM (VALUES (1), (2), (3)) AS t (n) WHERE n > {{least}} ORDER BY n LIMIT {{most}}', { least: 1, most: 1 }),
      ).toEqual([[2]]);
    });

    test('leaves braces alone that name no value, and refuses a value without a place', async () => {
      expect(await rows("SELECT '{{x}}' AS x")).toEqual([['{{x}}']]);
      await expect(rows('SELECT 1', { x: 1 })).rejects.toThrow('no place {{x}}');
    });

    test('comes in batches, all of it', async () => {
      const sizes = await asked(async (asking) => {
        const found: number[] = [];
        const numbers = Array.from({ length: 2_500 }, (_, index) => `(${String(index)})`).join(', ');
        for await (const batch of (await asking.ask({ sql: `SELECT n FROM (VALUES ${numbers}) AS t (n)` })).batches)
          found.push(batch.length);
        return found;
      });
      expect(sizes.length).toBeGreaterThan(1);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2_500);
    });

    test.each(['DROP TABLE m365_activity', 'SELECT 1; SELECT 2', 'CREATE TABLE t AS SELECT 1', 'INSERT INTO t SELECT 1', '', '-- nothing'])(
      'refuses %j, which does more than read or nothing',
      async (sql) => {
        await expect(rows(sql)).rejects.toThrow();
      },
    );

    test('says what the engine says of a statement that is wrong', async () => {
      await expect(rows('SELECT nothing_of_this_name')).rejects.toThrow('nothing_of_this_name');
    });

    test('is called off before it begins, and amid its rows', async () => {
      await asked(async (asking) => {
        const before = new AbortController();
        before.abort();
        await expect(asking.ask({ sql: 'SELECT 1' }, before.signal)).rejects.toThrow(AskingCanceled);
        const amid = new AbortController();
        const answer = await asking.ask({ sql: 'SELECT * FROM generate_series(1, 9000) AS t (n)' }, amid.signal);
        const taking = async (): Promise<void> => {
          for await (const batch of answer.batches) if (batch.length > 0) amid.abort();
        };
        await expect(taking()).rejects.toThrow(AskingCanceled);
        expect(await allRows(await asking.ask({ sql: 'SELECT 1' }))).toEqual([[1]]);
      });
    });

    test('answers another question after one whose rows were left', async () => {
      await asked(async (asking) => {
        for await (const batch of (await asking.ask({ sql: 'SELECT * FROM generate_series(1, 9000) AS t (n)' })).batches)
          if (batch.length > 0) break;
        expect(await allRows(await asking.ask({ sql: 'SELECT 2' }))).toEqual([[2]]);
      });
    });
  });
}
