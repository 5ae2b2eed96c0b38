/** Questions to Athena, in the deployment's workgroup: its limit of bytes, its place for results and its encryption hold. */

import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  InvalidRequestException,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
  type ColumnInfo,
  type GetQueryResultsOutput,
  type QueryExecution,
} from '@aws-sdk/client-athena';
import { literal } from '../../domain/literal.ts';
import { AskingCanceled, withValues, type Answer, type AnswerRow, type Asking, type Cost, type Question } from '../../ports/asking.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AthenaPlace } from '../compaction/athena.ts';
import { athenaColumn, athenaValue } from './athena-value.ts';
import { refusalOf } from './reading-statement.ts';

/** Athena refuses a statement, or fails at it. */
class AthenaRefused extends Error {
  override readonly name = 'AthenaRefused';
}

/** Opens questions to Athena; each is a query of its own, and Athena's quotas say how many run at once. */
export function openAthenaAsking(place: AthenaPlace, clock: Clock): Asking {
  const running = new Set<string>();
  const deps = { ...place, clock, running };
  return {
    engine: 'athena',
    ask: (question, signal) => ask(deps, question, signal),
    close: async () => {
      await Promise.all([...running].map((id) => stop(deps, id)));
    },
  };
}

interface Deps extends AthenaPlace {
  readonly clock: Clock;
  readonly running: Set<string>;
}

async function ask(deps: Deps, question: Question, signal: AbortSignal | undefined): Promise<Answer> {
  const id = await start(deps, question);
  let cost: Cost = {};
  const ended = await waitFor(deps, id, signal, (bytesScanned) => (cost = { bytesScanned }));
  if (ended.Status?.State !== 'SUCCEEDED') throw new AthenaRefused(failure(ended));
  const first = await page(deps, id, undefined);
  const columns = first.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
  return {
    columns: columns.map(athenaColumn),
    batches: batchesOf(deps, id, first, { columns, hasHeading: ended.StatementType === 'DML' }, signal),
    cost: () => cost,
  };
}

/** Values go beside the statement, as literals of their own: Athena puts them where a `?` stands. */
async function start({ client, workgroup, database, running }: Deps, question: Question): Promise<string> {
  const values: string[] = [];
  const statement = withValues(question, (_, value) => {
    values.push(typeof value === 'number' ? String(value) : literal(value));
    return '?';
  });
  const refusal = refusalOf(statement);
  if (refusal !== undefined) throw new AthenaRefused(refusal);
  const { QueryExecutionId: id } = await client
    .send(
      new StartQueryExecutionCommand({
        QueryString: statement,
        WorkGroup: workgroup,
        QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: database },
        ...(values.length > 0 && { ExecutionParameters: values }),
      }),
    )
    .catch((error: unknown) => {
      throw error instanceof InvalidRequestException ? new AthenaRefused(error.message, { cause: error }) : error;
    });
  if (id === undefined) throw new Error('Athena has started a query and named none');
  running.add(id);
  return id;
}

/** @throws AskingCanceled once the query was stopped. */
async function waitFor(deps: Deps, id: string, signal: AbortSignal | undefined, onBytes: (bytes: number) => void): Promise<QueryExecution> {
  for (let waitMs = 200; ; waitMs = Math.min(waitMs * 1.5, 2_000)) {
    if (signal?.aborted) {
      await stop(deps, id);
      throw new AskingCanceled();
    }
    const { QueryExecution: query = {} } = await deps.client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const bytes = query.Statistics?.DataScannedInBytes;
    if (bytes !== undefined) onBytes(bytes);
    const state = query.Status?.State;
    if (state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED') {
      deps.running.delete(id);
      return query;
    }
    await deps.clock.sleep(waitMs);
  }
}

/** Best effort: a query that has ended meanwhile cannot be stopped. */
async function stop({ client, running }: Deps, id: string): Promise<void> {
  running.delete(id);
  await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).catch(() => undefined);
}

function failure({ Status: status }: QueryExecution): string {
  if (status?.State === 'CANCELLED')
    return status.StateChangeReason ?? 'the query was canceled in Athena, or by the limit of its workgroup';
  return status?.AthenaError?.ErrorMessage ?? status?.StateChangeReason ?? 'Athena gives no reason';
}

interface Shape {
  readonly columns: readonly ColumnInfo[];
  /** The first row of what SELECT answers has the names. */
  readonly hasHeading: boolean;
}

async function* batchesOf(
  deps: Deps,
  id: string,
  first: GetQueryResultsOutput,
  { columns, hasHeading }: Shape,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly AnswerRow[]> {
  let rest = hasHeading ? 1 : 0;
  for (let current: GetQueryResultsOutput | undefined = first; current;) {
    if (signal?.aborted) throw new AskingCanceled();
    const rows = (current.ResultSet?.Rows ?? []).slice(rest);
    rest = 0;
    if (rows.length > 0) yield rows.map(({ Data: cells = [] }) => columns.map((column, index) => athenaValue(cells[index], column)));
    current = current.NextToken === undefined ? undefined : await page(deps, id, current.NextToken);
  }
}

/** At most 1,000 rows. */
function page({ client }: Deps, id: string, token: string | undefined): Promise<GetQueryResultsOutput> {
  return client.send(new GetQueryResultsCommand({ QueryExecutionId: id, ...(token !== undefined && { NextToken: token }) }));
}
