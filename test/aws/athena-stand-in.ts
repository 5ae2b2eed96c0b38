/**
 * Athena beside the emulator, which has none that writes: the three calls of compaction over HTTP, each statement run by DuckDB over the
 * objects that lie in the emulator's bucket. Compacted tables are in DuckDB's memory; Glue knows them, as after CREATE TABLE on AWS.
 *
 * Observed 2026-11-30: MiniStack 1.5.33 ends every statement with success and runs none, unless DuckDB for Python is there, which has no
 * Iceberg table to write into.
 */

import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CreateTableCommand, type GlueClient } from '@aws-sdk/client-glue';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { compactedTables } from '../../shared/datasets/compacted-tables.ts';
import { compactedColumns } from '../../shared/domain/compaction-statements.ts';
import { againPrefix, allAgain, type CompactedTable } from '../../shared/domain/compacted-table.ts';
import { emptySelect } from '../../local/lake-sql.ts';
import { literal } from '../../shared/domain/literal.ts';
import { AthenaOnDuckDb } from '../compaction/athena-on-duckdb.ts';

/** What it reads, and where it may keep copies of objects. */
export interface StandInPlace {
  readonly s3: S3Client;
  readonly glue: GlueClient;
  readonly bucket: string;
  readonly folder: string;
}

/** How one statement ended; `rows` begins with the names of the columns, as Athena's answer does. */
interface Execution {
  readonly statement: string;
  readonly state: 'SUCCEEDED' | 'FAILED';
  readonly because?: string;
  readonly rows: readonly (readonly (string | null)[])[];
}

