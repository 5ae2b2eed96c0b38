/** The message that names a job: written as JSON, and parsed from text that anybody may have sent. */

import { z } from 'zod';
import { cloudById, clouds, type CloudId } from '../clouds.ts';
import { streamKey } from '../domain/stream.ts';
import { isLogTypeId, logTypeById } from '../log-types/index.ts';
import type { QueuedJob } from '../ports/jobs.ts';

/** What a message turned out to be. */
export type ParsedMessage =
  | { readonly kind: 'job'; readonly queued: QueuedJob }
  /** A poison message: it can never become a job, however often it is tried. */
  | { readonly kind: 'foreign'; readonly reason: string };

/** Messages are pointers; the ledger holds the rest. */
const maxBodyBytes = 4_096;

/** @throws When the message is longer than 4 KB: a tenant's name or a key is not what it should be, which is a bug of ours. */
export function queuedJobToBody({ ref, dueAt }: QueuedJob): string {
  const { stream, tenantName, key } = ref;
  const body = JSON.stringify({ stream: streamKey(stream), tenant: tenantName, key, dueAt });
  if (Buffer.byteLength(body) >= maxBodyBytes)
    throw new Error(`a message of ${String(Buffer.byteLength(body))} bytes; at most ${String(maxBodyBytes)} are sent`);
  return body;
}

/** @param body As received: from our own queue, but whoever may send to it could have written it. */
export function parseQueuedJob(body: string): ParsedMessage {
  const json = jsonOf(body);
  if (json === undefined) return { kind: 'foreign', reason: 'the message is no JSON' };
  const parsed = message.safeParse(json);
  if (parsed.success) return { kind: 'job', queued: parsed.data };
  return {
    kind: 'foreign',
    reason: parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': ')).join('; '),
  };
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
const contentKey = /^[0-9a-f]{32}$/;
const windowKey = new RegExp(`^${time}#\\d#${time}$`);

const message = z
  .strictObject({
    stream: z.string(),
    tenant: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/i, { error: 'is no name of a tenant' }),
    key: z.string(),
    dueAt: z.number().int().nonnegative(),
  })
  .transform(({ stream, tenant, key, dueAt }, context): QueuedJob => {
    const [cloud = '', tenantId = '', logType = '', ...rest] = stream.split('#');
    const fault = rest.length > 0 ? 'stream: is no stream' : faultOf(cloud, tenantId, logType, key);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    return { ref: { stream: { cloud: cloud as CloudId, tenantId, logType }, tenantName: tenant, key }, dueAt };
  });

function faultOf(cloud: string, tenantId: string, logType: string, key: string): string | undefined {
  const known = clouds.find(({ id }) => id === cloud);
  if (!known) return 'stream: names no cloud';
  if (!guid.test(tenantId)) return 'stream: names no tenant by its GUID';
  if (!isLogTypeId(logType)) return 'stream: names no log type';
  const { source } = logTypeById(logType);
  if ((source.kind === 'content') !== (cloudById(known.id).api === 'management-activity'))
    return 'stream: its cloud does not serve its log type';
  return (source.kind === 'content' ? contentKey : windowKey).test(key) ? undefined : 'key: is no key of a job of this stream';
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // the caller reports it, without any of its text
  }
}
