import { describe, expect, test } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { makeFetchHandler } from '../../lambdas/fetch/handler.ts';
import { makeListHandler } from '../../lambdas/list/handler.ts';
import { openMeter } from '../../lambdas/meter.ts';
import { makeSweepHandler } from '../../lambdas/sweep/handler.ts';
import { queuedJobToBody } from '../../shared/aws/queued-job.ts';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import { minutes, seconds } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { QueuedJob } from '../../shared/ports/jobs.ts';
import type { Microsoft } from '../../shared/ports/microsoft.ts';
import { at, blobs, contoso, exchange, member } from '../contracts/samples.ts';
import { FakeFiles } from '../fakes/fake-files.ts';
import { FakeLog } from '../fakes/fake-log.ts';
import { FakeWorkspace } from '../fakes/fake-workspace.ts';
import { MemoryLake } from '../fakes/memory-lake.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { MemoryTenants } from '../fakes/memory-tenants.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import { refusal, ScriptedMicrosoft } from '../lambdas/scripted-microsoft.ts';

const context = { getRemainingTimeInMillis: () => minutes(5) };

const configOf = (domain: string) => ({
  tenantDomain: domain,
  clientId: '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84',
  credential: { kind: 'secret' },
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange'] },
  collectFrom: '2026-11-22T07:00:00Z',
});

/** Metrics as CloudWatch would read them: one object a line. */
function openMetrics(isPerTenant: boolean) {
  const written: Readonly<Record<string, unknown>>[] = [];
  const lines = { log: (line: string) => void written.push(JSON.parse(line) as Readonly<Record<string, unknown>>) };
  const metrics = new Metrics({ namespace: 'Test', serviceName: 'test' });
  // Powertools writes to the console that it holds; there is no way to hand it one.
  Object.assign(metrics, { console: { ...console, ...lines } });
  return { meter: openMeter({ metrics, isPerTenant }), written };
}

/** The sets of dimensions that a metric is kept by. */
function dimensionsOf(written: readonly Readonly<Record<string, unknown>>[], metric: string): readonly (readonly string[])[] {
  const line = written.find((one) => metric in one) as { _aws: { CloudWatchMetrics: { Dimensions: string[][] }[] } } | undefined;
  return line?._aws.CloudWatchMetrics[0]?.Dimensions ?? [];
}

function open({ isPerTenant = false } = {}) {
  const files = new FakeFiles();
  const clock = new VirtualClock(at('09:30'));
  const sent: QueuedJob[] = [];
  const jobs = { send: (queued: readonly QueuedJob[]) => Promise.resolve(void sent.push(...queued)) };
  const microsoft = new ScriptedMicrosoft(files);
  const adapters = {
    microsoft: microsoft as Microsoft,
    ledger: new MemoryLedger(),
    lake: new MemoryLake(files),
    log: new FakeLog(),
    clock,
    jobs,
    tenants: new MemoryTenants(),
  };
  const landing = {
    toParquet: ({ into }: { readonly into: string }) => {
      files.write(into, { records: ['1', '2'] });
      return Promise.resolve({ kind: 'written' as const, rows: 2, bytes: 20 });
    },
    occurring: () => Promise.resolve([]),
    derive: () => Promise.resolve({ rows: 0, bytes: 0 }),
  };
  return {
    ...adapters,
    microsoft,
    sent,
    files,
    ...openMetrics(isPerTenant),
    adapters: { ...adapters, landing, workspace: new FakeWorkspace(files) },
  };
}

const listOf = (stage: ReturnType<typeof open>, more: Partial<Parameters<typeof makeListHandler>[0]> = {}) =>
  makeListHandler({ adapters: stage.adapters, logType: logTypeById('audit-exchange'), cloud: 'enterprise', meter: stage.meter, ...more });

