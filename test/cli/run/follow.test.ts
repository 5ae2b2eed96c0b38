import { expect, test } from '@jest/globals';
import type { Collector, Source } from '../../../local/collector.ts';
import type { Adapters } from '../../../local/connect.ts';
import { follow } from '../../../cli/run/follow.ts';
import { days, hours, minutes } from '../../../shared/domain/window.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { at } from '../../contracts/samples.ts';
import { FakeLog } from '../../fakes/fake-log.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';

const sourceOf = (name: string, logType = 'audit-exchange', clientId = 'first'): Source => ({
  tenant: { name, clientId, tenantDomain: `${name}.example`, credentialKind: 'secret' },
  logType: logTypeById(logType),
});

/** A run that only lists, with what it listed: tenant and client id. */
function start(first: readonly Source[]) {
  const clock = new VirtualClock(at('09:00'));
  const listed: string[] = [];
  const compactions: number[] = [];
  const failing = new Set<'list' | 'sweep' | 'forget' | 'compact'>();
  /** What is asked of a store that fails, while it fails. */
  const unlessFailing = async <T>(what: 'list' | 'sweep' | 'forget' | 'compact', work: () => T | Promise<T>): Promise<T> => {
    if (failing.has(what)) throw new Error(`disk is full for ${what}`);
    return work();
  };
  let sweeps = 0;
  let listMs = 0;
  let [configured, isStopped]: [() => Promise<readonly Source[]>, boolean] = [() => Promise.resolve(first), false];
  const collector: Collector = {
    sources: first,
    list: ({ tenant }) =>
      unlessFailing('list', async () => {
        if (listMs > 0) await clock.sleep(listMs);
        listed.push(`${tenant.name} ${tenant.clientId}`);
        return { kind: 'listed', jobs: 0, isCaughtUp: true };
      }),
    sweep: () => unlessFailing('sweep', () => (sweeps += 1)),
    absences: () => Promise.resolve(0),
    resume: () => Promise.resolve(0),
    work: () => Promise.resolve(),
  };
  const compact = (): Promise<void> =>
    unlessFailing('compact', async () => {
      compactions.push(clock.now());
      await clock.sleep(minutes(90));
    });
  const log = new FakeLog();
  const forgotten: number[] = [];
  // The machine's clock, and what Microsoft's last answer showed of it.
  const machine: { aheadMs: number; leadMs: number | undefined } = { aheadMs: 0, leadMs: 0 };
  const adapters = {
    clock: { now: () => clock.now() + machine.aheadMs, sleep: (ms: number) => clock.sleep(ms) },
    log,
    microsoft: { clockLeadMs: () => machine.leadMs },
    ledger: {
      forget: (now: number) =>
        unlessFailing('forget', () => {
          forgotten.push(now);
          return { jobs: 0, claims: 0 };
        }),
    },
  } as unknown as Adapters;
  const ended = follow(adapters, collector, {
    isStopped: () => isStopped,
    sources: () => configured(),
    compact,
    notify: () => Promise.resolve(),
    onTick: () => undefined,
  });
  return {
    log,
    clock,
    failing,
    listed,
    ended,
    sweeps: () => sweeps,
    takeForList: (ms: number) => {
      listMs = ms;
    },
    ask: () => {
      isStopped = true;
    },
    machine,
    forgotten,
    compactions,
    pass: async (ms: number): Promise<string[]> => {
      listed.length = 0;
      await clock.advance(ms);
      return [...listed];
    },
    configure: (sources: readonly Source[] | Error) => {
      configured = () => (sources instanceof Error ? Promise.reject(sources) : Promise.resolve(sources));
    },
    stop: async () => {
      isStopped = true;
      await clock.advance(minutes(100));
      await ended;
    },
  };
}

test('a tenant that is enabled while a run goes on is listed within a minute, one that is disabled not any more', async () => {
  const run = start([sourceOf('contoso')]);
  expect(await run.pass(minutes(1))).toEqual(['contoso first']);
  run.configure([sourceOf('contoso'), sourceOf('fabrikam')]);
  expect(await run.pass(minutes(2))).toEqual(['fabrikam first']);
  run.configure([sourceOf('fabrikam')]);
  expect(new Set(await run.pass(minutes(11)))).toEqual(new Set(['fabrikam first']));
  await run.stop();
});

