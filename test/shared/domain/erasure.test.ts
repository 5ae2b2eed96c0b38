import { describe, expect, test } from '@jest/globals';
import { erasedKeys, erasedMetadata, identifierFault, identifiersOf, personPattern, upnFault } from '../../../shared/domain/erasure.ts';

const megan = identifiersOf('Megan@contoso.example', ['1f3c0f6e-5b1e-4c7d-9a55-6e2f0b7c9d10']);
const finds = (identifiers: readonly string[], text: string): boolean =>
  new RegExp(personPattern(identifiers).replace('(?i)', ''), 'i').test(text);

describe('a person', () => {
  test.each([
    '{"UserId":"megan@contoso.example"}',
    '{"UserId":"MEGAN@Contoso.Example"}',
    '{"Members":["i:0#.f|membership|megan@contoso.example"]}',
    '{"To":"Lee <megan@contoso.example>, pat@fabrikam.example"}',
    String.raw`{"Data":"{\"To\":\"\u003cmegan@contoso.example\u003e\"}"}`,
    String.raw`{"Text":"Dear\nmegan@contoso.example."}`,
    String.raw`{"Url":"https:\/\/x.example\/?u=megan%40contoso.example&v=1"}`,
    '{"Url":"https://x.example/?u=%20megan%40contoso.example"}',
    '{"UserId":"megan_contoso.example#EXT#@fabrikam.example"}',
    '{"Url":"https://contoso-my.sharepoint.example/personal/megan_contoso_example/Documents/a.docx"}',
    '{"id":"1F3C0F6E-5b1e-4c7d-9a55-6e2f0b7c9d10"}',
    'megan@contoso.example',
  ])('is found in %s', (text) => {
    expect(finds(megan, text)).toBe(true);
  });

  test.each([
    '{"UserId":"omegan@contoso.example"}',
    '{"UserId":"o.megan@contoso.example"}',
    '{"UserId":"ann-megan@contoso.example"}',
    '{"UserId":"megan@contoso.example.org"}',
    '{"UserId":"megan@contoso.examples"}',
    '{"UserId":"megan@contosoxexample"}',
    '{"UserId":"megan_contoso.example@fabrikam.example"}',
    '{"Url":"/personal/megan_contoso_example_org/Documents"}',
    '{"id":"1f3c0f6e-5b1e-4c7d-9a55-6e2f0b7c9d10-2"}',
  ])('is not taken for somebody else in %s', (text) => {
    expect(finds(megan, text)).toBe(false);
  });

  test.each([
    { upn: "d'arcy@contoso.example", text: String.raw`{"UserId":"d\u0027arcy@contoso.example"}` },
    { upn: "d'arcy@contoso.example", text: String.raw`{"Data":"{\"u\":\"D\\u0027Arcy@contoso.example\"}"}` },
    { upn: 'zoë@contoso.example', text: '{"UserId":"zoë@contoso.example"}' },
    { upn: 'zoë@contoso.example', text: String.raw`{"UserId":"zo\u00eb@contoso.example"}` },
    { upn: 'zoë@contoso.example', text: '{"Url":"?u=zo%C3%AB%40contoso.example"}' },
    { upn: 'a^b]c-d@contoso.example', text: '{"UserId":"a^b]c-d@contoso.example"}' },
  ])('$upn is found as it is written in $text', ({ upn, text }) => {
    expect(finds(identifiersOf(upn, []), text)).toBe(true);
  });
});

test.each(['megan', 'megan@contoso', '@contoso.example', 'a b@contoso.example', ''])('%p is no user principal name', (upn) => {
  expect(upnFault(upn)).toMatch(/is not a user principal name/);
});

test('an identifier that would be found everywhere is refused', () => {
  expect(identifierFault('ann')).toMatch(/too short/);
  expect(identifierFault('ann lee smith')).toMatch(/has a space/);
  expect(identifierFault('10032001a2b3c4d5')).toBeUndefined();
});

describe('an object from which records were erased', () => {
  const now = Date.parse('2026-11-30T12:00:00Z');
  const recent = { job: 'j', rows: '5', window: '2026-11-29T00:00:00.000Z/2026-11-29T01:00:00.000Z' };

  test('counts them, and knows their keys while Microsoft may serve them', () => {
    const once = erasedMetadata(recent, ['a', 'b'], now);
    expect(once).toEqual({ ...recent, erased: '2', erased_keys: 'a,b' });
    expect(erasedMetadata(once, ['c'], now)).toEqual({ ...recent, erased: '3', erased_keys: 'a,b,c' });
    expect(erasedKeys(once)).toEqual(['a', 'b']);
    expect(erasedKeys(recent)).toEqual([]);
  });

  test.each([
    { name: 'of a window that is served no more', metadata: { ...recent, window: '2026-09-01T00:00:00.000Z/2026-09-01T01:00:00.000Z' } },
    { name: 'of content, whose blobs are claimed', metadata: { job: 'j', fates: 'l' } },
  ])('$name knows no keys', ({ metadata }) => {
    expect(erasedMetadata({ ...metadata, erased: '1', erased_keys: 'z' }, ['a'], now)).toEqual({ ...metadata, erased: '2' });
  });
});
