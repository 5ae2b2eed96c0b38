/** What a code of a cause means and what to do, for whoever has the code alone: a ledger keeps no more of it. */

import { activityErrors } from './activity-errors.ts';
import { graphErrors } from './graph-errors.ts';
import { answersInstead, knownNetworkCause } from './network-causes.ts';
import { tokenErrors } from './token-errors.ts';

/** A code in plain words. */
export interface Meaning {
  /** What is wrong, a sentence without its capital and its end. */
  readonly message: string;
  /** Empty where retrying is all there is to do. */
  readonly cure: string;
}

/**
 * The meaning of a code, Microsoft's or ours.
 *
 * @returns Undefined for a code that no table has.
 */
export function meaningOf(code: string): Meaning | undefined {
  const number = /^AADSTS(\d+)$/.exec(code)?.[1];
  if (number !== undefined) return tokenErrors.get(Number(number));
  const own = [ourCodes, activityErrors, graphErrors].find((table) => Object.hasOwn(table, code));
  return own?.[code] ?? knownNetworkCause(code) ?? oddStatus(code);
}

/** A status that neither API answers with. */
function oddStatus(code: string): Meaning | undefined {
  const status = Number(/^HTTP (\d+)$/.exec(code)?.[1] ?? 0);
  return status === 0 || usualStatuses.has(status) ? undefined : { message: "the status is none of Microsoft's", cure: answersInstead };
}
const usualStatuses: ReadonlySet<number> = new Set([206, 400, 401, 403, 404, 408, 410, 429, 500, 501, 502, 503, 504]);

const lasting = 'Where it lasts, look for a proxy or a filter between here and Microsoft that changes answers';

/** Codes that are neither Microsoft's nor the network's. */
const ourCodes: Readonly<Record<string, Meaning>> = {
  html: { message: 'a web page comes instead of an answer', cure: answersInstead },
  redirect: { message: 'a redirect comes instead of an answer, and is never followed', cure: answersInstead },
  'not-json': { message: 'what comes is no JSON', cure: lasting },
  truncated: { message: 'answers end in the middle', cure: lasting },
  empty: { message: 'answers are empty', cure: lasting },
  gzip: { message: 'packed answers are damaged or cut short', cure: lasting },
  'content-encoding': { message: 'answers are packed in a way that was not asked for', cure: lasting },
  'unsafe-uri': { message: 'an answer leads to a place that no token is sent to', cure: lasting },
  'odd-rows': { message: 'a list holds something else than what was asked for', cure: lasting },
  page: { message: 'a page of a window cannot be read', cure: lasting },
  'page-token': { message: 'Microsoft does not know its own next page; a window is read in shorter parts', cure: '' },
  'paging-loop': { message: 'a page leads back to an earlier one', cure: lasting },
  'list-too-long': { message: 'a content list does not end', cure: lasting },
  'too-large': { message: "answers are larger than any of Microsoft's", cure: lasting },
  timeout: { message: 'answers take too long', cure: '' },
  clock: { message: "the clock of this machine and Microsoft's differ", cure: 'Set the clock, by NTP for example' },
  subscription: {
    message: 'the subscription was started, and the list of subscriptions does not have it as enabled',
    cure: 'It is started again every 15 minutes; where that does not last, ask who disables it',
  },
  token: { message: 'the token that was issued names no tenant', cure: lasting },
};
