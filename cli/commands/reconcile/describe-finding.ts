/** A finding of a comparison, in a sentence. */

import type { Finding } from '../../../shared/domain/reconcile.ts';
import { count } from '../../terminal/quantity.ts';

/** What is wrong, and what to do about it. */
export function describeFinding(finding: Finding): string {
  switch (finding.kind) {
    case 'unclaimed':
      return `${count(finding.blobs.length)} content blobs are listed and claimed by no job; the hourly or daily list claims them, or --repair now`;
    case 'quarantined':
      return `${count(finding.lost.length)} content blobs stand quarantined and Microsoft still serves them; --repair fetches them again`;
    case 'gone':
      return `${count(finding.jobs.length)} objects that the ledger says landed are not in the lake; --repair lands them again`;
    case 'lacking':
      return `${count(finding.records)} records that Graph serves are in no object, of ${count(finding.hours.length)} hours; --repair reads these again`;
    case 'miscounted':
      return `${count(finding.jobs.length)} objects hold another number of records than the ledger counted; find who wrote them (the bucket's versions, CloudTrail)`;
    case 'unknown':
      return `${count(finding.keys.length)} objects belong to no job of the ledger; stop the collector and run with --rebuild`;
    case 'orphaned':
      return `${count(finding.contentIds.length)} content blobs were handed to a job that is not there; stop the collector and run with --rebuild`;
  }
}
