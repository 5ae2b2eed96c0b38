/** What is sent, where, and what an attacker cannot make of it. */

import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { webhookBody, webhookFormats } from '../../../shared/notifications/formats.ts';
import { mailBody, mailSubject } from '../../../shared/notifications/mail.ts';
import { digestMessage, findingMessage, subject, notifiedFinding, type Message } from '../../../shared/notifications/message.ts';
import { defanged } from '../../../shared/notifications/plain-text.ts';
import { webhookHeaders } from '../../../shared/notifications/signature.ts';
import { findingJson } from '../../helpers/finding-notice.ts';

const at = Date.parse('2026-11-22T09:06:00Z');
/** Markup of Slack, Markdown, links, a new line, and what turns the direction of writing. */
const hostile = '<!channel> <https://evil.example|login> [a](http://evil.example) *b* `c`\r\nSubject: x \u202e\u001b[31m &amp;';
const hostileRow = { group_values: { actor_upn: hostile }, evidence: JSON.stringify({ actor_upn: hostile, user_agent: hostile }) };
const finding = (id: string, more = {}) => notifiedFinding(findingJson(id, more));
const messages: readonly (readonly [string, Message])[] = [
  ['a finding', findingMessage(finding('f1', hostileRow), at)],
  ['a digest', digestMessage([finding('f1', hostileRow), finding('f2', hostileRow)], at)],
];

describe.each(messages)('%s with texts of an attacker', (_, message) => {
  test.each(webhookFormats)('is JSON for %s', (format) => {
    expect(JSON.parse(webhookBody(format, message))).toBeInstanceOf(Object);
  });

  test('obeys nothing in Slack: markup stands in plain text alone, and no link is left', () => {
    const body = JSON.parse(webhookBody('slack', message)) as { text: string; blocks: { fields?: { type: string; text: string }[] }[] };
    expect(body.text).not.toMatch(/evil|channel/);
    const fields = body.blocks.flatMap(({ fields: some = [] }) => some);
    expect(fields.length).toBeGreaterThan(1);
    expect(fields.filter(({ type }) => type !== 'plain_text')).toEqual([]);
    expect(fields.some(({ text }) => text.includes('evil[.]example'))).toBe(true);
    expect(JSON.stringify(body)).not.toMatch(/evil\.example|\\u202e|\\u001b|\\r/);
  });

  test('obeys nothing in Teams: every text is a run, which knows no Markdown', () => {
    const body = JSON.parse(webhookBody('teams', message)) as { attachments: { content: { body: { type: string }[] } }[] };
    const blocks = body.attachments.flatMap(({ content }) => content.body);
    expect([...new Set(blocks.map(({ type }) => type))]).toEqual(['RichTextBlock']);
    expect(JSON.stringify(body)).not.toMatch(/evil\.example|"TextBlock"|"FactSet"|\\u202e|\\u001b/);
  });

  test('has nothing of a record in a subject, and no line of its own in a mail', () => {
    expect(subject(message)).not.toMatch(/evil|channel|megan|203\.0/);
    expect(mailSubject(message)).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(mailBody(message)).not.toMatch(/^Subject:/m);
    expect(mailBody(message)).not.toMatch(/evil\.example|\u202e|\u001b/);
  });
});

test('a subject of the longest title fits, in ASCII', () => {
  const message = findingMessage(finding('f', { title: `Zwölf ${'x'.repeat(300)}\r\nBcc: a@b.example` }), at);
  expect(mailSubject(message)).toMatch(/^\[high\] Zw\?lf x+$/);
  expect(mailSubject(message).length).toBeLessThan(100);
});

test('a link and an address are shown and are none any more', () => {
  expect(defanged('https://evil.example/a?b=1 lee@contoso.example 203.0.113.7')).toBe(
    'https[:]//evil[.]example/a?b=1 lee[@]contoso[.]example 203.0.113.7',
  );
  expect(defanged('x'.repeat(1_000)).length).toBe(300);
});

test('a machine gets the row as it is, and of a large digest all ids', () => {
  const one = JSON.parse(webhookBody('generic', findingMessage(finding('f1', hostileRow), at))) as {
    id: string;
    data: Record<string, unknown>;
  };
  expect(one).toMatchObject({ type: 'finding', id: 'f1', data: { finding_id: 'f1', evidence: { user_agent: hostile } } });
  const ids = Array.from({ length: 300 }, (_, index) => `f${String(index)}`);
  const digest = digestMessage(
    ids.map((id) => finding(id)),
    at,
  );
  const { data } = JSON.parse(webhookBody('generic', digest)) as { data: { finding_ids: string[]; findings: object[]; count: number } };
  expect([data.count, data.finding_ids.length, data.findings.length]).toEqual([300, 300, 20]);
  expect(
    digestMessage(
      [...ids].reverse().map((id) => finding(id)),
      at + 1,
    ).id,
  ).toBe(digest.id);
});

describe('a signature', () => {
  test('is what a receiver of Standard Webhooks makes of id, time and body', () => {
    const key = Buffer.from('a key of the receiver');
    const headers = webhookHeaders('f1', at, '{"a":1}', `whsec_${key.toString('base64')}`);
    const signed = createHmac('sha256', key)
      .update(`f1.${String(at / 1000)}.{"a":1}`)
      .digest('base64');
    expect(headers).toEqual({ 'webhook-id': 'f1', 'webhook-timestamp': String(at / 1000), 'webhook-signature': `v1,${signed}` });
  });

  test('changes with the body, the time and the id', () => {
    const signatures = [
      ['f1', at, 'a'],
      ['f1', at, 'b'],
      ['f2', at, 'a'],
      ['f1', at + 1_000, 'a'],
    ].map(([id, time, body]) => webhookHeaders(String(id), Number(time), String(body), 'secret')['webhook-signature']);
    expect(new Set(signatures).size).toBe(4);
    expect(webhookHeaders('f1', at, 'a', undefined)['webhook-signature']).toBeUndefined();
  });
});
