import { readdir } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UsageError } from '../../local/exit.ts';
import { queryFunctions } from '../../local/query-functions.ts';
import { readingStatement } from '../../local/reading-statement.ts';
import { connectDuckDb } from '../../shared/landing/landing.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const newFolder = temporaryFolders();
let folder: string;
let duckdb: DuckDBConnection;
beforeAll(async () => {
  folder = await newFolder();
  duckdb = await connectDuckDb({ memoryMb: 100, spillFolder: '/nowhere' });
  await duckdb.run('CREATE TABLE t AS SELECT 1 AS a, now() AS event_time');
  await duckdb.run('CREATE SEQUENCE counter');
});
afterAll(() => {
  duckdb.closeSync();
});

const place = (name: string): string => `${folder}/${name}`;
/** A statement as `json_execute_serialized_sql` takes it. */
const serialized = (sql: string): string => `json_serialize_sql('${sql.replaceAll("'", "''")}')`;

describe('a query is refused, and does nothing, when it', () => {
  test.each([
    // Writes.
    { does: 'copies a query out', sql: () => `COPY (SELECT 1) TO '${place('out.parquet')}'` },
    { does: 'copies a table out', sql: () => `COPY t TO '${place('out.csv')}'` },
    { does: 'copies partitions out', sql: () => `COPY t TO '${place('out')}' (FORMAT parquet, PARTITION_BY (a))` },
    { does: 'copies in', sql: () => `COPY t FROM '${place('in.csv')}'` },
    { does: 'copies a database', sql: () => 'COPY FROM DATABASE memory TO other' },
    { does: 'explains and runs a copy', sql: () => `EXPLAIN ANALYZE COPY (SELECT 1) TO '${place('out.parquet')}'` },
    { does: 'hides a copy in comments', sql: () => `EXPLAIN ANALYZE /* /* */ SELECT 1 -- */ COPY t TO '${place('out.csv')}'` },
    { does: 'exports the database', sql: () => `EXPORT DATABASE '${place('export')}'` },
    { does: 'imports a database', sql: () => `IMPORT DATABASE '${place('export')}'` },
    { does: 'creates a table', sql: () => 'CREATE TABLE evil (x INT)' },
    { does: 'creates a table of a query', sql: () => 'CREATE TABLE evil AS SELECT 1' },
    { does: 'creates a temporary table', sql: () => 'CREATE TEMP TABLE evil AS SELECT 1' },
    { does: 'creates a view', sql: () => 'CREATE VIEW evil AS SELECT 1' },
    { does: 'replaces a view', sql: () => 'CREATE OR REPLACE VIEW t AS SELECT 1' },
    { does: 'creates a macro', sql: () => 'CREATE MACRO evil(x) AS x' },
    { does: 'creates a type', sql: () => "CREATE TYPE evil AS ENUM ('a')" },
    { does: 'creates a schema', sql: () => 'CREATE SCHEMA evil' },
    { does: 'creates a sequence', sql: () => 'CREATE SEQUENCE evil' },
    { does: 'creates an index', sql: () => 'CREATE INDEX evil ON t (a)' },
    { does: 'creates a secret', sql: () => "CREATE SECRET evil (TYPE s3, KEY_ID 'a', SECRET 'b')" },
    { does: 'inserts', sql: () => 'INSERT INTO t VALUES (2, now())' },
    { does: 'inserts and returns', sql: () => 'INSERT INTO t VALUES (2, now()) RETURNING a' },
    { does: 'inserts after WITH', sql: () => 'WITH x AS (SELECT 2) INSERT INTO t SELECT *, now() FROM x' },
    { does: 'updates', sql: () => 'UPDATE t SET a = 2' },
    { does: 'deletes', sql: () => 'DELETE FROM t' },
    { does: 'truncates', sql: () => 'TRUNCATE t' },
    { does: 'merges', sql: () => 'MERGE INTO t USING t AS s ON t.a = s.a WHEN MATCHED THEN DELETE' },
    { does: 'alters a table', sql: () => 'ALTER TABLE t ADD COLUMN b INT' },
    { does: 'drops a table', sql: () => 'DROP TABLE t' },
    { does: 'comments on a table', sql: () => "COMMENT ON TABLE t IS 'x'" },
    // Other databases, extensions, settings, sessions.
    { does: 'attaches a file', sql: () => `ATTACH '${place('evil.db')}'` },
    { does: 'detaches', sql: () => 'DETACH memory' },
    { does: 'uses another database', sql: () => 'USE memory' },
    { does: 'installs an extension', sql: () => 'INSTALL httpfs' },
    { does: 'loads an extension', sql: () => 'LOAD httpfs' },
    { does: 'sets an option', sql: () => 'SET threads = 1' },
    { does: 'sets a global option', sql: () => 'SET GLOBAL enable_external_access = true' },
    { does: 'resets an option', sql: () => 'RESET threads' },
    { does: 'sets a variable', sql: () => 'SET VARIABLE x = 1' },
    { does: 'sets by a pragma', sql: () => 'PRAGMA threads = 1' },
    { does: 'calls a pragma', sql: () => 'PRAGMA enable_profiling' },
    { does: 'asks a pragma', sql: () => 'PRAGMA database_list' },
    { does: 'calls a function', sql: () => 'CALL enable_logging()' },
    { does: 'prepares', sql: () => 'PREPARE p AS SELECT 1' },
    { does: 'executes', sql: () => 'EXECUTE p' },
    { does: 'begins a transaction', sql: () => 'BEGIN' },
    { does: 'commits', sql: () => 'COMMIT' },
    { does: 'checkpoints', sql: () => 'CHECKPOINT' },
    { does: 'vacuums', sql: () => 'VACUUM' },
    { does: 'is two statements', sql: () => 'SELECT 1; SELECT 2' },
    { does: 'hides a second statement', sql: () => `SELECT 1; COPY t TO '${place('out.csv')}'` },
    { does: 'is nothing', sql: () => ' -- only a comment' },
    // Functions that do more than compute.
    { does: 'logs to files', sql: () => `FROM enable_logging(storage := 'file', storage_path := '${place('logs')}')` },
    {
      does: 'logs to files by SQL in a text',
      sql: () =>
        `FROM json_execute_serialized_sql(${serialized(`SELECT * FROM enable_logging(storage := 'file', storage_path := '${place('logs')}')`)})`,
    },
    { does: 'runs SQL out of a text', sql: () => "FROM query('SELECT 1')" },
    { does: 'names a table by a text', sql: () => "FROM query_table('t')" },
    { does: 'runs a serialized statement', sql: () => `FROM json_execute_serialized_sql(${serialized('SELECT 1')})` },
    { does: 'serializes a statement', sql: () => `SELECT ${serialized('SELECT 1')}` },
    { does: 'plans a statement', sql: () => "SELECT json_serialize_plan('SELECT 1')" },
    { does: 'writes into the log', sql: () => "SELECT write_log('x')" },
    { does: 'ends logging', sql: () => 'FROM disable_logging()' },
    { does: 'empties the log', sql: () => 'FROM truncate_duckdb_logs()' },
    { does: 'checkpoints by a function', sql: () => 'FROM force_checkpoint()' },
    { does: 'profiles', sql: () => 'FROM enable_profiling()' },
    { does: 'changes the parser', sql: () => 'FROM enable_peg_parser()' },
    { does: 'moves a sequence on', sql: () => "SELECT nextval('counter')" },
    { does: 'sleeps', sql: () => 'SELECT sleep_ms(10000)' },
    { does: 'sleeps as in Postgres', sql: () => 'SELECT pg_sleep(10)' },
    { does: 'reads a text file', sql: () => "FROM read_text('/etc/hostname')" },
    { does: 'reads bytes', sql: () => "FROM read_blob('/etc/hostname')" },
    { does: 'reads CSV', sql: () => "FROM read_csv('/etc/passwd')" },
    { does: 'sniffs CSV', sql: () => "FROM sniff_csv('/etc/passwd')" },
    { does: 'reads JSON', sql: () => "FROM read_json('/etc/hostname')" },
    { does: 'reads a database', sql: () => `FROM read_duckdb('${place('evil.db')}')` },
    { does: 'lists a folder', sql: () => "FROM glob('/etc/*')" },
    { does: 'shows settings', sql: () => 'FROM duckdb_settings()' },
    { does: 'shows one setting', sql: () => "SELECT current_setting('temp_directory')" },
    { does: 'shows secrets', sql: () => 'FROM duckdb_secrets()' },
    { does: 'shows a secret', sql: () => "FROM which_secret('s3://x', 's3')" },
    { does: 'shows temporary files', sql: () => 'FROM duckdb_temporary_files()' },
    { does: 'reads a variable', sql: () => "SELECT getvariable('x')" },
    // The same, where it is harder to see.
    { does: 'calls in upper case', sql: () => "FROM READ_TEXT('/etc/hostname')" },
    { does: 'calls by a quoted name', sql: () => `SELECT "write_log"('x')` },
    { does: 'calls by a schema', sql: () => "SELECT main.write_log('x')" },
    { does: 'calls by a dot', sql: () => 'SELECT a.write_log() FROM t' },
    { does: 'calls within a subquery', sql: () => "SELECT 1 WHERE EXISTS (FROM read_text('/etc/hostname'))" },
    { does: 'calls within WITH', sql: () => "WITH x AS (FROM glob('/etc/*')) SELECT 1" },
    { does: 'calls within a lambda', sql: () => "SELECT list_transform(['x'], lambda x: write_log(x))" },
    { does: 'calls within ORDER BY', sql: () => "SELECT 1 ORDER BY write_log('x')" },
    { does: 'calls within a window', sql: () => "SELECT row_number() OVER (ORDER BY write_log('x')) FROM t" },
    { does: 'calls within a filter', sql: () => "SELECT count(*) FILTER (write_log('x') IS NULL) FROM t" },
    { does: 'calls within LIMIT', sql: () => 'SELECT 1 LIMIT sleep_ms(1)::INT' },
    { does: 'calls within PIVOT', sql: () => "FROM (PIVOT t ON a IN (1) USING max(write_log('x')))" },
    { does: 'calls within DESCRIBE', sql: () => "DESCRIBE FROM read_text('/etc/hostname')" },
    { does: 'calls within SUMMARIZE', sql: () => "SUMMARIZE FROM read_text('/etc/hostname')" },
    { does: 'calls within UNION', sql: () => "SELECT 'a' UNION ALL SELECT write_log('x')" },
    { does: 'calls within EXPLAIN', sql: () => "EXPLAIN SELECT write_log('x')" },
    { does: 'calls within EXPLAIN ANALYZE', sql: () => "EXPLAIN ANALYZE SELECT write_log('x')" },
    { does: 'calls within VALUES', sql: () => "VALUES (write_log('x'))" },
    { does: 'calls within a join', sql: () => "FROM t JOIN read_text('/etc/hostname') r ON true" },
    { does: 'calls laterally', sql: () => "FROM t, LATERAL (SELECT write_log('x'))" },
  ])('$does', async ({ sql }) => {
    await expect(readingStatement(duckdb, sql())).rejects.toThrow(UsageError);
    expect(await readdir(folder)).toEqual([]);
    expect((await duckdb.runAndReadAll('SELECT count(*)::INT FROM t')).getRows()).toEqual([[1]]);
  });
});

