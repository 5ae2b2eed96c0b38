/** What a rule finds in landed rows, and what of it a final job lacks. */

import { batchFindings } from '../../shared/detections/evaluate/findings.ts';
import type { Finding } from '../../shared/detections/finding.ts';
import { noIndicators } from '../../shared/detections/indicators.ts';
import type { FetchJob } from '../../shared/domain/fetch-job.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { asRow, rulesOn } from './proof-rules.ts';
import type { LandedRow } from './stand-in-landing.ts';

/** What single records of a job show that is final, and lies nowhere yet. @param landed Ids of every finding in the lake. */
export function missingFindings({ stream }: FetchJob, rows: readonly LandedRow[], landed: ReadonlySet<string>): string[] {
  const single = rulesOn(logTypeById(stream.logType).dataset).filter(({ how }) => how.kind === 'single');
  const shown = single.flatMap((rule) => ofRule(stream, rule, rows));
  return shown.filter(({ id }) => !landed.has(id)).map(({ title, key }) => `${title} ${key.join(' ')}`);
}

/** In one batch. */
export function ofRule({ logType, tenantId }: Stream, rule: Parameters<typeof batchFindings>[0], landed: readonly LandedRow[]): Finding[] {
  const rows = landed.map((row) => asRow(row, logType));
  return batchFindings(rule, [{ dataset: logTypeById(logType).dataset, rows }], tenantId, noIndicators);
}
