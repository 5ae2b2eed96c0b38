import { describe, expect, test } from '@jest/globals';
import { recordChecker } from '../../../cli/import/check-record.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { exchangeRecord, signIn } from '../../helpers/sample-records.ts';

/** Why it is no record; `record` when it is one. */
function verdict(logType: string, text: string): string {
  const checked = recordChecker(logTypeById(logType))({ kind: 'record', line: 1, bytes: Buffer.from(text) });
  return checked.kind === 'bad' ? checked.why : 'record';
}

describe('what is a record of a log type', () => {
  test.each([
    { name: 'one with id and time', logType: 'audit-exchange', record: exchangeRecord('one') },
    { name: 'one without an id', logType: 'audit-exchange', record: exchangeRecord('one', { Id: undefined }) },
    { name: 'one without a time', logType: 'audit-exchange', record: exchangeRecord('one', { CreationTime: null }) },
    {
      name: 'a sign-in with neither, that says something else',
      logType: 'sign-ins-interactive',
      record: signIn('', { createdDateTime: undefined }),
    },
  ])('$name', ({ logType, record }) => {
    expect(verdict(logType, JSON.stringify(record))).toBe('record');
  });
});

describe('what is no record of a log type', () => {
  test.each([
    { name: 'a broken line', text: '{"Id":', why: 'no JSON' },
    { name: 'null', text: 'null', why: 'no JSON object' },
    { name: 'a list', text: '[]', why: 'no JSON object' },
    { name: 'an empty object', text: '{}', why: 'no record of audit-exchange: it has no Id, no CreationTime' },
    {
      name: 'an object that says nothing of itself',
      text: '{"Id":"","Operation":"Send"}',
      why: 'no record of audit-exchange: it has no Id, no CreationTime',
    },
    { name: 'a sign-in', text: JSON.stringify(signIn('a')), why: /no record of audit-exchange: it looks like one of sign-ins-interactive/ },
  ])('$name, for the Management Activity API', ({ text, why }) => {
    const said = verdict('audit-exchange', text);
    if (typeof why === 'string') expect(said).toBe(why);
    else expect(said).toMatch(why);
  });

  test('an audit record of Exchange, among sign-ins', () => {
    expect(verdict('sign-ins-interactive', JSON.stringify(exchangeRecord('one')))).toContain('it looks like one of audit-');
  });
});