describe('a query may', () => {
  test.each([
    'SELECT 1',
    '-- why\nSELECT /* what */ a FROM t;',
    'FROM t SELECT a WHERE a > 0 ORDER BY ALL LIMIT 1',
    'WITH x AS (SELECT 1 AS a) SELECT a FROM x',
    'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) FROM r',
    'VALUES (1), (2)',
    'TABLE t',
    'DESCRIBE t',
    'SUMMARIZE t',
    'SHOW TABLES',
    'EXPLAIN SELECT a FROM t',
    'EXPLAIN ANALYZE SELECT a FROM t',
    'FROM (PIVOT t ON a IN (1, 2) USING count(*))',
    'FROM (UNPIVOT (SELECT 1 AS x, 2 AS y) ON x, y INTO NAME n VALUE v)',
    "SELECT '{\"a\": [1]}'->>'$.a[0]', '{}'->'$.a', json_extract_string('{}', '$.b')",
    'SELECT row_number() OVER (PARTITION BY a ORDER BY event_time) FROM t QUALIFY row_number() OVER () = 1',
    'SELECT list_transform([1, 2], lambda x: x + 1), [x * 2 FOR x IN [1, 2] IF x > 1], {a: 1}, MAP {1: 2}, [1, 2][1:2]',
    "SELECT date_trunc('day', event_time), event_time AT TIME ZONE 'UTC', extract(year FROM event_time), event_time - INTERVAL 1 DAY FROM t",
    "SELECT 'a' LIKE 'b', 'a' ILIKE 'b', 'a' SIMILAR TO 'b', 'a' GLOB 'b', 'a' || 'b', trim(both 'x' FROM 'x'), substring('abc' FROM 2 FOR 1)",
    'SELECT COLUMNS(*) FROM t',
    'SELECT * EXCLUDE (a) REPLACE (now() AS event_time) FROM t',
    'SELECT a, count(*), count(DISTINCT a), sum(a) FILTER (a > 0), arg_max(a, event_time) FROM t GROUP BY ROLLUP (a)',
    'FROM range(3), generate_series(1, 2), unnest([1])',
    'FROM t ASOF JOIN t s ON t.event_time >= s.event_time SELECT t.a',
    'FROM duckdb_columns() SELECT column_name LIMIT 1',
    "SELECT lake_address('203.0.113.7:443')",
    'SELECT CASE WHEN a IS DISTINCT FROM 1 THEN try_cast(a AS VARCHAR) ELSE coalesce(NULL, NULLIF(1, 2)::VARCHAR) END FROM t',
    "SELECT median(a), quantile_cont(a, 0.9), approx_count_distinct(a), string_agg(a::VARCHAR, ',' ORDER BY a) FROM t",
  ])('%s', async (sql) => {
    await duckdb.run('CREATE OR REPLACE TEMP MACRO lake_address(x) AS x');
    await expect((await readingStatement(duckdb, sql)).runAndReadAll()).resolves.toBeDefined();
  });

  test('be wrong, with the message of DuckDB', async () => {
    await expect(readingStatement(duckdb, 'SELECT FROM WHERE')).rejects.toThrow(/syntax error/);
    await expect(readingStatement(duckdb, 'SELECT nope FROM t')).rejects.toThrow(/nope/);
    const insert = 'WITH x AS (INSERT INTO t VALUES (2, now()) RETURNING a) SELECT * FROM x';
    await expect(readingStatement(duckdb, insert)).rejects.toThrow(/A CTE needs a SELECT/);
  });
});