describe('the list function', () => {
  test('lists every tenant that chose its log type in its cloud, and nobody else', async () => {
    const stage = open();
    stage.tenants.put('contoso', configOf('contoso.example'), 'x');
    stage.tenants.put('gcc', { ...configOf('gcc.example'), managementActivity: { cloud: 'gcc', logTypes: ['audit-exchange'] } }, 'x');
    stage.tenants.put(
      'other',
      { ...configOf('other.example'), managementActivity: { cloud: 'enterprise', logTypes: ['audit-general'] } },
      'x',
    );
    stage.microsoft.blobs = [{ ...member('a'), records: ['1'] }];
    await listOf(stage)({}, context);
    expect(stage.sent.map(({ ref }) => ref.tenantName)).toEqual(['contoso']);
    expect(stage.microsoft.calls.filter((call) => call === 'identify')).toHaveLength(1);
  });

  test('one tenant’s failure stops no other, and is logged with a count', async () => {
    const stage = open();
    for (const name of ['bad', 'good']) stage.tenants.put(name, configOf(`${name}.example`), 'x');
    const identify: Microsoft['identify'] = (tenant) =>
      tenant.name === 'bad'
        ? Promise.reject(new Error('the parameter store is down'))
        : Promise.resolve({ kind: 'ok', value: { tenantId: contoso } });
    stage.microsoft.blobs = [{ ...member('a'), records: ['1'] }];
    await listOf({ ...stage, adapters: { ...stage.adapters, microsoft: replaced<Microsoft>(stage.microsoft, { identify }) } })({}, context);
    expect(stage.sent.map(({ ref }) => ref.tenantName)).toEqual(['good']);
    expect(stage.log.of('error').map(({ message, fields }) => [message, fields.tenant])).toEqual([['a list failed', 'bad']]);
    expect(stage.written).toContainEqual(expect.objectContaining({ logType: 'audit-exchange', cloud: 'enterprise', StreamsFailed: 1 }));
  });

  test('a broken tenant is named with all its faults, and counted', async () => {
    const stage = open();
    stage.tenants.put('broken', { ...configOf('https://x'), clientId: 'x' }, 'x');
    await listOf(stage)({}, context);
    const [line] = stage.log.of('error');
    expect(line?.fields).toMatchObject({ tenant: 'broken', count: 2, reason: expect.stringMatching(/tenantDomain: .*clientId: /) });
    expect(stage.written).toContainEqual(expect.objectContaining({ logType: 'audit-exchange', StreamsFailed: 1 }));
    expect(stage.written).toContainEqual(expect.objectContaining({ TenantsBroken: 1 }));
  });

  test('a run in which all is well writes no metric, for every one is paid by the hour', async () => {
    const stage = open();
    await listOf(stage)({}, context);
    expect(stage.written).toEqual([]);
  });

  test('a cursor that is no later than usual is no metric', async () => {
    const stage = open();
    stage.tenants.put('contoso', configOf('contoso.example'), 'x');
    await listOf(stage)({}, context);
    expect(stage.written.map((line) => Object.keys(line).at(-1))).toEqual(['Requests']);
  });

  test('one that is later is a metric with its tenant, its log type and its lag', async () => {
    const stage = open();
    stage.tenants.put('contoso', { ...configOf('contoso.example'), collectFrom: '2026-11-22T05:00:00Z' }, 'x');
    stage.microsoft.onList = () => refusal('unavailable');
    await listOf(stage)({}, context);
    expect(dimensionsOf(stage.written, 'CursorLag')).toEqual([['service'], ['service', 'tenant', 'logType']]);
    expect(stage.written).toContainEqual(
      expect.objectContaining({ CursorLag: 4.5 * 60 * 60, tenant: 'contoso', logType: 'audit-exchange' }),
    );
  });

  test.each([
    { hour: '02:00', isLong: true },
    { hour: '05:00', isLong: false },
  ])(
    'an hour of the content list from $hour that does not come at 09:30 is a metric, with its cause in the log: $isLong',
    async ({ hour, isLong }) => {
      const stage = open();
      stage.tenants.put('contoso', { ...configOf('contoso.example'), collectFrom: '2026-11-22T01:00:00Z' }, 'x');
      stage.microsoft.onList = ({ start }) => (start === at(hour) ? refusal('unavailable') : undefined);
      const list = listOf(stage);
      for (const _run of [1, 2]) {
        stage.written.length = 0;
        await list({}, context);
        const waited = stage.written.filter((line) => 'NotLanded' in line);
        expect(waited).toEqual(
          isLong ? [expect.objectContaining({ tenant: 'contoso', logType: 'audit-exchange', NotLanded: 7.5 * 60 * 60 })] : [],
        );
      }
      const [error] = stage.log.of('error');
      expect(error).toEqual(
        isLong
          ? expect.objectContaining({
              message: 'an hour of the content list does not come',
              fields: expect.objectContaining({ tenant: 'contoso', from: '2026-11-22T02:00:00.000Z', because: 'unavailable' }),
            })
          : undefined,
      );
    },
  );

  test('throttling and requests are counted where they happen', async () => {
    const stage = open();
    stage.tenants.put('contoso', configOf('contoso.example'), 'x');
    // Longer than a list waits for.
    stage.microsoft.onList = () => refusal('throttled', minutes(10));
    await listOf(stage)({}, context);
    expect(stage.written).toContainEqual(expect.objectContaining({ tenant: 'contoso', logType: 'audit-exchange', Throttled: 1 }));
    expect(stage.written).toContainEqual(expect.objectContaining({ api: 'management-activity', Requests: 2 }));
    expect(stage.written).toContainEqual(expect.objectContaining({ StreamsFailed: 1 }));
  });

  test('a ledger that is not the lake’s fails the run before anything is listed, and is looked at until it is', async () => {
    const stage = open();
    stage.tenants.put('contoso', configOf('contoso.example'), 'x');
    stage.microsoft.blobs = [{ ...member('a'), records: ['1'] }];
    const answers = [Promise.reject(new Error('the table is empty')), Promise.resolve()];
    let asked = 0;
    const handler = listOf(stage, { checkLedger: () => answers[asked++] ?? Promise.reject(new Error('asked a third time')) });
    await expect(handler({}, context)).rejects.toThrow('the table is empty');
    expect([stage.microsoft.calls, stage.sent]).toEqual([[], []]);
    await handler({}, context);
    await handler({}, context);
    expect(stage.sent).toHaveLength(1);
    expect(asked).toBe(2);
  });

  test('every run lists every tenant once, whoever it begins with', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const firsts: string[] = [];
    for (const minute of [0, 1, 2, 3, 4]) {
      const stage = open();
      for (const name of names) stage.tenants.put(name, configOf(`${name}.example`), 'x');
      await stage.clock.advance(minutes(minute));
      const listed: string[] = [];
      const identify: Microsoft['identify'] = (tenant) => {
        listed.push(tenant.name);
        return Promise.resolve({ kind: 'ok', value: { tenantId: contoso } });
      };
      await listOf({ ...stage, adapters: { ...stage.adapters, microsoft: replaced<Microsoft>(stage.microsoft, { identify }) } })(
        {},
        context,
      );
      expect([...new Set(listed)].sort()).toEqual(names);
      firsts.push(listed[0] ?? '');
    }
    expect(firsts.sort()).toEqual(names);
  });

  test('a run stops a minute before its end, so that what was begun is claimed and sent', async () => {
    const stage = open();
    stage.tenants.put('contoso', { ...configOf('contoso.example'), collectFrom: '2026-11-20T00:00:00Z' }, 'x');
    // Each window takes twenty seconds.
    stage.microsoft.onList = () => {
      stage.clock.schedule(stage.clock.now() + seconds(20), () => undefined);
      stage.clock.next();
      return undefined;
    };
    const from = stage.clock.now();
    await listOf(stage)({}, { getRemainingTimeInMillis: () => minutes(3) });
    expect(stage.clock.now() - from).toBeGreaterThan(minutes(1));
    expect(stage.clock.now() - from).toBeLessThanOrEqual(minutes(2) + seconds(40));
  });

  test('tenants that cannot be read fail the run', async () => {
    const stage = open();
    const tenants = replaced(stage.adapters.tenants, { list: () => Promise.reject(new Error('no')) });
    await expect(listOf({ ...stage, adapters: { ...stage.adapters, tenants } })({}, context)).rejects.toThrow('no');
  });
});

