/** What Microsoft answers, or a proxy in its place: read as far as it goes, never thrown over, and reported without what is private. */

import fc from 'fast-check';
import { judgeActivity, judgeGraph, judgeToken } from '../../../shared/microsoft/api-errors.ts';
import { splitGraphPage } from '../../../shared/microsoft/graph-page.ts';
import type { HttpReply } from '../../../shared/microsoft/http.ts';
import { retryAfterMs } from '../../../shared/microsoft/retry-after.ts';
import { readTokenClaims } from '../../../shared/microsoft/token-claims.ts';
import { mutated, nastyJson, nastyText } from '../hostile.ts';
import { hold, target, type Target } from '../target.ts';

const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl';
const person = 'ada.canary@contoso.example';
const keys = ['error', 'code', 'message', 'Code', 'Message', 'error_description', 'error_codes', 'innerError', 'value', '@odata.nextLink'];
const words = [
  'AF20022',
  'AF429',
  'AF50000',
  'constructor',
  'invalid_client',
  700016,
  'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
  `no ${token} for ${person}`,
];
const errorText = fc.oneof(
  nastyJson(keys, words).map((json) => JSON.stringify(json)),
  nastyText,
  mutated(`{"error":{"code":"AF20022","message":"No subscription for ${person}, ${token}"}}`),
  mutated(`{'code':'AF10001','message':'The permission set () sent in the request of ${person} was not enough'}`),
  mutated(
    `{"error":"invalid_client","error_description":"AADSTS7000215: for ${person}. Trace ID: 11111111-1111-4111-8111-111111111111","error_codes":[7000215]}`,
  ),
  fc.constant(`<html><body>${person}</body></html>`),
);
const reply = fc
  .record({ status: fc.oneof(fc.constantFrom(200, 400, 401, 403, 404, 410, 429, 500, 502, 503), fc.nat(999)), text: errorText })
  .map(({ status, text }): HttpReply => ({ status, receivedAt: 0, headers: {}, body: Buffer.from(text, 'utf8') }));

const kinds = new Set([
  'throttled',
  'unavailable',
  'refused',
  'not-subscribed',
  'out-of-range',
  'expired',
  'missing',
  'malformed',
  'not-offered',
]);

const graphPage = fc.oneof(
  mutated(
    `{"@odata.context":"x","value":[{"id":"a","n":[1,{"value":[2]}]},{"id":"\\"]}"}],"@odata.nextLink":"https://graph.microsoft.com/x"}`,
  ),
  nastyJson(keys).map((json) => JSON.stringify(json)),
  fc
    .tuple(fc.array(nastyJson(['id', 'value'])), nastyJson(keys))
    .map(([value, more]) => JSON.stringify({ ...(more as object | null), value })),
);

export const bodyTargets: readonly Target[] = [
  target({ name: 'error-bodies', what: 'error answers of both APIs and of the token endpoint', share: 120, cost: 3 }, reply, (of) => {
    const refusals = [judgeActivity(of, 'feed').refusal, judgeActivity(of, 'blob').refusal, judgeGraph(of).refusal, judgeToken(of, '')];
    for (const { kind, cause } of refusals) {
      hold(kinds.has(kind), `'${kind}' is no kind of refusal`);
      const message = `${cause.code} ${cause.message} ${cause.cure}`;
      hold(typeof cause.code === 'string' && cause.message !== '', 'a refusal says what is wrong');
      hold(!message.includes(token) && !message.includes(person), `it has what is private in it: ${message}`);
    }
  }),
  target({ name: 'graph-pages', what: 'pages of Graph, against JSON.parse', share: 60, cost: 5 }, graphPage, (text) => {
    const split = splitGraphPage(Buffer.from(text, 'utf8'));
    const json = parsed(Buffer.from(text, 'utf8').toString('utf8'));
    const good = json !== undefined && isPage(json) ? json : undefined;
    if (split.kind === 'malformed') return;
    // Rows are not read here: what is no JSON within them is the landing's to find.
    const rows = parsed(split.rows.toString('utf8'));
    if (rows === undefined) return;
    hold(good !== undefined, 'it is taken for a page and is not one');
    hold(JSON.stringify(rows) === JSON.stringify(good.value), 'its rows are other rows');
    hold((split.nextLink ?? '') === (good['@odata.nextLink'] ?? ''), 'its next page is another one');
  }),
  target(
    { name: 'claims', what: 'tokens and Retry-After headers', share: 30 },
    fc.tuple(fc.oneof(mutated(token), nastyText), nastyText),
    ([jwt, header]) => {
      const claims = readTokenClaims(jwt);
      hold(claims === undefined || /^[0-9a-f-]{36}$/.test(claims.tenantId), 'a tenant is a GUID');
      const ms = retryAfterMs(header, header, 0);
      hold(ms === undefined || ms >= 0, `it waits ${String(ms)} ms`);
    },
  ),
];

function isPage(json: unknown): json is { readonly value: unknown[]; readonly '@odata.nextLink'?: string | null } {
  return typeof json === 'object' && json !== null && 'value' in json && Array.isArray(json.value) && !('error' in json);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}
