/** Where an import lands, and as whose. */

import type { DuckDBConnection } from '@duckdb/node-api';
import { createHash } from 'node:crypto';
import { literal } from '../../shared/domain/literal.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import { rawDatasets } from '../../shared/log-types/index.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import { UsageError } from '../../local/exit.ts';
import { objectsOf } from '../../local/lake-sql.ts';
import { hasObjects } from '../../local/lake-views.ts';

/** One log type of one tenant. */
export interface ImportTarget {
  readonly logType: LogType;
  readonly stream: Stream;
  readonly tenantName: string;
}

/** The tenant that an import is for. */
export interface TenantGuid {
  readonly tenantId: string;
  /** How it is known, for the reader of the summary. */
  readonly because: string;
}

/**
 * The GUID of the tenant that is called so in this lake; in a lake that does not know the name, the first organization that a record
 * names. Where there is none either, a GUID made from the name: always the same for it, and not Microsoft's.
 *
 * @throws UsageError when the lake has several tenants of that name.
 */
export async function tenantGuid(
  connection: DuckDBConnection,
  root: string,
  tenantName: string,
  organization: string | undefined,
): Promise<TenantGuid> {
  const known = await distinct(connection, root, 'tenant_id', `tenant_name = ${literal(tenantName)}`);
  if (known.length > 1)
    throw new UsageError(
      `the lake has ${String(known.length)} tenants named '${tenantName}' (${known.join(', ')}): name one of them with --tenant-id`,
    );
  const [tenantId] = known;
  if (tenantId !== undefined) return { tenantId, because: 'as the lake has it' };
  if (organization !== undefined) return { tenantId: organization, because: 'the first organization that a record names' };
  return { tenantId: guidFromName(tenantName), because: "made from the tenant's name; --tenant-id gives the real one" };
}

/** What the lake calls a tenant; its GUID where it does not know it. */
export async function tenantNameOf(connection: DuckDBConnection, root: string, tenantId: string): Promise<string> {
  const [name = tenantId] = await distinct(connection, root, 'tenant_name', `tenant_id = ${literal(tenantId)}`);
  return name;
}

/** @throws UsageError when it is no GUID. */
export function parseGuid(text: string): string {
  if (guidPattern.test(text)) return text.toLowerCase();
  throw new UsageError(`--tenant-id '${text}' is not a GUID; write it without braces, such as 00000000-0000-0000-0000-000000000000`);
}

/** Of every raw dataset, in order. */
async function distinct(connection: DuckDBConnection, root: string, column: string, where: string): Promise<string[]> {
  const found = new Set<string>();
  for (const dataset of rawDatasets) {
    if (!(await hasObjects(root, dataset))) continue;
    const rows = await connection.runAndReadAll(
      `SELECT DISTINCT ${column} FROM read_parquet(${literal(objectsOf(root, dataset))}) WHERE ${where}`,
    );
    for (const [value] of rows.getRows()) if (typeof value === 'string') found.add(value);
  }
  return [...found].sort();
}

/** Version 8: made by rules of our own (RFC 9562). */
function guidFromName(name: string): string {
  const hex = createHash('sha256').update(`tenant ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
