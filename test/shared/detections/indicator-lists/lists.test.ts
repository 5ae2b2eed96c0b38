/** What lists hold, in each form. */

import { describe, expect, test } from '@jest/globals';
import { isMisp, readMisp } from '../../../../shared/detections/indicator-lists/misp.ts';
import type { ListPiece } from '../../../../shared/detections/indicator-lists/read-list.ts';
import { comparisonsOf, isStixBundle, readStix } from '../../../../shared/detections/indicator-lists/stix.ts';
import { tableColumns, tableRow, valueAlone } from '../../../../shared/detections/indicator-lists/table.ts';

const indicators = (pieces: readonly ListPiece[]) => pieces.flatMap((piece) => (piece.kind === 'indicator' ? [piece.indicator] : []));
const reasons = (pieces: readonly ListPiece[]) => pieces.flatMap((piece) => (piece.kind === 'indicator' ? [] : [piece.why]));

describe('STIX 2.1', () => {
  const indicator = (pattern: string, more: object = {}) => ({
    ...{ type: 'indicator', spec_version: '2.1', id: 'indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f', pattern_type: 'stix', pattern },
    ...{ name: 'Relay', valid_from: '2026-11-01T00:00:00Z' },
    ...more,
  });
  const bundle = (...objects: object[]) => ({ type: 'bundle', id: 'bundle--5d0092c5-5f74-4287-9642-33f4c354e56d', objects });

  test('an indicator counts from valid_from until valid_until', () => {
    const pieces = readStix(bundle(indicator("[ipv4-addr:value = '203.0.113.7']", { valid_until: '2026-12-01T00:00:00Z' })));
    expect(indicators(pieces)).toEqual([
      { type: 'ip', value: '203.0.113.7', about: 'Relay', from: Date.UTC(2026, 10, 1), until: Date.UTC(2026, 11, 1) },
    ]);
  });

  test.each([
    ["[domain-name:value = 'fabrikam.example']", [{ type: 'domain', value: 'fabrikam.example' }]],
    ["[url:value='https://fabrikam.example/a\\'b']", [{ type: 'url', value: "https://fabrikam.example/a'b" }]],
    [
      "[file:hashes.'SHA-256' = 'aa' OR file:hashes.MD5 = 'bb']",
      [
        { type: 'sha256', value: 'aa' },
        { type: 'md5', value: 'bb' },
      ],
    ],
    [
      "[ipv4-addr:value = '203.0.113.0/24'] OR [ipv6-addr:value = '2001:db8::1']",
      [
        { type: 'ip', value: '203.0.113.0/24' },
        { type: 'ip', value: '2001:db8::1' },
      ],
    ],
    [
      "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = 'evil/1.0']",
      [{ type: 'user-agent', value: 'evil/1.0' }],
    ],
    ["[(email-addr:value = 'kim@fabrikam.example')]", [{ type: 'email', value: 'kim@fabrikam.example' }]],
  ])('%s is read', (pattern, expected) => {
    expect(comparisonsOf(pattern)).toEqual(expected);
  });

  test.each([
    ["[ipv4-addr:value = '203.0.113.7' AND domain-name:value = 'fabrikam.example']", /joins comparisons by AND/],
    ["[domain-name:value LIKE '%fabrikam%']", /compares by LIKE/],
    ["[process:command_line = 'calc']", /process:command_line, of which no record has anything/],
    ['[', /is not understood|is empty/],
    ['', /is empty/],
    [`[${'('.repeat(200_000)}`, /more than 100000 characters/],
  ])('%.60s is refused with its reason', (pattern, reason) => {
    expect(comparisonsOf(pattern)).toEqual(expect.stringMatching(reason));
  });

  test('what is revoked is left out, other languages and indicators without pattern are refused, other objects do not matter', () => {
    const pieces = readStix(
      bundle(
        indicator('[', { revoked: true }),
        indicator('rule a {}', { pattern_type: 'yara' }),
        { type: 'indicator' },
        { type: 'malware' },
      ),
    );
    expect(reasons(pieces)).toEqual([
      'revoked',
      "its pattern is written in 'yara'; only 'stix' is read",
      'is an indicator without a pattern',
    ]);
  });

  test('other JSON is no bundle', () => {
    expect([{ type: 'bundle' }, { Event: {} }, [], null, 1].map(isStixBundle)).toEqual([true, false, false, false, false]);
  });
});

