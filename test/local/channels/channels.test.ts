/** Real receivers: an HTTP server on this machine, and a command. */

import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { notify } from '../../../lambdas/notify/notify.ts';
import { openCommand } from '../../../local/channels/command.ts';
import { openTerminal } from '../../../local/channels/terminal.ts';
import { openLedger } from '../../../local/ledger.ts';
import { openWebhook, usualFormat, webhookUrl } from '../../../shared/channels/webhook.ts';
import { jobRef } from '../../../shared/domain/fetch-job.ts';
import type { Outbox } from '../../../shared/ports/ledger.ts';
import { digestMessage, findingMessage, notifiedFinding } from '../../../shared/notifications/message.ts';
import { webhookHeaders } from '../../../shared/notifications/signature.ts';
import { blobs, finish } from '../../contracts/samples.ts';
import { FakeLog } from '../../fakes/fake-log.ts';
import { findingJson, findingNotice } from '../../helpers/finding-notice.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const at = Date.parse('2026-11-22T09:06:00Z');
const clock = { now: () => at };
const message = findingMessage(notifiedFinding(findingJson('f1', { evidence: JSON.stringify({ actor_upn: '$(touch pwned)`id`' }) })), at);
const makeFolder = temporaryFolders();

describe('a webhook', () => {
  let server: Server;
  let url: URL;
  let answer: { status: number; headers?: Record<string, string> };
  let got: { headers: IncomingHttpHeaders; body: string }[];

  beforeEach(async () => {
    got = [];
    answer = { status: 200 };
    server = createServer((request, response) => {
      void text(request).then((body) => {
        got.push({ headers: request.headers, body });
        response.writeHead(answer.status, answer.headers).end('x'.repeat(100_000));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`);
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));
  const send = (secret?: string) => openWebhook({ id: 'webhook', url, format: 'generic', secret }, clock).send(message);

  test('gets the finding, signed over the body that it gets', async () => {
    expect(await send('secret')).toEqual({ kind: 'taken' });
    const [{ headers, body } = { headers: {}, body: '' }] = got;
    expect(JSON.parse(body)).toMatchObject({ type: 'finding', id: 'f1' });
    expect(headers).toMatchObject(webhookHeaders('f1', at, body, 'secret'));
  });

  test.each([
    { name: 'says how long to wait', headers: { 'retry-after': '120' }, status: 429, more: { retryAfterMs: 120_000 } },
    { name: 'names a date', headers: { 'retry-after': 'Sun, 22 Nov 2026 09:07:00 GMT' }, status: 503, more: { retryAfterMs: 60_000 } },
    { name: 'fails', status: 500, more: {} },
    { name: 'is somewhere else', headers: { location: 'http://127.0.0.1:1/' }, status: 302, more: {} },
    { name: 'refuses what is too large', status: 413, more: { isFinal: true } },
  ])('that $name has not taken it', async ({ status, headers = {}, more }) => {
    answer = { status, headers };
    expect(await send()).toEqual({ kind: 'failed', because: `the receiver answered with HTTP ${String(status)}`, ...more });
    expect(got).toHaveLength(1);
  });

  test('gets a finding again, under the same id, from who was killed between sending and noting', async () => {
    const file = join(await makeFolder(), 'ledger.sqlite');
    const job = blobs('a');
    let ledger = openLedger(file);
    await ledger.createJob(job, at);
    await ledger.finishJob(jobRef(job), finish({ fates: 'l', notices: [findingNotice('f1', at)] }));
    const run = (outbox: Outbox) =>
      notify({
        ...{ outbox, channels: [openWebhook({ id: 'webhook', url, format: 'generic' }, clock)], log: new FakeLog() },
        ...{ clock: { ...clock, sleep: () => Promise.resolve() }, deadline: at + 1 },
      });
    const killed: Outbox = {
      unsent: (...those) => ledger.unsent(...those),
      add: () => Promise.resolve(),
      noteDeliveries: () => Promise.reject(new Error('killed')),
      pace: (channel) => ledger.pace(channel),
      notePace: () => Promise.reject(new Error('killed')),
    };
    await expect(run(killed)).rejects.toThrow('killed');
    ledger.close();
    ledger = openLedger(file);
    await run(ledger);
    await run(ledger);
    ledger.close();
    expect(got.map(({ headers }) => headers['webhook-id'])).toEqual(['f1', 'f1']);
  });

  test('that is not there has not taken it, and its address is not repeated', async () => {
    url = new URL('http://127.0.0.1:1/services/SECRET');
    const outcome = await send();
    expect(outcome).toMatchObject({ kind: 'failed' });
    expect(JSON.stringify(outcome)).not.toContain('SECRET');
  });
});

test.each([
  { text: 'https://hooks.slack.com/services/x', kind: 'url' },
  { text: 'http://localhost:8080/a', kind: 'url' },
  { text: 'http://[::1]:8080/a', kind: 'url' },
  { text: 'http://fabrikam.example/a', kind: 'refused' },
  { text: 'http://localhost.fabrikam.example/a', kind: 'refused' },
  { text: 'file:///etc/passwd', kind: 'refused' },
  { text: 'https://a:b@fabrikam.example/', kind: 'refused' },
  { text: 'fabrikam.example', kind: 'refused' },
])('$text is $kind', ({ text: address, kind }) => {
  expect(webhookUrl(address).kind).toBe(kind);
});

test('who receives at an address is known of Slack and Teams', () => {
  const formats = ['https://hooks.slack.com/services/x', 'https://prod-1.westeurope.logic.azure.com/x', 'https://siem.example/x'];
  expect(formats.map((address) => usualFormat(new URL(address)))).toEqual(['slack', 'teams', 'generic']);
});

describe('a command', () => {
  test('gets the finding on its standard input, and nothing of it is run', async () => {
    const folder = await makeFolder();
    const file = join(folder, 'got.json');
    const outcome = await openCommand(`cd '${folder}' && cat > got.json; ls > files`, process.env).send(message);
    expect(outcome).toEqual({ kind: 'taken' });
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ id: 'f1', data: { evidence: { actor_upn: '$(touch pwned)`id`' } } });
    expect(await readFile(join(folder, 'files'), 'utf8')).not.toContain('pwned');
  });

  test('that fails has not taken it, and says why', async () => {
    expect(await openCommand('echo no such queue >&2; exit 3', process.env).send(message)).toEqual({
      kind: 'failed',
      because: 'the command ended with 3: no such queue',
    });
  });

  test('may leave its input unread', async () => {
    expect(await openCommand('exit 0', process.env).send(message)).toEqual({ kind: 'taken' });
  });

  test('gets no secret of the environment', async () => {
    const env = { ...process.env, FABRIKAM_SECRET: 'x' };
    expect(await openCommand('test -z "$FABRIKAM_SECRET" && test -n "$PATH"', env).send(message)).toEqual({ kind: 'taken' });
  });

  test('is not waited for longer than itself: what it leaves behind ends with it', async () => {
    expect(await openCommand('sleep 50 & exit 0', process.env).send(message)).toEqual({ kind: 'taken' });
  });
});

test('a terminal gets a line that it obeys nothing of', async () => {
  const lines: string[] = [];
  const terminal = openTerminal((line) => lines.push(line));
  const hostile = notifiedFinding(findingJson('f2', { group_values: { actor_upn: '\u001b[2J\nfake line' } }));
  await terminal.send(findingMessage(hostile, at));
  await terminal.send(digestMessage([hostile, hostile], at));
  expect(lines).toEqual([
    '2026-11-22 09:04 high: Many passwords fail: ·[2J fake line (contoso) f2',
    '2 findings (lake findings):\n  high: Many passwords fail: 2',
  ]);
});
