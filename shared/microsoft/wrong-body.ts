/** What an answer with status 200 is that is not what was asked for: each kind has a name, and each is asked for again. */

import type { Refusal } from '../ports/microsoft.ts';
import { factsOf, type FileFacts } from './body-ends.ts';
import type { HttpReply } from './http.ts';
import { answersInstead } from './network-causes.ts';
import { refuse } from './refuse.ts';

/** How a body of JSON begins and ends. */
export type Shape = 'array' | 'object';

/**
 * The refusal for a body that is no JSON of the wanted shape.
 *
 * A web page is `unavailable`: no API of Microsoft's answers with one, so it is somebody else's (a captive portal, a filter, a proxy), who
 * has no say in what becomes of a content blob. Everything else is `malformed`.
 *
 * @param what The subject of the message, such as "the content blob".
 */
export function wrongBody(what: string, shape: Shape, reply: HttpReply, facts: FileFacts): Refusal {
  const { firstByte, lastByte } = facts;
  const [begin, end] = brackets[shape];
  if (firstByte === undefined) return malformed('empty', `${what} is empty`);
  if (isWebPage(reply, facts)) return webPage(what);
  if (firstByte === begin && lastByte !== end) return malformed('truncated', `${what} ends in the middle`);
  return malformed('not-json', `${what} is not a whole JSON ${shape}`);
}

/** A web page in the place of an answer, whatever was asked for. */
export function webPage(what: string): Refusal {
  return refuse('unavailable', { code: 'html', message: `a web page came instead of ${what}`, cure: answersInstead });
}

/** A redirect in the place of an answer: Microsoft's APIs never redirect. */
export function redirected({ headers }: HttpReply): Refusal {
  const host = URL.parse(headers.location ?? '')?.hostname ?? '';
  const to = /^[a-z0-9.-]{1,253}$/.test(host) ? ` to ${host}` : '';
  const message = `the answer is a redirect${to}, which is never followed`;
  return refuse('unavailable', { code: 'redirect', message, cure: answersInstead });
}

/** Whether a body looks like a web page, or its header names it one. */
export function isWebPage({ headers }: HttpReply, { firstByte }: FileFacts): boolean {
  return firstByte === lessThan || /^\s*(?:text\/html|application\/xhtml)/i.test(headers['content-type'] ?? '');
}

/** Whether an answer cannot be Microsoft's, whatever was asked for: a redirect, or a web page that is no server's fault. */
export function isForeign(reply: HttpReply): boolean {
  const { status, file, body } = reply;
  return (status >= 300 && status < 400) || (status < 500 && isWebPage(reply, file ?? factsOf(body.subarray(0, longestHead))));
}

/** Of a body as much is looked at as blanks may come before its first byte. */
const longestHead = 4_096;

/** The bytes that an array, or an object, begins and ends with. */
export const brackets: Readonly<Record<Shape, readonly [number, number]>> = { array: [0x5b, 0x5d], object: [0x7b, 0x7d] };
const lessThan = 0x3c;

function malformed(code: string, message: string): Refusal {
  return refuse('malformed', { code, message, cure: '' });
}
