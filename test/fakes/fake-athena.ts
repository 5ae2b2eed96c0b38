import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  InvalidRequestException,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
  type AthenaClient,
} from '@aws-sdk/client-athena';
import { DuckDBTypeId, type DuckDBConnection } from '@duckdb/node-api';

/** Athena's interface over a DuckDB: values are put in as Athena does, results come in pages of texts under a heading. */
export class FakeAthena {
  readonly #duckdb: DuckDBConnection;
  readonly started: StartQueryExecutionCommand['input'][] = [];
  readonly stopped: string[] = [];
  /** How many times a query is still running when it is asked for. */
  pollsUntilDone = 1;
  readonly #queries = new Map<string, { polls: number; run: () => Promise<Done>; done?: Done; isStopped?: true }>();

  constructor(duckdb: DuckDBConnection) {
    this.#duckdb = duckdb;
  }

  get client(): AthenaClient {
    return { config: {}, send: (command: unknown) => this.#send(command) } as unknown as AthenaClient;
  }

  #send(command: unknown): Promise<unknown> {
    if (command instanceof StartQueryExecutionCommand) return this.#start(command.input);
    if (command instanceof GetQueryExecutionCommand) return this.#execution(command.input.QueryExecutionId ?? '');
    if (command instanceof GetQueryResultsCommand)
      return this.#results(command.input.QueryExecutionId ?? '', Number(command.input.NextToken ?? 0));
    if (command instanceof StopQueryExecutionCommand) this.#stop(command.input.QueryExecutionId ?? '');
    return Promise.resolve({});
  }

  #start(input: StartQueryExecutionCommand['input']): Promise<unknown> {
    this.started.push(input);
    const values = input.ExecutionParameters ?? [];
    const marks = (input.QueryString ?? '').split('?').length - 1;
    if (marks < values.length) return Promise.reject(new InvalidRequestException({ message: 'more values than places', $metadata: {} }));
    const id = `query-${String(this.started.length)}`;
    const sql = values.length === 0 ? (input.QueryString ?? '') : `EXECUTE fake(${values.join(', ')})`;
    const run = async (): Promise<Done> => {
      if (values.length > 0) await this.#duckdb.run(`PREPARE fake AS ${input.QueryString ?? ''}`);
      const result = await this.#duckdb.runAndReadAll(sql);
      const columns = result.columnNames().map((name, index) => ({ Name: name, Type: typeOf(result.columnTypeId(index)) }));
      return { columns, rows: result.getRows().map((row) => row.map((value) => (value === null ? {} : { VarCharValue: textOf(value) }))) };
    };
    this.#queries.set(id, { polls: 0, run });
    return Promise.resolve({ QueryExecutionId: id });
  }

  async #execution(id: string): Promise<unknown> {
    const query = this.#queries.get(id);
    if (!query) throw new InvalidRequestException({ message: 'no such query', $metadata: {} });
    const state = (State: string, more: object = {}) => ({
      QueryExecution: { StatementType: 'DML', Status: { State, ...more }, Statistics: { DataScannedInBytes: 1_234_567 } },
    });
    if (query.isStopped) return state('CANCELLED');
    query.polls += 1;
    if (query.polls <= this.pollsUntilDone) return state('RUNNING');
    try {
      query.done ??= await query.run();
      return state('SUCCEEDED');
    } catch (error) {
      return state('FAILED', { AthenaError: { ErrorMessage: String(error) } });
    }
  }

  #results(id: string, from: number): Promise<unknown> {
    const { columns = [], rows = [] } = this.#queries.get(id)?.done ?? {};
    const all = [columns.map(({ Name }) => ({ VarCharValue: Name })), ...rows];
    const page = all.slice(from, from + 1_000).map((Data) => ({ Data }));
    const next = from + 1_000 < all.length ? { NextToken: String(from + 1_000) } : {};
    return Promise.resolve({ ResultSet: { Rows: page, ResultSetMetadata: { ColumnInfo: columns } }, ...next });
  }

  #stop(id: string): void {
    this.stopped.push(id);
    const query = this.#queries.get(id);
    if (query) query.isStopped = true;
  }
}

interface Done {
  readonly columns: readonly { readonly Name: string; readonly Type: string }[];
  readonly rows: readonly (readonly { readonly VarCharValue?: string }[])[];
}

const types: Readonly<Partial<Record<DuckDBTypeId, string>>> = {
  [DuckDBTypeId.INTEGER]: 'integer',
  [DuckDBTypeId.BIGINT]: 'bigint',
  [DuckDBTypeId.DOUBLE]: 'double',
  [DuckDBTypeId.BOOLEAN]: 'boolean',
  [DuckDBTypeId.TIMESTAMP]: 'timestamp',
};
const typeOf = (id: DuckDBTypeId): string => types[id] ?? 'varchar';
/** DuckDB leaves out a fraction that is zero; Athena writes milliseconds. */
const textOf = (value: unknown): string => String(value).replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/, '$1.000');
