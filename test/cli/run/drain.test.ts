import { describe, expect, test } from '@jest/globals';
import { drain, dueAtOf, type Drained } from '../../../cli/run/drain.ts';
import type { Source } from '../../../local/collector.ts';
import { jobRef } from '../../../shared/domain/fetch-job.ts';
import { minutes } from '../../../shared/domain/window.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { at, blobs, due, pass } from '../../contracts/samples.ts';
import { collecting } from '../../local/collecting.ts';

/** A run that ends by itself, with when it ended. Every job that it attempts is parked, for its tenant is gone. */
async function drained(prepare: (run: ReturnType<typeof collecting>) => Promise<unknown>, spanMs = minutes(25)) {
  const run = collecting();
  await prepare(run);
  let isStopped = false;
  let end: { drained: Drained; at: number } | undefined;
  const ending = drain(run.adapters, run.collector, () => isStopped).then((drained) => {
    end = { drained, at: run.clock.now() };
  });
  await run.clock.advance(spanMs);
  const endedByItself = end;
  isStopped = true;
  await run.clock.advance(minutes(1));
  await ending;
  return { ...run, ended: endedByItself };
}

/** Every attempt takes so long. */
function takeForEach({ adapters, clock }: ReturnType<typeof collecting>, ms: number): void {
  Object.assign(adapters.tenants, { byName: () => clock.sleep(ms).then(() => undefined) });
}

describe('a run that ends when nothing is left to do', () => {
  test('works off what is queued first', async () => {
    const names = Array.from('abcdefghi');
    const { ended, jobs, ledger } = await drained(async (run) => {
      takeForEach(run, 1_000);
      for (const name of names) {
        await run.ledger.createJob(blobs(name), at('09:40'));
        // Parked before, for longer than a run waits.
        await run.ledger.parkJob(jobRef(blobs(name)), 1, { dueAt: at('09:50'), parks: 5, malformed: [0], because: 'HTTP 503' });
        await run.jobs.send([{ ref: jobRef(blobs(name)), dueAt: at('09:50') }]);
      }
    });
    expect(ended).toBeDefined();
    expect(jobs.all()).toEqual([]);
    for (const name of names) expect((await ledger.readJob(jobRef(blobs(name))))?.state.parks).toBe(6);
  });

  test('waits out trouble that passes within a quarter of an hour, sends such jobs again, and leaves the rest for later', async () => {
    const { ended, ledger } = await drained((run) => run.ledger.createJob(blobs('a'), due));
    // Parked for 1, 2, 4, 8 and then 16 minutes, each with some jitter.
    expect(ended?.at).toBeGreaterThan(at('09:44'));
    expect(ended?.at).toBeLessThan(at('09:50'));
    const left = await ledger.readJob(jobRef(blobs('a')));
    expect(left?.state.parks).toBe(5);
    expect(ended?.drained.waiting).toEqual([left]);
  });

  test('does not wait for what waits for an earlier pass, and names the first due first', async () => {
    const { ended } = await drained(async ({ ledger }) => {
      const windows = [pass(1, '06:00', '07:00'), pass(1, '05:00', '06:00')];
      for (const [index, window] of windows.entries()) {
        await ledger.commitCursor(window.stream, index, { watermarks: [] }, { jobs: [window], gaps: [], dueAt: at('09:20') });
        await ledger.parkJob(jobRef(window), 1, { dueAt: at('09:36') - index * 1_000, parks: 0, malformed: [], because: '' });
      }
    });
    expect((ended?.at ?? 0) - at('09:30')).toBeLessThan(minutes(1));
    expect(ended?.drained.waiting.map(dueAtOf)).toEqual([at('09:36') - 1_000, at('09:36')]);
  });

  test('takes up what the run before had in flight', async () => {
    const { ledger } = await drained(async (run) => {
      await run.ledger.createJob(blobs('a'), at('10:40'));
      await run.ledger.startJob(jobRef(blobs('a')));
    }, minutes(1));
    expect((await ledger.readJob(jobRef(blobs('a'))))?.state).toMatchObject({ starts: 0, parks: 1 });
  });
});

test('a run that is stopped ends with everything that is left, once the attempts that have begun have ended', async () => {
  const run = collecting();
  takeForEach(run, minutes(2));
  for (const name of Array.from('abcdef')) await run.ledger.createJob(blobs(name), due);
  let [isStopped, inFlight]: [boolean, number | undefined] = [false, undefined];
  const draining = drain(run.adapters, run.collector, () => isStopped).then(async (drained) => {
    ({ inFlight } = await run.jobs.size(run.clock.now()));
    return drained;
  });
  await run.clock.advance(minutes(1));
  isStopped = true;
  await run.clock.advance(minutes(5));
  expect((await draining).waiting.length).toBeGreaterThanOrEqual(2);
  expect(inFlight).toBe(0);
  expect(run.jobs.all()).toHaveLength(2);
});

test('a log type that Microsoft refuses to list is reported', async () => {
  const source: Source = {
    tenant: { name: 'contoso', clientId: '', tenantDomain: 'contoso.example', credentialKind: 'secret' },
    logType: logTypeById('audit-exchange'),
  };
  const { adapters, collector, clock } = collecting([source]);
  const by = { kind: 'refused', cause: { code: 'AF10001', message: 'no permission', cure: 'grant it' } } as const;
  const draining = drain(adapters, { ...collector, list: () => Promise.resolve({ kind: 'stopped', by }) }, () => false);
  await clock.advance(minutes(1));
  expect((await draining).stopped).toEqual([{ source, by }]);
});
