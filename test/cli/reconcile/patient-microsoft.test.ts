import { expect, test } from '@jest/globals';
import { patientMicrosoft, type Asked } from '../../../cli/reconcile/patient-microsoft.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import type { Answer, Cause } from '../../../shared/ports/microsoft.ts';
import { contoso } from '../../shared/microsoft/fake-microsoft.ts';

const cause: Cause = { code: 'TooManyRequests', message: 'too many requests', cure: '' };
const unasked = (): never => {
  throw new Error('nobody asks this');
};

/** Answers one after the other, and the waits between them. */
async function identified(...answers: Answer<{ tenantId: string }>[]) {
  const waits: number[] = [];
  const waitsReported: number[] = [];
  const microsoft: Asked = {
    identify: () => Promise.resolve(answers.shift() ?? unasked()),
    listBlobs: unasked,
    fetchWindow: unasked,
  };
  const sleep = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
  const patient = patientMicrosoft(microsoft, { sleep }, (ms) => void waitsReported.push(ms));
  const answer = await patient.identify(contoso, logTypeById('alerts'));
  return { answer, waits, waitsReported };
}

const ok = { kind: 'ok' as const, value: { tenantId: 'of-contoso' } };

test('a comparison waits as often and as long as Microsoft says, and says so', async () => {
  const busy = { kind: 'throttled' as const, retryAfterMs: 8_000, cause };
  const down = { kind: 'unavailable' as const, retryAfterMs: 30_000, cause };
  expect(await identified(busy, down, ok)).toEqual({ answer: ok, waits: [8_000, 30_000], waitsReported: [8_000, 30_000] });
});

test.each([
  { name: 'an outage of which Microsoft names no end', answer: { kind: 'unavailable' as const, cause } },
  { name: 'a refusal', answer: { kind: 'refused' as const, cause } },
  { name: 'a long Retry-After', answer: { kind: 'throttled' as const, retryAfterMs: 3_600_000, cause } },
])('$name is answered at once', async ({ answer }) => {
  expect(await identified(answer, ok)).toEqual({ answer, waits: [], waitsReported: [] });
});
