/** `lake reconcile --repair` of what stands quarantined, killed at every call that it makes, and two at once in many orders. */

import { beforeEach, describe, expect, test } from '@jest/globals';
import { reconcile } from '../../../cli/reconcile/reconcile.ts';
import type { ReconcileDeps } from '../../../cli/reconcile/reconciling.ts';
import { contentJob, jobRef, type ContentJob } from '../../../shared/domain/fetch-job.ts';
import { landingKey, markToMetadata } from '../../../shared/domain/landing-key.ts';
import { lossesOf } from '../../../shared/domain/loss.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { random } from '../../../simulator/random.ts';
import { at, exchange, member } from '../../contracts/samples.ts';
import { FakeWorkspace } from '../../fakes/fake-workspace.ts';
import { settle } from '../../fakes/virtual-clock.ts';
import { openStage } from '../../lambdas/stage.ts';

const { dataset } = logTypeById('audit-exchange');
const names = ['a', 'b', 'c', 'd', 'e'];
const all = names.map((name) => `record-${name}`).join(' ');

let stage: ReturnType<typeof openStage>;

/** Two jobs have given up four of five blobs, which Microsoft serves, whole. */
async function prepare(): Promise<void> {
  stage = openStage();
  stage.microsoft.blobs = names.map((name) => ({ ...member(name), records: [`record-${name}`] }));
  await stage.ledger.noteTenantId('contoso', exchange.tenantId);
  await giveUp(['a', 'b', 'c'], 'lqq', ['record-a']);
  await giveUp(['d', 'e'], 'qq', []);
}
beforeEach(prepare);

async function giveUp(of: readonly string[], fates: string, records: readonly string[]): Promise<ContentJob> {
  const job = contentJob(
    exchange,
    'contoso',
    of.map((name) => member(name)),
    at('09:00'),
  );
  stage.files.write('object', { records });
  await stage.lake.putOnce(landingKey(dataset, job), 'object', markToMetadata(job, { rows: records.length, fates, isSplit: false }));
  await stage.ledger.createJob(job, at('09:00'));
  const end = { finishedAt: at('09:05'), rows: records.length, bytes: 1, losses: lossesOf(job, fates), children: [], gaps: [] };
  await stage.ledger.finishJob(jobRef(job), { ...end, fates });
  return job;
}

/** What happens at each call of a store. */
type AtCall = <T>(call: () => Promise<T>) => Promise<T>;
const asItIs: AtCall = (call) => call();

/** A repair by a process of its own. @param listed What Microsoft lists to it; everything when absent. */
function repair(atCall: AtCall = asItIs, listed: readonly string[] = names) {
  const { ledger, lake, microsoft, files, clock, log } = stage;
  const tenant = {
    ...{ name: 'contoso', tenantDomain: 'contoso.onmicrosoft.com', clientId: 'x', credentialKind: 'secret' as const },
    managementActivity: { cloud: 'enterprise' as const, logTypes: ['audit-exchange'] },
    collectFrom: at('06:00'),
  };
  const blobs = names.filter((name) => listed.includes(name)).map((name) => member(name));
  const deps: ReconcileDeps = {
    ledger: called(ledger, atCall),
    lake: called(lake, atCall),
    jobs: called(stage.jobs, atCall),
    inventory: lake,
    microsoft: called(microsoft, asItIs, {
      listBlobs: (_tenant, _logType, { start, end }) =>
        Promise.resolve({ kind: 'ok', value: blobs.filter(({ created }) => created >= start && created < end) }),
    }),
    landing: { toParquet: nobody, occurring: nobody, derive: nobody },
    normalized: [],
    workspace: new FakeWorkspace(files),
    tenants: { list: () => Promise.resolve([{ kind: 'tenant', tenant }]) },
    clock,
    log,
  };
  return reconcile(deps, {}, { isRepairing: true });
}

const nobody = (): never => {
  throw new Error('a repair lands nothing itself');
};

/** The port whose every call goes through `atCall`, but for what is answered instead. */
function called<Port extends object>(port: Port, atCall: AtCall, instead: Partial<Port> = {}): Port {
  return new Proxy(port, {
    get: (of, name) => {
      if (name in instead) return Reflect.get(instead, name) as unknown;
      const value: unknown = Reflect.get(of, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        const answer = (): unknown => (value as (...given: unknown[]) => unknown).apply(of, given);
        return name === 'clockLeadMs' ? answer() : atCall(() => answer() as Promise<unknown>);
      };
    },
  });
}

/** Every job that is due is fetched, by two workers at once. */
async function land(): Promise<void> {
  for (const { job } of await stage.ledger.pendingJobs()) await Promise.all([stage.fetch(jobRef(job)), stage.fetch(jobRef(job))]);
}

async function expectAllOnce(): Promise<void> {
  expect(
    stage
      .landed()
      .flatMap((records) => (records === '' ? [] : records.split(' ')))
      .sort()
      .join(' '),
  ).toBe(all);
  expect(await stage.ledger.losses(exchange)).toEqual([]);
  expect(stage.ledger.pendingCount).toBe(0);
}

/** Counts the calls of an undisturbed repair. */
async function callsOfOne(): Promise<number> {
  let calls = 0;
  await repair((call) => {
    calls += 1;
    return call();
  });
  return calls;
}

test('an undisturbed one makes a job for each that gave blobs up, and every record lands once', async () => {
  await repair();
  expect(stage.ledger.pendingCount).toBe(2);
  await land();
  await expectAllOnce();
});

describe.each(['before', 'after'] as const)('killed %s any of its calls', (moment) => {
  test('and run again, it ends in every record once', async () => {
    const calls = await callsOfOne();
    expect(calls).toBeGreaterThanOrEqual(10);
    for (let killedAt = 1; killedAt <= calls; killedAt += 1) {
      await prepare();
      let count = 0;
      const killing: AtCall = async (call) => {
        count += 1;
        if (count < killedAt) return call();
        if (count === killedAt && moment === 'after') await call();
        throw new Error('killed');
      };
      await expect(repair(killing)).rejects.toThrow('killed');
      // The sweep sends what a dead repair has made: it is due.
      if (killedAt % 2 === 0) await land();
      await repair();
      await land();
      await expectAllOnce();
    }
  });
});

test.each(Array.from({ length: 60 }, (_, seed) => ({ seed })))(
  'two at once, to whom Microsoft lists different blobs, end in every record once: order $seed',
  async ({ seed }) => {
    const chance = random('repairs', seed);
    const shuffled: AtCall = async (call) => {
      for (let waits = chance.int(0, 6); waits > 0; waits -= 1) await settle();
      return call();
    };
    const listed = [names, names.filter((name) => name !== 'bcde'[seed % 4])] as const;
    await Promise.all(listed.map((of) => repair(shuffled, of)));
    await land();
    await repair();
    await land();
    await expectAllOnce();
  },
);
