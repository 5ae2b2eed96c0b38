/** Statements over Trino's HTTP API. */

import { setTimeout as sleep } from 'node:timers/promises';

interface Answer {
  readonly id: string;
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: { readonly message: string };
  readonly nextUri?: string;
}

export interface TrinoResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  readonly queryId: string;
}

/**
 * Runs one statement to its end.
 *
 * @throws With Trino's message.
 * @see https://trino.io/docs/current/develop/client-protocol.html
 */
export async function runOnTrino(url: string, schema: string, sql: string): Promise<TrinoResult> {
  for (let second = 0; ; second += 1) {
    try {
      return await runOnce(url, schema, sql);
    } catch (error) {
      if (second === 60 || !passing.some((text) => String(error).includes(text))) throw error;
      await sleep(1_000);
    }
  }
}

/** What a server says that has started and not found its own node yet, or that is too busy to answer itself. Every statement may be repeated. */
const passing = ['No nodes available to run query', 'Encountered too many errors talking to a worker node'];

async function runOnce(url: string, schema: string, sql: string): Promise<TrinoResult> {
  const headers = { 'X-Trino-User': 'lake', 'X-Trino-Catalog': 'awsdatacatalog', 'X-Trino-Schema': schema, 'X-Trino-Time-Zone': 'UTC' };
  let answer = await json(await fetch(`${url}/v1/statement`, { method: 'POST', headers, body: sql }));
  let columns = answer.columns ?? [];
  const rows: (readonly unknown[])[] = [...(answer.data ?? [])];
  while (answer.nextUri !== undefined) {
    answer = await json(await fetch(answer.nextUri, { headers }));
    columns = answer.columns ?? columns;
    rows.push(...(answer.data ?? []));
  }
  if (answer.error) throw new Error(answer.error.message);
  return { columns, rows, queryId: answer.id };
}

/** How many splits a query that has ended read of tables: about one a file. */
export async function splitsRead(url: string, queryId: string): Promise<number> {
  const response = await fetch(`${url}/v1/query/${queryId}`, { headers: { 'X-Trino-User': 'lake' } });
  const { queryStats } = (await response.json()) as { queryStats: { operatorSummaries: readonly OperatorSummary[] } };
  const scans = queryStats.operatorSummaries.filter(({ operatorType }) => operatorType.includes('Scan'));
  return scans.reduce((sum, { totalDrivers }) => sum + totalDrivers, 0);
}

interface OperatorSummary {
  readonly operatorType: string;
  readonly totalDrivers: number;
}

async function json(response: Response): Promise<Answer> {
  if (!response.ok) throw new Error(`Trino answers ${String(response.status)}`);
  return (await response.json()) as Answer;
}
