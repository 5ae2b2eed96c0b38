/** Notifying in a deployment: events, mails, and webhooks of Parameter Store. */

import { describe, expect, test } from '@jest/globals';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { makeNotifyHandler } from '../../lambdas/notify/handler.ts';
import { openEventChannel } from '../../shared/aws/event-channel.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { openMailChannel } from '../../shared/aws/mail-channel.ts';
import { openOutbox } from '../../shared/aws/outbox.ts';
import { readWebhooks } from '../../shared/aws/webhook-parameters.ts';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import { minutes } from '../../shared/domain/window.ts';
import type { Channel } from '../../shared/notifications/channel.ts';
import { findingMessage, notifiedFinding } from '../../shared/notifications/message.ts';
import { at, blobs, due, finish } from '../contracts/samples.ts';
import { FakeLog } from '../fakes/fake-log.ts';
import { MemoryDynamoDb } from '../fakes/memory-dynamodb.ts';
import { findingJson, findingNotice } from '../helpers/finding-notice.ts';
import { fakeClient } from './fake-client.ts';
import { leapingClock } from './leaping-clock.ts';

const message = (more = {}) => findingMessage(notifiedFinding(findingJson('f1', more)), at('09:05'));

describe('an event', () => {
  test('is of our source, and has the finding whole', async () => {
    const { client, sent } = fakeClient<EventBridgeClient>({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
    expect(await openEventChannel(client, 'default').send(message())).toEqual({ kind: 'taken' });
    const [
      {
        Entries: [entry],
      },
    ] = sent as unknown as [{ Entries: [{ Source: string; DetailType: string; Detail: string }] }];
    expect(entry).toMatchObject({ Source: 'm365-audit-lake', DetailType: 'Finding' });
    expect(JSON.parse(entry.Detail)).toMatchObject({ type: 'finding', id: 'f1', data: { finding_id: 'f1', count: 14 } });
  });

  test('of a finding that is too large has no evidence, and fits', async () => {
    const { client, sent } = fakeClient<EventBridgeClient>({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
    const evidence = JSON.stringify({ user_agent: 'x'.repeat(300_000) });
    await openEventChannel(client, 'default').send(message({ evidence }));
    const [
      {
        Entries: [entry],
      },
    ] = sent as unknown as [{ Entries: [{ Detail: string }] }];
    expect(entry.Detail.length).toBeLessThan(5_000);
    expect(JSON.parse(entry.Detail)).toMatchObject({ data: { finding_id: 'f1', evidence: {} } });
  });

  test('that EventBridge does not take is not taken', async () => {
    const { client } = fakeClient<EventBridgeClient>({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] });
    expect(await openEventChannel(client, 'default').send(message())).toEqual({ kind: 'failed', because: 'ThrottlingException' });
  });
});

test('a mail has the rule in its subject, and the record in its body alone', async () => {
  const { client, sent } = fakeClient<SNSClient>({ MessageId: '1' });
  expect(await openMailChannel(client, 'arn:topic').send(message())).toEqual({ kind: 'taken' });
  const [mail] = sent as unknown as [{ Subject: string; Message: string; TopicArn: string }];
  expect(mail).toMatchObject({ TopicArn: 'arn:topic', Subject: '[high] Many passwords fail (contoso)' });
  expect(mail.Message).toContain('megan[@]contoso[.]example');
});

test('webhooks are read page by page, and one that cannot be used is reported without what it says', async () => {
  const log = new FakeLog();
  const parameter = (name: string, value: unknown, Type = 'SecureString') => ({
    ...{ Name: `/lake/webhooks/${name}`, Value: typeof value === 'string' ? value : JSON.stringify(value), Type },
  });
  const { client } = fakeClient<SSMClient>(
    { Parameters: [parameter('soc', { url: 'https://hooks.slack.com/services/KEY', secret: 's' })], NextToken: 'more' },
    {
      Parameters: [
        parameter('plain', { url: 'https://siem.example/KEY' }, 'String'),
        parameter('http', { url: 'http://siem.example/KEY' }),
        parameter('text', 'KEY'),
        parameter('format', { url: 'https://siem.example/KEY', format: 'KEY' }),
        parameter('siem', { url: 'https://siem.example/KEY', format: 'teams' }),
      ],
    },
  );
  const webhooks = await readWebhooks(client, '/lake/webhooks', log);
  expect(webhooks.map(({ id, format, secret }) => [id, format, secret])).toEqual([
    ['webhook soc', 'slack', 's'],
    ['webhook siem', 'teams', undefined],
  ]);
  expect(log.lines.map(({ fields }) => fields.webhook)).toEqual(['plain', 'http', 'text', 'format']);
  expect(JSON.stringify(log.lines)).not.toContain('KEY');
});

test('a run delivers what is in the outbox, and counts what was given up', async () => {
  const [dynamodb, clock] = [new MemoryDynamoDb().client(), leapingClock(at('09:06'))];
  const [ledger, outbox] = [openLedger(dynamodb, 'ledger', clock), openOutbox(dynamodb, 'ledger', clock)];
  const job = blobs('a');
  await ledger.createJob(job, due);
  await ledger.finishJob(
    jobRef(job),
    finish({ fates: 'l', notices: [findingNotice('good', at('09:05')), findingNotice('large', at('09:05'))] }),
  );
  const got: string[] = [];
  const channel: Channel = {
    ...{ id: 'webhook', form: 'digest' },
    send: ({ id }) => Promise.resolve(got.push(id) === 1 ? { kind: 'taken' } : { kind: 'failed', because: 'HTTP 413', isFinal: true }),
  };
  const counted: number[] = [];
  const meter = { undelivered: (count: number) => counted.push(count), flush: () => undefined } as never;
  const run = makeNotifyHandler({ outbox, clock, meter, log: new FakeLog(), channels: () => Promise.resolve([channel]) });
  for (let time = 0; time < 2; time += 1) await run({}, { getRemainingTimeInMillis: () => minutes(2) });
  expect([got, counted]).toEqual([
    ['good', 'large'],
    [1, 0],
  ]);
});
