/** Whether it can be proven that everything is there. */

import type { AnswerOf } from '../../../console/api/routes.ts';
import { Manifest } from '../../../local/compaction/manifest.ts';
import { backfillStatus } from '../../../shared/domain/backfill.ts';
import { oldestServed } from '../../../shared/domain/retention.ts';
import type { Instant } from '../../../shared/domain/window.ts';
import { rawDatasets } from '../../../shared/log-types/index.ts';
import { latenessOf } from '../../commands/lateness.ts';
import type { LedgerStreams, NamedStream } from '../../reconcile/ledger-streams.ts';
import type { Backend } from '../backend.ts';

/** Gaps, losses, lateness and backfill of every stream; compaction of every dataset of a lake folder. */
export async function health(backend: Backend): Promise<AnswerOf<'health'>> {
  const { ledger, streams, close } = await backend.ledger();
  try {
    const now = backend.now();
    const read: AnswerOf<'health'>['streams'] = [];
    for (const named of streams) read.push(await streamHealth(ledger, named, now));
    return { streams: read, compaction: backend.lake === undefined ? [] : compaction(backend.lake) };
  } finally {
    close();
  }
}

async function streamHealth(
  ledger: LedgerStreams['ledger'],
  named: NamedStream,
  now: Instant,
): Promise<AnswerOf<'health'>['streams'][number]> {
  const { stream, logType, tenant } = named;
  const [cursor, jobs, gaps, losses] = await Promise.all([
    ledger.readCursor(stream),
    ledger.jobs(stream),
    ledger.gaps(stream),
    ledger.losses(stream),
  ]);
  const oldest = oldestServed(now, logType.retentionMs);
  const reach = { watermark: cursor?.watermarks[0] ?? oldest, oldest, retentionMs: logType.retentionMs };
  const { listedShare, listedUntil, waiting, live } = backfillStatus(reach, now, jobs);
  return {
    ...{ tenant, logType: logType.id, state: cursor?.suspendedUntil === undefined ? 'collecting' : 'suspended' },
    gaps: gaps.map(({ from, to, reason }) => ({ from, to, reason })),
    losses: losses.slice(0, 1_000).map(({ reason, created, contentId }) => ({ reason, created, contentId })),
    lateness: [...latenessOf(named, cursor, jobs).counts],
    backfill: { listedShare, listedUntil, waiting, live },
  };
}

function compaction(lake: string): AnswerOf<'health'>['compaction'] {
  const manifest = Manifest.openForReading(lake);
  if (!manifest) return [];
  try {
    return rawDatasets.map((name) => {
      const parts = manifest.parts(name);
      return { dataset: name, parts: parts.length, bytes: parts.reduce((sum, part) => sum + part.bytes, 0) };
    });
  } finally {
    manifest.close();
  }
}