/** A stand-in that listens. */
export class AthenaStandIn {
  /** In the order they were started. */
  readonly statements: string[] = [];
  /** Statements that begin so fail once each, after they were run or before. */
  readonly failing: { readonly begins: string; readonly when: 'before' | 'after' }[] = [];
  private readonly engine: AthenaOnDuckDb;
  private readonly place: StandInPlace;
  private readonly executions = new Map<string, Execution>();
  private readonly files = new Map<string, string>();
  /** Of the copies: an object that was replaced is copied again. */
  private readonly tags = new Map<string, string>();
  private readonly server = createServer((request, response) => {
    this.answer(request).then(
      (body) => response.end(JSON.stringify(body)),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        response.writeHead(400).end(JSON.stringify({ __type: 'InvalidRequestException', message }));
      },
    );
  });

  private constructor(engine: AthenaOnDuckDb, place: StandInPlace) {
    this.engine = engine;
    this.place = place;
  }

  static async start(place: StandInPlace): Promise<AthenaStandIn> {
    const standIn = new AthenaStandIn(await AthenaOnDuckDb.open(), place);
    await new Promise<void>((resolve) => standIn.server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    this.engine.close();
  }

  /** Runs what somebody asks, over what has landed by now. */
  async ask(sql: string): Promise<(string | null)[][]> {
    await this.refresh();
    return this.engine.run(sql);
  }

  private async answer(request: IncomingMessage): Promise<object> {
    const body = JSON.parse(await text(request)) as Readonly<Record<string, string>>;
    switch (request.headers['x-amz-target']) {
      case 'AmazonAthena.StartQueryExecution':
        return { QueryExecutionId: await this.start(body.ClientRequestToken ?? '', body.QueryString ?? '') };
      case 'AmazonAthena.GetQueryExecution': {
        const { state, because } = this.execution(body.QueryExecutionId);
        return { QueryExecution: { Status: { State: state, ...(because !== undefined && { StateChangeReason: because }) } } };
      }
      case 'AmazonAthena.GetQueryResults': {
        const rows = this.execution(body.QueryExecutionId).rows.map((row) => ({
          Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
        }));
        return { ResultSet: { Rows: rows } };
      }
      default:
        throw new Error(`the stand-in for Athena does not know ${String(request.headers['x-amz-target'])}`);
    }
  }

  private execution(id = ''): Execution {
    const found = this.executions.get(id);
    if (!found) throw new Error(`QueryExecution ${id} was not found`);
    return found;
  }

  /** The same token is the same query, if its text is the same. */
  private async start(token: string, statement: string): Promise<string> {
    const id = createHash('sha256').update(token).digest('hex').slice(0, 32);
    const known = this.executions.get(id);
    if (known && known.statement !== statement) throw new Error('Idempotent parameters do not match');
    if (!known) this.executions.set(id, await this.executed(statement));
    return id;
  }

  private async executed(statement: string): Promise<Execution> {
    this.statements.push(statement);
    const fault = this.failing.find(({ begins }) => statement.startsWith(begins));
    if (fault) this.failing.splice(this.failing.indexOf(fault), 1);
    try {
      if (fault?.when === 'before') throw new Error('ICEBERG_TOO_MANY_OPEN_PARTITIONS');
      const rows = await this.ask(statement);
      await this.noteTable(statement);
      if (fault) throw new Error('ICEBERG_COMMIT_ERROR');
      return { statement, state: 'SUCCEEDED', rows: [['name'], ...rows] };
    } catch (error) {
      return { statement, state: 'FAILED', because: error instanceof Error ? error.message : String(error), rows: [] };
    }
  }

  private async noteTable(statement: string): Promise<void> {
    const [, name] = /^CREATE TABLE IF NOT EXISTS `(\w+)`/.exec(statement) ?? [];
    const table = compactedTables.find(({ compacted }) => compacted === name);
    if (!table) return;
    const Columns = compactedColumns(table).map((column) => ({ Name: column.name, Type: 'string' }));
    await this.place.glue.send(
      new CreateTableCommand({ DatabaseName: 'lake', TableInput: { Name: table.compacted, StorageDescriptor: { Columns } } }),
    );
  }

  /** Landed tables over what lies in the bucket now. */
  private async refresh(): Promise<void> {
    const { s3, bucket, folder } = this.place;
    const gone = new Set(this.files.keys());
    for (const Prefix of ['raw/', allAgain])
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix })) {
        for (const { Key = '', ETag = '' } of Contents) {
          gone.delete(Key);
          if (this.tags.get(Key) === ETag) continue;
          const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
          const file = join(folder, Key);
          await mkdir(dirname(file), { recursive: true });
          await writeFile(file, (await Body?.transformToByteArray()) ?? new Uint8Array());
          this.files.set(Key, file);
          this.tags.set(Key, ETag);
        }
      }
    for (const key of gone) {
      this.files.delete(key);
      this.tags.delete(key);
    }
    for (const table of compactedTables) {
      await this.engine.duckdb.run(this.viewOver(table.landed, `raw/${table.dataset}/`, table));
      if (table.again !== undefined) await this.engine.duckdb.run(this.viewOver(table.again, againPrefix(table.dataset), table));
    }
  }

  private viewOver(name: string, prefix: string, { columns }: CompactedTable): string {
    const typed = columns.flatMap((column) => (column.type === 'date' ? [] : [{ name: column.name, type: column.type }]));
    const empty = `SELECT *, CAST(NULL AS BIGINT) AS hr, CAST(NULL AS VARCHAR) AS "$path" FROM (${emptySelect(typed)})`;
    const those = [...this.files].filter(([key]) => key.startsWith(prefix)).map(([, file]) => literal(file));
    if (those.length === 0) return `CREATE OR REPLACE VIEW "${name}" AS ${empty}`;
    const options = "union_by_name = true, hive_partitioning = true, hive_types = {'dt': DATE, 'hr': BIGINT}, filename = 'copy'";
    const path = `${literal(`s3://${this.place.bucket}`)} || substr(copy, ${String(this.place.folder.length + 1)}) AS "$path"`;
    const objects = `SELECT * EXCLUDE (copy), ${path} FROM read_parquet([${those.join(', ')}], ${options})`;
    return `CREATE OR REPLACE VIEW "${name}" AS ${empty} UNION ALL BY NAME ${objects}`;
  }
}
