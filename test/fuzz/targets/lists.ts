/** Content lists and subscriptions: bodies and headers of any kind, followed page by page. */

import fc from 'fast-check';
import { cloudById } from '../../../shared/clouds.ts';
import { hours } from '../../../shared/domain/window.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import type { ApiCalls, Session } from '../../../shared/microsoft/api-call.ts';
import { judgeActivity } from '../../../shared/microsoft/api-errors.ts';
import { defaultLimits } from '../../../shared/microsoft/limits.ts';
import { listBlobs, listSubscriptions } from '../../../shared/microsoft/management-activity.ts';
import type { Log } from '../../../shared/ports/log.ts';
import { drifted, mutated, nastyText } from '../hostile.ts';
import { hold, target, type Target } from '../target.ts';

const tenantId = '11111111-2222-4333-8444-555555555555';
const cloud = cloudById('enterprise');
const session: Session = {
  tenant: { name: 'contoso', tenantDomain: 'contoso.example', clientId: tenantId, credentialKind: 'secret' },
  logType: logTypeById('audit-exchange'),
  ...{ cloud, tenantId, publisherId: tenantId, roles: [] },
};
const feed = `https://${cloud.host}/api/v1.0/${tenantId}/activity/feed`;
const row = {
  contentType: 'Audit.Exchange',
  contentId: '1$2',
  contentUri: `${feed}/audit/1$2`,
  contentCreated: '2026-11-22T06:05:09.123Z',
  contentExpiration: '2026-11-29T06:05:09.123Z',
};
const keys = Object.keys(row);
const next = fc.option(fc.oneof(mutated(`${feed}/subscriptions/content?contentType=Audit.Exchange&nextPage=abc`), nastyText), {
  nil: undefined,
});
const page = fc.record({ json: fc.oneof(fc.constant([row]), drifted([row, { ...row, contentId: '3' }], keys)), next });
const window = { start: Date.parse('2026-11-22T06:00:00Z'), end: Date.parse('2026-11-22T06:00:00Z') + hours(1) };
const limits = { ...defaultLimits, listPages: 20 };

const ignore = (): void => undefined;
const log: Log = { info: ignore, warn: ignore, error: ignore };

/** Answers with the pages in turn, and with the last one for ever. */
function calls(pages: readonly { readonly json: unknown; readonly next: string | undefined }[], asked: string[]): ApiCalls {
  return {
    open: () => Promise.resolve({ kind: 'ok', value: session }),
    send: (_session, request) => {
      asked.push(request.url);
      const { json, next: nextpageuri } = pages[Math.min(asked.length, pages.length) - 1] ?? { json: [], next: undefined };
      return Promise.resolve({
        kind: 'ok',
        reply: { status: 200, receivedAt: 0, headers: { nextpageuri }, body: Buffer.from(JSON.stringify(json ?? null)) },
      });
    },
    judge: (_session, reply) => judgeActivity(reply, 'feed').refusal,
  };
}

export const listTargets: readonly Target[] = [
  target(
    { name: 'content-lists', what: 'pages of a content list, with their next pages', share: 30, cost: 5 },
    fc.array(page, { minLength: 1, maxLength: 4 }),
    async (pages) => {
      const asked: string[] = [];
      const listed = await listBlobs(session, window, { calls: calls(pages, asked), log, limits });
      hold(asked.length <= limits.listPages * 2, `it asked ${String(asked.length)} times`);
      for (const url of asked)
        hold(url.startsWith(`https://${cloud.host}/api/v1`) && url.toLowerCase().includes(tenantId), `it asked ${url}`);
      if (listed.kind !== 'ok') return;
      for (const { contentId, created, expires } of listed.value)
        hold(contentId !== '' && Number.isFinite(created) && Number.isFinite(expires), 'a blob has an id and times');
    },
  ),
  target(
    { name: 'subscriptions', what: 'lists of subscriptions', share: 10, cost: 5 },
    drifted([{ contentType: 'Audit.Exchange', status: 'enabled', webhook: null }], ['contentType', 'status']),
    async (json) => {
      const listed = await listSubscriptions(session, { calls: calls([{ json, next: undefined }], []), log, limits });
      hold(
        listed.kind !== 'ok' || listed.value.every(({ isEnabled }) => typeof isEnabled === 'boolean'),
        'a subscription is enabled or not',
      );
    },
  ),
];
