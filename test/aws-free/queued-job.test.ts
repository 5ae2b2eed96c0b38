import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseQueuedJob, queuedJobToBody } from '../../shared/aws/queued-job.ts';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import { blobs, due, exchange, pass, signIns } from '../contracts/samples.ts';

const content = { ref: jobRef(blobs('a')), dueAt: due };
const window = { ref: jobRef(pass(1, '06:00', '07:00')), dueAt: due };
const bodyWith = (change: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ ...(JSON.parse(queuedJobToBody(content)) as object), ...change });
const streamOf = ({ cloud, tenantId, logType }: typeof exchange): string => [cloud, tenantId, logType].join('#');

test.each([content, window])('a message is read as it was sent', (queued) => {
  expect(parseQueuedJob(queuedJobToBody(queued))).toEqual({ kind: 'job', queued });
});

test.each([
  { name: 'no JSON', body: 'hello', reason: 'no JSON' },
  { name: 'JSON of another kind', body: '[]', reason: 'expected object' },
  { name: 'another service’s message', body: JSON.stringify({ Records: [] }), reason: 'stream' },
  { name: 'a key too many', body: bodyWith({ more: 1 }), reason: 'more' },
  { name: 'an unknown cloud', body: bodyWith({ stream: streamOf(exchange).replace('enterprise', 'moon') }), reason: 'names no cloud' },
  { name: 'a tenant that is no GUID', body: bodyWith({ stream: 'enterprise#contoso#audit-exchange' }), reason: 'GUID' },
  { name: 'an unknown log type', body: bodyWith({ stream: streamOf({ ...exchange, logType: 'valueOf' }) }), reason: 'names no log type' },
  { name: 'a log type of another API', body: bodyWith({ stream: streamOf({ ...exchange, logType: 'alerts' }) }), reason: 'does not serve' },
  { name: 'a window’s key in a content stream', body: bodyWith({ key: window.ref.key }), reason: 'no key of a job' },
  { name: 'a content key in a window stream', body: bodyWith({ stream: streamOf(signIns) }), reason: 'no key of a job' },
  { name: 'a tenant’s name that is a path', body: bodyWith({ tenant: '../contoso' }), reason: 'tenant' },
  { name: 'a due time that is none', body: bodyWith({ dueAt: -1 }), reason: 'dueAt' },
])('$name is not ours, with this reason', ({ body, reason }) => {
  const parsed = parseQueuedJob(body);
  expect(parsed).toMatchObject({ kind: 'foreign' });
  expect(parsed.kind === 'foreign' && parsed.reason).toMatch(reason);
});

test('whatever stands in a message, reading it ends in a job or a reason', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.record({ stream: fc.string(), tenant: fc.string(), key: fc.string(), dueAt: fc.double() }).map((value) => JSON.stringify(value)),
      ),
      (body) => {
        expect(['job', 'foreign']).toContain(parseQueuedJob(body).kind);
      },
    ),
    { numRuns: 500 },
  );
});