/** The port with some of its calls replaced. */
function replaced<Port extends object>(port: Port, instead: Partial<Port>): Port {
  return new Proxy(port, {
    get: (of, name) => {
      const value: unknown = Reflect.get(name in instead ? instead : of, name);
      return typeof value === 'function' ? (value.bind(of) as unknown) : value;
    },
  });
}

const messageOf = (body: string, messageId: string): SQSRecord => ({ body, messageId }) as SQSRecord;

async function oneJob(stage: ReturnType<typeof open>): Promise<QueuedJob> {
  stage.tenants.put('contoso', configOf('contoso.example'), 'x');
  stage.microsoft.blobs = [{ ...member('a'), records: ['1', '2'] }];
  await listOf(stage)({}, context);
  stage.written.length = 0;
  const [queued] = stage.sent;
  if (!queued) throw new Error('nothing was listed');
  return queued;
}

describe('the fetch worker', () => {
  const handlerOf = ({ adapters, meter }: ReturnType<typeof open>, more: Partial<Parameters<typeof makeFetchHandler>[0]> = {}) =>
    makeFetchHandler({ adapters, normalized: [], meter, ...more });

  test('lands the job of a message, acks it, and counts what landed', async () => {
    const stage = open();
    const queued = await oneJob(stage);
    const answer = await handlerOf(stage)({ Records: [messageOf(queuedJobToBody(queued), 'm1')] }, context);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect((await stage.ledger.readJob(queued.ref))?.state.state).toBe('landed');
    expect(stage.written).toContainEqual(
      expect.objectContaining({ tenant: 'contoso', logType: 'audit-exchange', RecordsLanded: 2, BytesLanded: 20, LandingLag: 90 * 60 }),
    );
  });

  test('counts a job whose tenant was disabled or removed: an alarm hears of it', async () => {
    const stage = open();
    const queued = await oneJob(stage);
    const tenants = new MemoryTenants();
    await handlerOf({ ...stage, adapters: { ...stage.adapters, tenants } })(
      { Records: [messageOf(queuedJobToBody(queued), 'm1')] },
      context,
    );
    expect(stage.written).toContainEqual(expect.objectContaining({ TenantsBroken: 1 }));
    expect(stage.log.of('warn')).toMatchObject([{ fields: { tenant: 'contoso', because: 'its tenant is not configured' } }]);
  });

  test.each([
    { isPerTenant: false, dimensions: [['service']] },
    { isPerTenant: true, dimensions: [['service'], ['service', 'tenant', 'logType']] },
  ])('what landed is a metric by $dimensions where metrics per tenant are $isPerTenant', async ({ isPerTenant, dimensions }) => {
    const stage = open({ isPerTenant });
    const queued = await oneJob(stage);
    await handlerOf(stage)({ Records: [messageOf(queuedJobToBody(queued), 'm1')] }, context);
    expect(dimensionsOf(stage.written, 'RecordsLanded')).toEqual(dimensions);
  });

  test('a store that fails for one message fails that message alone', async () => {
    const stage = open();
    const queued = await oneJob(stage);
    const other = {
      ref: jobRef({ ...queued.ref, kind: 'content', jobId: 'f'.repeat(32), landingHour: '2026-11-22T10', members: [], stream: exchange }),
      dueAt: 1,
    };
    const readJob = (ref: QueuedJob['ref']) =>
      ref.key === other.ref.key ? Promise.reject(new Error('the table is gone')) : stage.ledger.readJob(ref);
    const ledger = replaced(stage.ledger, { readJob });
    const handler = handlerOf({ ...stage, adapters: { ...stage.adapters, ledger } });
    const answer = await handler({ Records: [messageOf(queuedJobToBody(other), 'm1'), messageOf(queuedJobToBody(queued), 'm2')] }, context);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect((await stage.ledger.readJob(queued.ref))?.state.state).toBe('landed');
  });

  test('every message of a batch that failed is reported, and no other', async () => {
    const stage = open();
    const queued = await oneJob(stage);
    const good = queuedJobToBody(queued);
    const lost = (jobId: string) =>
      queuedJobToBody({
        ref: jobRef({
          ...queued.ref,
          kind: 'content',
          jobId: jobId.repeat(32),
          landingHour: '2026-11-22T10',
          members: [],
          stream: exchange,
        }),
        dueAt: 1,
      });
    const readJob = (ref: QueuedJob['ref']) =>
      ref.key === queued.ref.key ? stage.ledger.readJob(ref) : Promise.reject(new Error('the table is gone'));
    const handler = handlerOf({ ...stage, adapters: { ...stage.adapters, ledger: replaced(stage.ledger, { readJob }) } });
    const Records = [messageOf(lost('a'), 'm1'), messageOf(good, 'm2'), messageOf(lost('b'), 'm3'), messageOf('hello', 'm4')];
    expect((await handler({ Records }, context)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['m1', 'm3', 'm4']);
    expect((await stage.ledger.readJob(queued.ref))?.state.state).toBe('landed');
  });

  test('a message that is not ours goes to the dead letters with the reason and never comes again', async () => {
    const stage = open();
    const rejected: string[] = [];
    const deadLetter = (message: SQSRecord, reason: string) => Promise.resolve(void rejected.push(`${message.messageId}: ${reason}`));
    const answer = await handlerOf(stage, { deadLetter })({ Records: [messageOf('hello', 'm1')] }, context);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(rejected).toEqual(['m1: the message is no JSON']);
    expect(stage.log.of('error')[0]).toMatchObject({ message: 'a message is not ours', fields: { reason: 'the message is no JSON' } });
  });

  test('without a dead-letter queue to send to, it is reported as failed', async () => {
    const answer = await handlerOf(open())({ Records: [messageOf('hello', 'm1')] }, context);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
  });

  test('a job that parks is counted, and so is what Microsoft will soon stop serving', async () => {
    const stage = open();
    const queued = await oneJob(stage);
    stage.clock.schedule(at('09:30') + 6.5 * 24 * minutes(60), () => undefined);
    stage.clock.next();
    stage.microsoft.onFetch = () => refusal('unavailable');
    await handlerOf(stage)({ Records: [messageOf(queuedJobToBody(queued), 'm1')] }, context);
    expect(stage.written).toContainEqual(expect.objectContaining({ tenant: 'contoso', Parked: 1, NearExpiry: 1 }));
  });

  test.each([
    { parks: 8, time: '15:30', isStuck: true },
    { parks: 2, time: '15:30', isStuck: false },
    { parks: 8, time: '12:30', isStuck: false },
  ])('a job that was parked $parks times until $time has not landed for hours: $isStuck', async ({ parks, time, isStuck }) => {
    const stage = open();
    const queued = await oneJob(stage);
    await stage.ledger.parkJob(queued.ref, 1, { dueAt: at('10:00'), parks, malformed: [0], because: 'HTTP 504' });
    stage.clock.schedule(at(time), () => undefined);
    stage.clock.next();
    stage.microsoft.onFetch = () => refusal('unavailable');
    await handlerOf(stage)({ Records: [messageOf(queuedJobToBody(queued), 'm1')] }, context);
    // It was published at 08:00.
    const waited = stage.written.filter((line) => 'NotLanded' in line);
    expect(waited).toEqual(isStuck ? [expect.objectContaining({ tenant: 'contoso', NotLanded: 7.5 * 60 * 60 })] : []);
    expect(stage.log.of('error').map(({ message, fields }) => [message, fields.because])).toEqual(
      isStuck ? [['a job does not land', 'unavailable']] : [],
    );
    if (isStuck) expect(dimensionsOf(stage.written, 'NotLanded')).toEqual([['service'], ['service', 'tenant', 'logType']]);
  });

  test('nothing happened: nothing is measured', async () => {
    const stage = open();
    await handlerOf(stage)({ Records: [] }, context);
    expect(stage.written).toEqual([]);
  });
});

test('the sweep sends what is due', async () => {
  const stage = open();
  const { ref } = await oneJob(stage);
  stage.sent.length = 0;
  stage.clock.schedule(at('10:00'), () => undefined);
  stage.clock.next();
  await makeSweepHandler(stage.adapters)({}, context);
  expect(stage.sent.map((queued) => queued.ref)).toEqual([ref]);
});

test('the sweep begins no batch in its last twenty seconds, for it could not be sent', async () => {
  const stage = open();
  for (let index = 0; index < 250; index += 1) await stage.ledger.createJob(blobs(String(index)), at('09:00'));
  const send = (queued: readonly QueuedJob[]) => {
    stage.clock.schedule(stage.clock.now() + seconds(30), () => undefined);
    stage.clock.next();
    return Promise.resolve(void stage.sent.push(...queued));
  };
  await makeSweepHandler({ ...stage.adapters, jobs: { send } })({}, { getRemainingTimeInMillis: () => minutes(1) });
  expect(stage.sent).toHaveLength(200);
});
