/** The console's API, asked from the page. */

import { streamed, type Column, type Value } from '../api/common.ts';
import { fault, routes, type AnswerOf, type RequestOf, type RouteName, type StreamName, type StreamRequestOf } from '../api/routes.ts';

const token = document.querySelector<HTMLMetaElement>('meta[name=lake-token]')?.content ?? '';

/** Asks a route. @throws What the server says, or that it is gone. */
export async function call<Name extends RouteName>(name: Name, request: RequestOf<Name>, signal?: AbortSignal): Promise<AnswerOf<Name>> {
  const response = await post(name, request, signal);
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(fault.safeParse(body).data?.message ?? `the server answers ${String(response.status)}`);
  return routes[name].answer.parse(body) as AnswerOf<Name>;
}

/** What comes of an answer while it streams. */
export interface Arriving {
  readonly asked?: (sql: string, values: Readonly<Record<string, string | number>>) => void;
  readonly columns: (columns: readonly Column[]) => void;
  readonly rows: (rows: readonly (readonly Value[])[]) => void;
  readonly end: (rows: number, hasMore: boolean, bytesScanned: number | undefined) => void;
}

/** Asks a route that streams. Resolves at its end. @throws As the engine fails, also amid rows. */
export async function stream<Name extends StreamName>(
  name: Name,
  request: StreamRequestOf<Name>,
  arriving: Arriving,
  signal: AbortSignal,
): Promise<void> {
  const response = await post(name, request, signal);
  if (!response.ok || !response.body) throw new Error(fault.safeParse(await response.json()).data?.message ?? 'the server refuses');
  let isWhole = false;
  for await (const line of linesOf(response.body)) isWhole = take(line, arriving) || isWhole;
  if (!isWhole) throw new Error('the answer breaks off: the console has ended, or lost its engine; start it again');
}

function take(text: string, arriving: Arriving): boolean {
  const line = streamed.parse(JSON.parse(text));
  switch (line.kind) {
    case 'asked':
      arriving.asked?.(line.sql, line.values);
      return false;
    case 'columns':
      arriving.columns(line.columns);
      return false;
    case 'rows':
      arriving.rows(line.rows);
      return false;
    case 'end':
      arriving.end(line.rows, line.hasMore, line.bytesScanned);
      return true;
    case 'failed':
      throw new Error(line.message);
  }
}

async function post(name: string, request: unknown, signal: AbortSignal | undefined): Promise<Response> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', 'x-lake-token': token }, body: JSON.stringify(request) };
  try {
    return await fetch(`/api/${name}`, { ...init, ...(signal && { signal }) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error("the console does not answer: it has ended. Start 'lake console' again, and open the address that it prints");
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  for (;;) {
    const { done, value = '' } = await reader.read();
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
    if (done) return;
  }
}
