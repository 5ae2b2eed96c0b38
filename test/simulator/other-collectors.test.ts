/**
 * Other people's collectors, by the requests that their source code makes: paths, parameters, headers and bodies as they send them, and what
 * they look for in an answer. Read on 2026-11-30.
 *
 * @see https://github.com/ddbnl/office365-audit-log-collector (Rust)
 * @see https://github.com/wazuh/wazuh, src/wazuh_modules/wm_office365.c (C)
 */

import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../local/clock.ts';
import { benchWorld } from '../../simulator/bench-world.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { simulatedTenant } from '../../simulator/tenants.ts';
import { hours, isoSeconds } from '../../shared/domain/window.ts';

const tenant = simulatedTenant({ name: 'contoso', subscribed: [] });
const [app] = tenant.apps;
const [clientId, secret] = [String(app?.clientId), String(app?.secrets[0]?.value)];
const startAt = systemClock.now();
/** Three pages of the content list. */
const world = benchWorld({ startAt, records: 1_000, recordBytes: 800, blobs: 130, tenant });
const span = { from: isoSeconds(startAt - hours(23)), to: isoSeconds(startAt) };

let simulator: Simulator;
beforeAll(async () => {
  // Both stop at an empty page that has a next one, which the reference allows.
  simulator = await startSimulator({ world, clock: systemClock, throttle: 'off', quirks: { emptyPageEvery: 0 } });
});
afterAll(() => simulator.close());

interface Reply {
  readonly status: number;
  readonly body: string;
  /** As on the wire: `Name: value` a line. */
  readonly head: string;
}

interface Sent {
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** @param url `https://host/path`, which is a path of the simulator. */
function send(url: string, { method = 'GET', headers, body }: Sent): Promise<Reply> {
  const at = `${simulator.baseUrl}/${url.replace(/^https:\/\//, '')}`;
  return new Promise((resolve, reject) => {
    const sent = request(at, { method, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.once('end', () => {
        const pairs = answer.rawHeaders.flatMap((name, index) =>
          index % 2 === 0 ? [`${name}: ${String(answer.rawHeaders[index + 1])}`] : [],
        );
        resolve({ status: answer.statusCode ?? 0, body: text, head: pairs.join('\r\n') });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

const form = 'application/x-www-form-urlencoded';
const idsOf = (bodies: readonly string[]): Set<string> =>
  new Set(bodies.flatMap((body) => (JSON.parse(body) as { Id: string }[]).map(({ Id }) => Id)));

describe('the Rust collector', () => {
  const feed = `https://manage.office.com/api/v1.0/${tenant.tenantId}/activity/feed`;

  test('gets a token of the older endpoint, subscribes, and collects every record', async () => {
    const body = new URLSearchParams({
      ...{ grant_type: 'client_credentials', client_id: clientId, client_secret: secret },
      resource: 'https://manage.office.com',
    });
    const login = await send(`https://login.microsoftonline.com/${tenant.tenantId}/oauth2/token`, {
      method: 'POST',
      headers: { 'content-type': form },
      body: body.toString(),
    });
    expect(login.status).toBe(200);
    // It asks for nothing else of this answer, and sends the scheme in small letters with every request, form header included.
    const { access_token: token } = JSON.parse(login.body) as { access_token: string };
    const headers = { 'content-type': form, authorization: `bearer ${token}` };

    const list = () => send(`${feed}/subscriptions/list`, { headers: { ...headers, 'content-length': '0' } });
    expect(JSON.parse((await list()).body)).toEqual([]);
    const started = await send(`${feed}/subscriptions/start?contentType=Audit.Exchange`, {
      method: 'POST',
      headers: { ...headers, 'content-length': '0' },
    });
    expect(started.status).toBe(200);
    expect(JSON.parse((await list()).body)).toMatchObject([{ contentType: 'Audit.Exchange', status: 'enabled' }]);

    const bodies: string[] = [];
    let pages = 0;
    const publisher = '12345678-1234-1234-1234-123456789123';
    let page: string | undefined =
      `${feed}/subscriptions/content?contentType=Audit.Exchange&startTime=${span.from}&endTime=${span.to}&PublisherIdentifier=${publisher}`;
    while (page !== undefined) {
      const listed: Reply = await send(page, { headers });
      expect(listed.status).toBe(200);
      for (const blob of JSON.parse(listed.body) as { contentUri: string; contentId: string; contentExpiration: string }[]) {
        expect([typeof blob.contentId, typeof blob.contentExpiration]).toEqual(['string', 'string']);
        bodies.push((await send(blob.contentUri, { headers })).body);
      }
      pages += 1;
      page = /^NextPageUri: (.+)$/im.exec(listed.head)?.[1]?.trim();
    }
    expect(pages).toBe(3);
    expect(idsOf(bodies).size).toBe(1_000);
  });
});

describe('the C collector', () => {
  // It has the app's id where the reference has the tenant's, and names no publisher.
  const feed = `https://manage.office.com/api/v1.0/${clientId}/activity/feed/subscriptions`;

  async function token(): Promise<string> {
    // Not encoded, as it is written there.
    const body = `client_id=${clientId}&scope=https://manage.office.com/.default&grant_type=client_credentials&client_secret=${secret}`;
    const login = await send(`https://login.microsoftonline.com/${tenant.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'Content-Type': form },
      body,
    });
    expect(login.status).toBe(200);
    return (JSON.parse(login.body) as { access_token: string }).access_token;
  }

  test('starts a subscription again and again, and collects every record', async () => {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${await token()}` };
    const start = () => send(`${feed}/start?contentType=Audit.Exchange`, { method: 'POST', headers, body: '' });
    await start();
    const again = await start();
    // The one error that it takes for success.
    expect([again.status, JSON.parse(again.body)]).toEqual([400, { error: expect.objectContaining({ code: 'AF20024' }) as unknown }]);

    const bodies: string[] = [];
    let page: string | undefined = `${feed}/content?contentType=Audit.Exchange&startTime=${span.from}&endTime=${span.to}`;
    while (page !== undefined) {
      const listed: Reply = await send(page, { headers });
      expect(listed.status).toBe(200);
      for (const { contentUri } of JSON.parse(listed.body) as { contentUri: string }[])
        bodies.push((await send(contentUri, { headers })).body);
      // By letter case, and over the head as it was sent.
      page = /NextPageUri:\s*(\S+)/.exec(listed.head)?.[1];
    }
    expect(idsOf(bodies).size).toBe(1_000);
  });

  test('gets AF20055 for a window that begins more than seven days ago, which it takes for an empty one', async () => {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${await token()}` };
    const [from, to] = [isoSeconds(startAt - hours(8 * 24)), isoSeconds(startAt - hours(7 * 24 + 1))];
    const listed = await send(`${feed}/content?contentType=Audit.Exchange&startTime=${from}&endTime=${to}`, { headers });
    expect([listed.status, JSON.parse(listed.body)]).toEqual([400, { error: expect.objectContaining({ code: 'AF20055' }) as unknown }]);
  });
});