describe('MISP', () => {
  const attribute = (type: string, value: string, more: object = {}) => ({ type, value, to_ids: true, comment: '', ...more });
  const event = {
    Event: {
      info: 'Campaign',
      Attribute: [attribute('ip-dst|port', '203.0.113.7|443')],
      Object: [{ Attribute: [attribute('filename|md5', 'a.exe|bb')] }],
    },
  };
  const expected = [
    { type: 'ip', value: '203.0.113.7', about: 'Campaign' },
    { type: 'md5', value: 'bb', about: 'Campaign' },
  ];

  test.each([
    ['an event', event],
    ['an answer with events', { response: [event] }],
    ['a list of events', [event]],
  ])('%s is read, with the attributes of its objects', (_, json) => {
    expect(isMisp(json)).toBe(true);
    expect(indicators(readMisp(json))).toEqual(expected);
  });

  test('an answer to a search for attributes is read', () => {
    const json = {
      response: { Attribute: [attribute('domain|ip', 'fabrikam.example|203.0.113.7', { first_seen: '2026-11-01T00:00:00+00:00' })] },
    };
    expect(indicators(readMisp(json))).toEqual([
      { type: 'domain', value: 'fabrikam.example', from: Date.UTC(2026, 10, 1) },
      { type: 'ip', value: '203.0.113.7', from: Date.UTC(2026, 10, 1) },
    ]);
  });

  test('what is deleted or not for detection is left out, and types without a counterpart are refused', () => {
    const json = {
      Event: {
        Attribute: [
          attribute('ip-dst', '1', { deleted: true }),
          attribute('ip-dst', '1', { to_ids: '0' }),
          attribute('btc', '1'),
          { type: 1 },
        ],
      },
    };
    expect(reasons(readMisp(json))).toEqual([
      'deleted',
      'not meant for detection (to_ids)',
      "attributes of type 'btc' have nothing that a record has",
      'is no attribute of MISP',
    ]);
  });
});

describe('a table', () => {
  test.each([
    ['203.0.113.0/24', 'ip'],
    ['2001:db8::1', 'ip'],
    ['fabrikam.example', 'domain'],
    ['fabrikam.example/login', 'url'],
    ['hxxp://fabrikam[.]example', 'url'],
    ['kim@fabrikam.example', 'email'],
    ['d41d8cd98f00b204e9800998ecf8427e', 'md5'],
    ['a'.repeat(40), 'sha1'],
    ['a'.repeat(64), 'sha256'],
  ])('%s is a %s by its looks', (value, type) => {
    expect(tableRow([value], valueAlone)).toEqual({ kind: 'indicator', indicator: { type, value } });
  });

  test('headings are known by the names that feeds use', () => {
    const columns = tableColumns(['First Seen', 'ioc_value', 'IOC Type', 'malware', 'expires']);
    expect(columns && tableRow(['2026-11-01 00:00:00', 'evil/1.0', 'user-agent', 'Kit', '2026-12-01'], columns)).toEqual({
      kind: 'indicator',
      indicator: { type: 'user-agent', value: 'evil/1.0', about: 'Kit', from: Date.UTC(2026, 10, 1), until: Date.UTC(2026, 11, 1) },
    });
    expect(tableColumns(['203.0.113.7'])).toBeUndefined();
  });

  test.each([
    [['', 'ip'], 'has no value'],
    [['hello world', ''], 'looks like no type of indicator'],
    [['x', 'adress'], "'adress'"],
  ])('%p is refused with its reason', (row, why) => {
    expect(tableRow(row, { value: 0, type: 1 })).toEqual({ kind: 'refused', what: expect.anything(), why: expect.stringContaining(why) });
  });
});
