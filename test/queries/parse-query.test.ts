import { describe, expect, test } from '@jest/globals';
import { parseQuery, queryLibrary, queryNamed, querySql } from '../../queries/library.ts';
import { timestampSql } from '../../queries/window-sql.ts';

const text = `-- title: Mass download
-- question: Who downloaded much?
-- topic: files
-- attack: T1530 Data from Cloud Storage; T1213 Data from Information Repositories
-- parameter: files = 100: from how many on
-- parameter: who = 'ada': whose
-- column: actor_upn = Who
SELECT actor_upn FROM files WHERE time >= {{since}} AND time < {{until}} AND who = {{who}} GROUP BY 1 HAVING count(*) >= {{files}}
`;
const query = parseQuery('mass-download', text);
const window = { since: 'SINCE', until: 'UNTIL' };

describe('a header', () => {
  test('says everything about a query', () => {
    expect(query).toMatchObject({
      title: 'Mass download',
      attack: ['T1530 Data from Cloud Storage', 'T1213 Data from Information Repositories'],
      parameters: [
        { name: 'files', default: 100, meaning: 'from how many on' },
        { name: 'who', default: 'ada', meaning: 'whose' },
      ],
      columns: [{ name: 'actor_upn', meaning: 'Who' }],
    });
  });

  test.each([
    { line: '-- titel: Mass download', complaint: "'-- titel: Mass download' is no line of a header" },
    { line: '-- title: Again', complaint: "should have one line 'title'" },
    { line: '-- parameter: files: 100', complaint: 'is no parameter' },
    { line: '-- column: actor_upn', complaint: 'is no column' },
  ])('$line is refused', ({ line, complaint }) => {
    expect(() => parseQuery('mass-download', `${line}\n${text}`)).toThrow(complaint);
  });
});

describe('the SQL of a query', () => {
  test('has the window and the defaults in their places', () => {
    expect(querySql(query, window)).toContain("time >= SINCE AND time < UNTIL AND who = 'ada' GROUP BY 1 HAVING count(*) >= 100");
  });

  test('has what was chosen in its place, a text always as a literal', () => {
    expect(querySql(query, { ...window, values: { files: '7', who: "x' OR 1=1 --" } })).toContain(
      "who = 'x'' OR 1=1 --' GROUP BY 1 HAVING count(*) >= 7",
    );
  });

  test.each([
    { values: { files: '1 OR 1=1' }, complaint: "parameter 'files' is '1 OR 1=1': give a number" },
    { values: { file: '1' }, complaint: "unknown parameter of @mass-download 'file'; did you mean 'files'?" },
  ])('$values is refused', ({ values, complaint }) => {
    expect(() => querySql(query, { ...window, values })).toThrow(complaint);
  });

  test('has no name that nobody says', () => {
    const misspelt = parseQuery('mass-download', text.replace('{{since}}', '{{sinse}}'));
    expect(() => querySql(misspelt, window)).toThrow("queries/mass-download.sql: unknown name 'sinse'; did you mean 'since'?");
  });

  test('leaves nothing in braces, for any query', () => {
    for (const one of queryLibrary()) expect(querySql(one, window)).not.toMatch(/\{\{|\}\}/);
  });
});

test('a name that is not there is answered with the nearest three', () => {
  expect(() => queryNamed('pasword-spray', queryLibrary())).toThrow("unknown query 'pasword-spray'; did you mean 'password-spray'?");
});

test('windows are timestamps without zone', () => {
  expect(timestampSql(Date.UTC(2026, 10, 14, 8))).toBe("TIMESTAMP '2026-11-14 08:00:00.000'");
});
