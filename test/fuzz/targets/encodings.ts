/** What stands around a text: byte order marks, encodings, zones of times, and the environment's words for a proxy. */

import fc from 'fast-check';
import { fileText } from '../../../local/text-encoding.ts';
import { longestRetryAfterMs } from '../../../shared/domain/retry.ts';
import { judgeActivity, judgeGraph, judgeToken } from '../../../shared/microsoft/api-errors.ts';
import { splitGraphPage } from '../../../shared/microsoft/graph-page.ts';
import { instantOf } from '../../../shared/microsoft/instant-of.ts';
import { networkCause } from '../../../shared/microsoft/network-causes.ts';
import { proxyFrom } from '../../../shared/microsoft/proxy.ts';
import { retryAfterMs } from '../../../shared/microsoft/retry-after.ts';
import { mutated, nastyJson, nastyText } from '../hostile.ts';
import { hold, target, type Target } from '../target.ts';

const mark = Buffer.from([0xef, 0xbb, 0xbf]);
const answers = fc.oneof(
  mutated('{"value":[{"id":"a"}],"@odata.nextLink":"https://graph.microsoft.com/x"}'),
  mutated('{"error":{"code":"AF20022","message":"No subscription"}}'),
  mutated('{"error":"invalid_client","error_description":"AADSTS7000215: wrong","error_codes":[7000215]}'),
  nastyJson(['error', 'code', 'value', 'id']).map((json) => JSON.stringify(json)),
);

/** What an answer comes to, whoever reads it. */
function meaningOf(body: Buffer): string {
  const reply = { status: 403, receivedAt: 0, headers: {}, body };
  const { kind, ...page } = splitGraphPage(body);
  const rows = 'rows' in page ? page.rows.toString('utf8') : '';
  return JSON.stringify([kind, rows, judgeActivity(reply, 'feed'), judgeGraph(reply), judgeToken(reply, '')]);
}

/** Letters that UTF-16 writes as two bytes each, which begin like a file that somebody wrote. */
const fileTexts = fc.tuple(
  fc.constantFrom('{"contoso": {', '[\n', 'RecordId,AuditData\r\n'),
  fc.string({ minLength: 20, unit: 'binary-ascii' }),
);

const password = 'canary-password';
const proxies = fc.oneof(
  mutated(`http://user:${password}@proxy.example:3128`),
  nastyText.map((text) => `http://${password}@${text}`),
  nastyText.map((text) => `${password}:${text}`),
);

const times = fc.oneof(
  mutated('2026-11-22T06:10:30.1234567Z'),
  mutated('Sun, 22 Nov 2026 06:10:30 GMT'),
  mutated('2026-11-22T06:10:30'),
  nastyText,
);

export const encodingTargets: readonly Target[] = [
  target({ name: 'marks', what: 'answers after a byte order mark mean what they mean without', share: 30, cost: 5 }, answers, (text) => {
    const body = Buffer.from(text.replace(/^\ufeff+/, ''), 'utf8');
    hold(meaningOf(Buffer.concat([mark, body])) === meaningOf(body), 'a byte order mark makes another answer of it');
  }),
  target(
    { name: 'text-files', what: "tenants files and exports in people's encodings are read as they were", share: 20 },
    fileTexts,
    (parts) => {
      const text = parts.join('');
      const marked = `\ufeff${text}`;
      const utf16 = Buffer.from(text, 'utf16le');
      const written = [Buffer.from(text), Buffer.from(marked), Buffer.from(marked, 'utf16le'), Buffer.from(marked, 'utf16le').swap16()];
      for (const bytes of written) hold(fileText(bytes) === text, `it is read as ${JSON.stringify(fileText(bytes))}`);
      // Without a mark it is judged by its zeros, of which the text may have some of its own.
      if (!text.includes('\0')) hold(fileText(utf16) === text, 'UTF-16 without a mark is not seen');
    },
  ),
  target({ name: 'proxies', what: 'HTTPS_PROXY is a proxy or refused, and never repeated', share: 20 }, proxies, (url) => {
    let message = '';
    try {
      const proxy = proxyFrom({ HTTPS_PROXY: url }, '24.10.0');
      hold(proxy === undefined || /^https?:/i.test(proxy.url), 'it is the URL of no proxy');
    } catch (error) {
      message = String(error);
    }
    hold(!message.includes(password), `the password is in the message: ${message}`);
    const cause = networkCause(url, undefined);
    hold(cause.code === url && cause.message !== '', 'a cause without a message');
  }),
  target({ name: 'times', what: 'times of answers, and waits until them', share: 20 }, times, (text) => {
    const instant = instantOf(text);
    hold(instant === undefined || Number.isFinite(instant), 'an instant is a number');
    const isBare = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?$/.test(text.trim());
    if (isBare && instant !== undefined)
      hold(instant === Date.parse(`${text.trim()}Z`), 'a time without a zone is in the zone of this machine');
    for (const date of [undefined, text]) {
      const waitMs = retryAfterMs(text, date, 0) ?? 0;
      hold(waitMs >= 0 && waitMs <= longestRetryAfterMs, `it waits ${String(waitMs)} ms`);
    }
  }),
];
