import type { Member } from './fetch-job.ts';

/** What a group of blobs must not exceed. */
export interface GroupLimits {
  /** At most 98 claims fit into a transaction beside the job and its members; 90 leaves room. */
  readonly maxBlobs: number;
  readonly maxBytes: number;
  /** Of ids and URIs, which a job's item has to hold (DynamoDB: 400 KB an item). A blob with more is alone. */
  readonly maxTextBytes?: number;
}

/** The limits of a deployment: 90 blobs, 64 MiB expected. */
export const groupLimits: GroupLimits = { maxBlobs: 90, maxBytes: 64 * 1024 * 1024, maxTextBytes: 250_000 };

/** What a blob of a stream that has landed nothing yet is taken to weigh. */
const assumedBlobBytes = 256 * 1024;

/**
 * Content blobs into groups that land together, in the order of their ids, so that two lists of the same blobs make the same groups.
 *
 * @param meanBlobBytes Moving mean of the stream.
 */
export function groupBlobs(blobs: readonly Member[], meanBlobBytes: number | undefined, limits: GroupLimits): Member[][] {
  const sorted = [...blobs].sort((a, b) => (a.contentId < b.contentId ? -1 : a.contentId > b.contentId ? 1 : 0));
  const size = Math.max(1, Math.min(limits.maxBlobs, Math.floor(limits.maxBytes / Math.max(1, meanBlobBytes ?? assumedBlobBytes))));
  const groups: Member[][] = [];
  let text = Infinity;
  for (const blob of sorted) {
    const bytes = Buffer.byteLength(blob.contentId) + Buffer.byteLength(blob.contentUri);
    const last = groups.at(-1);
    if (last && last.length < size && text + bytes <= (limits.maxTextBytes ?? Infinity)) {
      last.push(blob);
      text += bytes;
    } else {
      groups.push([blob]);
      text = bytes;
    }
  }
  return groups;
}

/** The next moving mean: a quarter of the new observation, so that one odd blob does not rule. */
export function nextMean(mean: number | undefined, observed: number): number {
  return Math.round(mean === undefined ? observed : mean * 0.75 + observed * 0.25);
}