test('every function of this version of DuckDB is on the list, or here', async () => {
  const found = await duckdb.runAndReadAll('SELECT DISTINCT function_name FROM duckdb_functions() WHERE internal ORDER BY 1');
  const names = found.getRows().map(([name]) => String(name));
  expect(names.filter((name) => !queryFunctions.has(name) && !refused.test(name))).toEqual([]);
  expect([...queryFunctions].filter((name) => refused.test(name))).toEqual([]);
});

/** Judged and left out: what writes, runs text, waits, or reads the machine and the session; and what no query needs. */
const refused = new RegExp(
  `^(?:${[
    '__internal_.*|icu_.*|st_.*|arrow_scan.*|seq_scan|test_.*|vector_type|stats|create_sort_key|remap_struct|constant_or_null|finalize|combine',
    'read_(?!parquet).*|sniff_csv|glob|query|query_table|json_(?:de)?serialize.*|json_execute.*|sql_auto_complete|repeat_row',
    'enable_.*|disable_.*|check_peg_parser|verify_.*|checkpoint|force_checkpoint|truncate_.*|write_log|parse_duckdb_log_message|add_parquet_key',
    'nextval|currval|setseed|sleep_ms|pg_(?!typeof|size_pretty|timezone_names).*|getvariable|current_setting|which_secret',
    'duckdb_(?!columns|functions|keywords|tables|types|views).*|pragma_(?!show|table_info|version).*|all_profiling_output|user_agent|platform|version',
    'copy_database|import_database|database_.*|metadata_info|storage_info|table_info|show.*|functions|collations|extension_versions|parquet_bloom_probe',
    'current_(?:catalog|connection_id|database|query|query_id|role|schema|schemas|transaction_id|user)|session_user|user|txid_current|in_search_path',
    'has_.*_privilege|inet_.*|col_description|obj_description|shobj_description|map_to_pg_oid|format_pg_type|get_block_size',
    'cast_to_type|can_cast_implicitly|make_type|replace_type|get_type|timetz_byte_comparable|variant_(?!extract|typeof).*',
  ].join('|')})$`,
);
