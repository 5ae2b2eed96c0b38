/** Everything that can go wrong, by name, and what each fault does to an answer. docs/simulator.md shows this table. */

/** Answers instead of the right one, or spoiling it; the text completes the sentence "The client gets ...". */
export const faultTexts = {
  '429': 'status 429 without a time to come back',
  '429-retry-after': 'status 429 with `Retry-After` of `retryAfterSeconds`',
  '429-retry-after-list': 'status 429 with `Retry-After: 30,120`, two values that a proxy joined',
  '429-retry-after-date': 'status 429 with `Retry-After` as an HTTP date, `retryAfterSeconds` from now',
  '429-retry-after-years': 'status 429 with `Retry-After: 315360000`, ten years',
  AF429: 'the throttling of the Management Activity API: status 403 with AF429',
  '401': 'status 401',
  '403': 'status 403',
  '404': 'status 404',
  '500': 'status 500',
  '502': 'status 502',
  '503': 'status 503',
  '503-retry-after': 'status 503 with `Retry-After` of `retryAfterSeconds`',
  '504': 'status 504',
  AF50000: 'status 500 with AF50000',
  AF20050: 'status 400 with AF20050: the content does not exist',
  'premium-403': 'status 403 that says a licensed tenant had no licence',
  'partial-206': 'status 206 of alerts v1: one provider failed, and the list is not whole',
  hang: 'nothing, until it gives up',
  reset: 'a dead connection; the request was carried out',
  'cut-short': 'half of the body, then a dead connection; `Content-Length` is that of the whole',
  truncated: 'half of the body, and a clean end',
  'truncated-gzip': 'half of a packed body, and a clean end',
  html: 'status 200 and a page for people',
  'captive-portal': 'status 302 to a page that asks people to sign in to a network',
  malformed: 'status 200 and broken JSON',
  bom: 'the right answer after a byte order mark',
  'empty-body': 'status 200 and nothing',
  late: 'the right answer, `lateMs` late',
  'long-window-late': 'the right answer, `lateMs` late where the window is longer than `longWindowMinutes`',
  'long-window-504': 'status 504 where the window is longer than `longWindowMinutes`',
  'next-page-404': 'a first page as usual, and for every later one 404 "Token not found" (of the content list AF20031)',
  'empty-page-loop': 'of Graph, after the last page an empty one whose `@odata.nextLink` is itself',
  'endless-list': 'of the content list, page after page of blobs that were never made, `endlessRows` on each',
  'long-uris': 'of the content list, content URIs of 8,000 characters that work',
  'date-skew': 'the right answer with a `Date` that is `dateSkewSeconds` off',
  big: 'the right records with `bigMb` megabytes of white space among them',
  'zip-bomb': 'some kilobytes that unpack to a gigabyte',
} as const;

/** The name of a fault, as in the faults file. */
export type FaultName = keyof typeof faultTexts;

/** All names, in the order of {@link faultTexts}. */
export const faultNames = Object.keys(faultTexts) as readonly FaultName[];

/** Changes of the world at an instant. The text completes the sentence "At that time ...". */
export const eventTexts = {
  'expire-next-pages': 'next pages and skip tokens handed out so far stop working',
  'rotate-secret': 'every app of the tenant has `secret` (or another one) as its only secret',
  'expire-secret': 'all secrets of the tenant expire',
  'withdraw-consent': 'the apps of the tenant lose every permission',
  'restore-consent': 'the apps of the tenant have every permission again',
  'disable-subscription': 'subscriptions (to `contentType`, or all) are disabled',
  'enable-subscription': 'subscriptions (to `contentType`, or all) are enabled',
  'remove-subscription': 'subscriptions (to `contentType`, or all) are gone',
  'switch-auditing-off': 'unified auditing is switched off',
  'switch-auditing-on': 'unified auditing is switched on',
  'delete-tenant': 'the tenant is deleted',
  'restore-tenant': 'the tenant is there again',
  'lose-licence': 'the tenant has no premium licence',
  'gain-licence': 'the tenant has a premium licence',
  'block-by-conditional-access': 'Conditional Access blocks tokens for the apps of the tenant',
  unblock: 'Conditional Access no longer blocks them',
} as const;

/** The name of an event, as in the faults file. */
export type EventName = keyof typeof eventTexts;

/** All names, in the order of {@link eventTexts}. */
export const eventNames = Object.keys(eventTexts) as readonly EventName[];
