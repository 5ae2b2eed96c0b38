/** A job's members as they are kept: packed, because they are most of what a content job writes. */

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { usualContentUri, type Member } from '../domain/fetch-job.ts';
import type { Stream } from '../domain/stream.ts';

/** contentId, created, ms from created to expires; the URI only where it is not host, path and contentId. */
type Row = readonly [contentId: string, created: number, servedMs: number, contentUri?: string];

/**
 * One deflated JSON text. The ids of one hour are alike: 90 members are about 4 KB instead of 28.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-use-s3-too.html for compressing large attributes
 */
export function packMembers(stream: Stream, members: readonly Member[]): Uint8Array {
  const rows = members.map(({ contentId, created, expires, contentUri }): Row => {
    const row = [contentId, created, expires - created] as const;
    return contentUri === usualContentUri(stream, contentId) ? row : [...row, contentUri];
  });
  return deflateRawSync(JSON.stringify(rows));
}

/** The inverse of {@link packMembers}, in the same order. */
export function unpackMembers(stream: Stream, packed: Uint8Array): Member[] {
  const rows = JSON.parse(inflateRawSync(packed).toString('utf8')) as Row[];
  return rows.map(([contentId, created, servedMs, contentUri = usualContentUri(stream, contentId)]) => ({
    contentId,
    contentUri,
    created,
    expires: created + servedMs,
  }));
}
