/** Faults that change the right answer: its window, its pages, its rows. Those that change its bytes are in delivery.ts. */

import { iso, minutes } from '../shared/domain/window.ts';
import { contentIdOf } from './content-id.ts';
import { errorAnswer } from './fault-answers.ts';
import type { FaultName } from './fault-names.ts';
import type { Faults } from './faults.ts';
import { graphError } from './graph-errors.ts';
import { json, type HostKind, type SimulatedAnswer, type SimulatedRequest } from './http-message.ts';
import { managementError } from './management-errors.ts';
import type { Quirks } from './quirks.ts';

/** What these faults need to know. */
export interface PageFaultContext {
  readonly request: SimulatedRequest;
  readonly kind: HostKind;
  readonly faults: Faults;
  readonly quirks: Quirks;
  /** The right answer to a request. */
  readonly answer: (request: SimulatedRequest) => SimulatedAnswer;
}

/**
 * The answer that a fault of this file makes of the right one.
 *
 * @returns Undefined when the fault is none of these, or does not concern this request: it gets the right answer then.
 */
export function pageFaultAnswer(fault: FaultName, context: PageFaultContext): SimulatedAnswer | undefined {
  return pageFaults[fault]?.(context);
}

/** Whether the fault leaves some requests alone; those count as answered well. */
export function isConditional(fault: FaultName): boolean {
  return Object.hasOwn(pageFaults, fault);
}

const pageFaults: Partial<Record<FaultName, (context: PageFaultContext) => SimulatedAnswer | undefined>> = {
  'long-window-504': (context) => (isLongWindow(context) ? errorAnswer(504, context.request, context.kind) : undefined),
  'long-window-late': (context) => (isLongWindow(context) ? context.answer(context.request) : undefined),
  'next-page-404': tokenNotFound,
  'empty-page-loop': emptyPageLoop,
  'endless-list': endlessList,
  'long-uris': longUris,
};

function isLongWindow({ request, faults, answer }: PageFaultContext): boolean {
  const { window } = answer(request).facts ?? {};
  return window !== undefined && window.end - window.start > minutes(faults.longWindowMinutes);
}

function tokenNotFound({ request }: PageFaultContext): SimulatedAnswer | undefined {
  const nextPage = request.query.get('nextPage');
  if (nextPage !== null) return managementError('AF20031', [nextPage]);
  if (!request.query.has('$skiptoken')) return undefined;
  return graphError(request, 404, 'UnknownError', 'Token not found: token is either invalid or expired');
}

const loopToken = 'empty-page-loop';

/** Where the last page would end the list, a link to an empty page follows; its link is its own address. */
function emptyPageLoop({ request, kind, answer }: PageFaultContext): SimulatedAnswer | undefined {
  if (kind !== 'graph') return undefined;
  const link = `https://${request.host}${request.path}?$skiptoken=${loopToken}`;
  if (request.query.get('$skiptoken') === loopToken) return json(200, { '@odata.nextLink': link, value: [] });
  const right = answer(request);
  const body = right.body.toString();
  if (right.status !== 200 || body.slice(0, body.indexOf('"value"')).includes('@odata.nextLink')) return undefined;
  return { ...right, body: body.replace('"value":', `"@odata.nextLink":${JSON.stringify(link)},"value":`) };
}

/** A next page on every page; the blobs on those that follow the first are invented, each once. */
function endlessList({ request, faults, quirks, answer }: PageFaultContext): SimulatedAnswer | undefined {
  if (!request.path.endsWith('/subscriptions/content')) return undefined;
  const [, number = '0'] = /^endless\.(\d+)$/.exec(request.query.get('nextPage') ?? '') ?? [];
  const query = new URLSearchParams(request.query);
  query.delete('nextPage');
  const first = answer({ ...request, query });
  if (first.status !== 200) return undefined;
  const rows = number === '0' ? (JSON.parse(first.body.toString()) as unknown[]) : inventedRows(Number(number), faults, first, request);
  const next = [...query].map(([name, value]) => `${name}=${value}`).concat(`nextPage=endless.${String(Number(number) + 1)}`);
  const headers = { ...first.headers, [quirks.nextPageHeader]: `https://${request.host}${request.path}?${next.join('&')}` };
  return json(200, rows, headers, { ...first.facts, rows: rows.length });
}

function inventedRows(page: number, { endlessRows }: Faults, { facts }: SimulatedAnswer, request: SimulatedRequest): unknown[] {
  const contentType = request.query.get('contentType') ?? '';
  const created = facts?.window?.start ?? request.now;
  return Array.from({ length: endlessRows }, (_, index) => {
    const contentId = contentIdOf(created, (page * endlessRows + index) % 1_000_000, contentType);
    const root = request.path.slice(0, request.path.indexOf('/subscriptions/'));
    const contentUri = `https://${request.host}${root}/audit/${contentId}`;
    const times = { contentCreated: iso(created), contentExpiration: iso(created + minutes(7 * 24 * 60)) };
    return { contentUri, contentId, contentType, ...times };
  });
}

/** The address works: the API takes no notice of what it does not know. */
function longUris({ request, answer }: PageFaultContext): SimulatedAnswer | undefined {
  if (!request.path.endsWith('/subscriptions/content')) return undefined;
  const right = answer(request);
  if (right.status !== 200) return undefined;
  const rows = JSON.parse(right.body.toString()) as { contentUri: string }[];
  const long = rows.map((row) => ({ ...row, contentUri: `${row.contentUri}?padding=`.padEnd(8_000, 'x') }));
  return { ...right, body: JSON.stringify(long) };
}
