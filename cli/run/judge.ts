/** The verdict of a simulated run: what the simulator served against what lies in the lake. */

import type { LogType } from '../../shared/log-types/log-type.ts';
import { logTypes, rawDatasets } from '../../shared/log-types/index.ts';
import { streamKey, type Stream } from '../../shared/domain/stream.ts';
import { literal } from '../../shared/domain/literal.ts';
import type { Instant } from '../../shared/domain/window.ts';
import type { Adapters } from '../../local/connect.ts';
import type { LakeReader } from '../../local/lake-reader.ts';
import { compareWithLake, expected, type LandedRow, type Verdict } from '../../simulator/verdict.ts';
import type { World } from '../../simulator/world.ts';
import { collected } from './collected.ts';

/** The times of a simulated run that decide what it must have collected. */
export interface RunSpan {
  readonly from: Instant;
  readonly listedAt: Instant;
  readonly endedAt: Instant;
  readonly isFirstRun: boolean;
}

/** Compares record by record. What the ledger has a loss row for is not missing; it was reported. */
export async function judge(
  world: World,
  adapters: Adapters,
  reader: LakeReader,
  streams: readonly Stream[],
  span: RunSpan,
): Promise<Verdict> {
  const tenantIds = new Set(streams.map(({ tenantId }) => tenantId));
  const excused = new Set<string>();
  const parts = [];
  for (const stream of streams) {
    const logType = logTypeOf(stream);
    const cursor = await adapters.ledger.readCursor(stream);
    const jobs = logType.source.kind === 'windows' ? await adapters.ledger.jobs(stream) : [];
    parts.push(...collected({ tenantId: stream.tenantId, logType, cursor, jobs, ...span }));
    for (const { contentId } of await adapters.ledger.losses(stream)) excused.add(contentId);
  }
  return compareWithLake(expected(world, parts, excused), landedRows(reader, [...tenantIds]));
}

function logTypeOf(stream: Stream): LogType {
  const logType = logTypes.find(({ id }) => id === stream.logType);
  if (!logType) throw new Error(`stream ${streamKey(stream)} is of no log type of the catalog`);
  return logType;
}

async function* landedRows(reader: LakeReader, tenantIds: readonly string[]): AsyncGenerator<LandedRow> {
  const tenants = tenantIds.map(literal).join(', ');
  for (const dataset of rawDatasets) {
    const result = await reader.query(`SELECT log_type, content_id, raw FROM ${dataset} WHERE tenant_id IN (${tenants})`);
    for await (const rows of result.yieldRows()) {
      for (const [logTypeId, contentId, raw] of rows) {
        yield { logTypeId: String(logTypeId), contentId: contentId === null ? null : String(contentId), raw: String(raw) };
      }
    }
  }
}
