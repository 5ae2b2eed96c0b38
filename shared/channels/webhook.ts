/** Webhooks: a POST of JSON, signed. */

import type { Clock } from '../ports/clock.ts';
import { webhookBody, type WebhookFormat } from '../notifications/formats.ts';
import { webhookHeaders } from '../notifications/signature.ts';
import type { Channel, SendOutcome } from '../notifications/channel.ts';

/** Where a webhook goes, and how. */
export interface Webhook {
  readonly id: string;
  /** Its path may be a secret, as with Slack: it stands in no log. */
  readonly url: URL;
  readonly format: WebhookFormat;
  /** Signs what is sent; unsigned where it is undefined. */
  readonly secret?: string | undefined;
}

const timeoutMs = 10_000;

/** Sends each message once; whoever gives it out decides when it is sent again. */
export function openWebhook({ id, url, format, secret }: Webhook, clock: Pick<Clock, 'now'>): Channel {
  return {
    id,
    form: 'digest',
    send: async (message) => {
      const body = webhookBody(format, message);
      const signed = webhookHeaders(message.id, clock.now(), body, secret);
      const headers = { 'content-type': 'application/json', 'user-agent': 'm365-audit-lake', ...signed };
      try {
        // A redirect could lead a signed message anywhere: it is no success.
        const request = { method: 'POST', body, headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) } as const;
        const response = await fetch(url, request);
        await response.body?.cancel();
        return outcomeOf(response, clock);
      } catch (error) {
        return { kind: 'failed', because: reasonOf(error) };
      }
    },
  };
}

/** 413 alone is final: what is too large stays so. Everything else may be mended by a person while the message waits. */
function outcomeOf({ ok, status, headers }: Response, clock: Pick<Clock, 'now'>): SendOutcome {
  if (ok) return { kind: 'taken' };
  const retryAfterMs = retryAfter(headers.get('retry-after'), clock);
  const because = `the receiver answered with HTTP ${String(status)}`;
  return { kind: 'failed', because, ...(retryAfterMs !== undefined && { retryAfterMs }), ...(status === 413 && { isFinal: true }) };
}

/** Seconds, or a date. @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function retryAfter(text: string | null, clock: Pick<Clock, 'now'>): number | undefined {
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - clock.now();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

/** The code of the system, which says what is wrong and not where to. */
function reasonOf(error: unknown): string {
  const { cause, name } = error as Error & { readonly cause?: { readonly code?: unknown } };
  const code = cause?.code;
  if (name === 'TimeoutError') return `the receiver did not answer within ${String(timeoutMs / 1_000)} s`;
  return `the receiver could not be reached (${typeof code === 'string' ? code : name})`;
}

/** What messages may go to: `https:`, or this machine. */
export type WebhookUrl = { readonly kind: 'url'; readonly url: URL } | { readonly kind: 'refused'; readonly why: string };

const thisMachine: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @param text Is not repeated in what is refused: it may be a secret. */
export function webhookUrl(text: string): WebhookUrl {
  const url = URL.parse(text.trim());
  if (!url) return { kind: 'refused', why: 'the address of the webhook is no URL; give https://…' };
  if (url.username !== '' || url.password !== '')
    return { kind: 'refused', why: 'the address of the webhook has a name or password in it' };
  if (url.protocol === 'https:' || (url.protocol === 'http:' && thisMachine.has(url.hostname))) return { kind: 'url', url };
  return {
    kind: 'refused',
    why: `a webhook goes by https:, or by http: to this machine alone, and not by ${url.protocol}//${url.hostname}`,
  };
}

/** What receives messages at an address, where nobody says otherwise. */
export function usualFormat({ hostname }: URL): WebhookFormat {
  if (hostname === 'hooks.slack.com' || hostname === 'hooks.slack-gov.com') return 'slack';
  const teams = ['.webhook.office.com', '.logic.azure.com', '.environment.api.powerplatform.com'];
  return teams.some((end) => hostname.endsWith(end)) ? 'teams' : 'generic';
}
