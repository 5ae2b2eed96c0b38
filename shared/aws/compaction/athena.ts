/** Statements on Athena. */

import { createHash } from 'node:crypto';
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  InvalidRequestException,
  StartQueryExecutionCommand,
  type AthenaClient,
} from '@aws-sdk/client-athena';
import type { Ended, Turn } from '../../domain/hour-compaction.ts';
import type { Started } from '../../ports/hour-compaction.ts';

/** Where statements are run. */
export interface AthenaPlace {
  readonly client: AthenaClient;
  readonly workgroup: string;
  readonly database: string;
}

/**
 * Starts a statement once: the same claim has the same token, which Athena answers with the query that it has.
 *
 * @throws When Athena throttles or cannot be reached: the claim stays, and the next run starts it.
 * @see https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
 */
export async function startStatement({ client, workgroup, database }: AthenaPlace, statement: string, token: string): Promise<Started> {
  try {
    const { QueryExecutionId: queryId } = await client.send(
      new StartQueryExecutionCommand({
        QueryString: statement,
        ClientRequestToken: token,
        WorkGroup: workgroup,
        QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: database },
      }),
    );
    if (queryId === undefined) throw new Error('Athena has started a statement and named no query');
    return { kind: 'started', queryId };
  } catch (error) {
    // A deployment between two runs may have changed the text under a token: the next claim has another one.
    if (error instanceof InvalidRequestException) return { kind: 'refused', because: error.message };
    throw error;
  }
}

/** Athena takes 32 to 128 characters. */
export function tokenOf(database: string, dataset: string, { queryId: _unknown, ...claim }: Turn): string {
  return createHash('sha256')
    .update(JSON.stringify([database, dataset, claim]))
    .digest('hex');
}

/** @returns With the first column of a read. */
export async function outcomeOf({ client }: AthenaPlace, queryId: string, isRead: boolean): Promise<Ended | 'running'> {
  const { QueryExecution: query } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: queryId }));
  const { State: state, StateChangeReason: reason = 'Athena gives no reason' } = query?.Status ?? {};
  if (state === 'SUCCEEDED') return isRead ? { kind: 'succeeded', days: await firstColumn(client, queryId) } : { kind: 'succeeded' };
  if (state === 'FAILED' || state === 'CANCELLED') return { kind: 'failed', because: reason };
  return 'running';
}

/** The first row has the names. */
async function firstColumn(client: AthenaClient, queryId: string): Promise<string[]> {
  const values: string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new GetQueryResultsCommand({ QueryExecutionId: queryId, ...(token !== undefined && { NextToken: token }) }),
    );
    values.push(...(page.ResultSet?.Rows ?? []).map(({ Data }) => Data?.[0]?.VarCharValue ?? ''));
    token = page.NextToken;
  } while (token !== undefined);
  return values.slice(1);
}