test('a tenant that is changed keeps its time, and is listed as it is now', async () => {
  const run = start([sourceOf('contoso')]);
  await run.pass(minutes(1));
  run.configure([sourceOf('contoso', 'audit-exchange', 'second')]);
  expect(await run.pass(minutes(3))).toEqual([]);
  expect(await run.pass(minutes(2))).toEqual(['contoso second']);
  await run.stop();
});

test('a tenants file that cannot be read changes nothing, and is reported', async () => {
  const run = start([sourceOf('contoso')]);
  run.configure(new Error('the tenants file is no JSON'));
  expect(await run.pass(minutes(6))).toEqual(['contoso first', 'contoso first']);
  expect(run.log.of('error')[0]?.message).toBe('reading the tenants failed and is tried again');
  await run.stop();
});

test('a clock that was days ahead for a while holds nothing up once it is right again', async () => {
  const run = start([sourceOf('contoso')]);
  await run.pass(minutes(6));
  run.machine.aheadMs = days(8);
  expect(await run.pass(minutes(1))).toEqual(['contoso first']);
  run.machine.aheadMs = 0;
  expect((await run.pass(minutes(11))).length).toBeGreaterThanOrEqual(2);
  await run.stop();
});

test('nothing is forgotten by a clock that nobody has compared, that is wrong, or that has just jumped', async () => {
  const run = start([sourceOf('contoso')]);
  await run.pass(minutes(1));
  expect(run.forgotten).toHaveLength(1);
  Object.assign(run.machine, { aheadMs: days(40) });
  await run.pass(minutes(10));
  expect(run.forgotten).toHaveLength(1);
  for (const leadMs of [days(40), undefined]) {
    Object.assign(run.machine, { leadMs });
    await run.pass(hours(30));
    expect(run.forgotten).toHaveLength(1);
  }
  Object.assign(run.machine, { leadMs: 0 });
  await run.pass(hours(2));
  expect(run.forgotten).toHaveLength(2);
  await run.stop();
});

test('what has landed is compacted after ten minutes and then every hour, never twice at a time', async () => {
  const run = start([sourceOf('contoso')]);
  await run.pass(minutes(5));
  expect(run.compactions).toEqual([]);
  await run.pass(minutes(200));
  const begun = run.compactions.map((time) => Math.round((time - at('09:00')) / minutes(1)));
  expect(begun).toEqual([10, 100, 190]);
  await run.stop();
});

test('a store that fails ends nothing: what failed is logged with the store’s reason, and is done at its next time', async () => {
  const run = start([sourceOf('contoso')]);
  for (const what of ['list', 'sweep', 'forget', 'compact'] as const) run.failing.add(what);
  expect(await run.pass(minutes(11))).toEqual([]);
  expect(new Set(run.log.of('error').map(({ message, fields }) => `${message}: ${String(fields.error)}`))).toEqual(
    new Set(
      [
        ['a list', 'list'],
        ['the sweep', 'sweep'],
        ['forgetting', 'forget'],
        ['compaction', 'compact'],
      ].map(([what = '', store = '']) => `${what} failed and is tried again: Error: disk is full for ${store}`),
    ),
  );
  run.failing.clear();
  expect(await run.pass(minutes(6))).toEqual(['contoso first']);
  expect(run.sweeps()).toBeGreaterThanOrEqual(10);
  await run.pass(hours(24));
  expect(run.forgotten).toHaveLength(1);
  expect(run.compactions.length).toBeGreaterThan(0);
  await run.stop();
});

test('a run that is stopped ends when its lists have', async () => {
  const run = start([sourceOf('contoso')]);
  run.takeForList(minutes(3));
  let hasEnded = false;
  void run.ended.then(() => {
    hasEnded = true;
  });
  await run.pass(minutes(1));
  run.ask();
  await run.clock.advance(minutes(1));
  expect([hasEnded, run.listed]).toEqual([false, []]);
  await run.clock.advance(minutes(2));
  expect([hasEnded, run.listed]).toEqual([true, ['contoso first']]);
});
