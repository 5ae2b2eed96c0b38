/**
 * `npm run bench:tenants`: how long one list function takes over a thousand tenants, nearly all of them idle.
 *
 * The handler is the deployed one. Microsoft is the simulator, in a process of its own; the ledger is in memory. What the network would
 * add is added: see `addedMs`.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { SSMClient } from '@aws-sdk/client-ssm';
import { makeListHandler } from '../lambdas/list/handler.ts';
import type { Meter } from '../lambdas/meter.ts';
import { systemClock } from '../local/clock.ts';
import { openLedger } from '../local/ledger.ts';
import { terminalStyle } from '../cli/terminal/terminal-style.ts';
import { table } from '../cli/terminal/table.ts';
import { openTenants } from '../shared/aws/tenants.ts';
import { everyDeepListDone } from '../shared/domain/deep-list.ts';
import { gridFloor, hours, minutes } from '../shared/domain/window.ts';
import { logTypeById, logTypes } from '../shared/log-types/index.ts';
import { connectMicrosoft } from '../shared/microsoft/connect.ts';
import type { Ledger } from '../shared/ports/ledger.ts';
import type { Log } from '../shared/ports/log.ts';
import { idleTenants, parametersOf } from './idle-tenants.ts';

const { values } = parseArgs({ options: { tenants: { type: 'string', default: '1000' } } });
const count = Number(values.tenants);
/** What a request takes in AWS beside what it takes here, in ms: a page of parameters, a call of DynamoDB, a request to Microsoft. */
const addedMs = { parameters: 30, ledger: 5, microsoft: 150 };
/** Of a list function with 256 MB: Lambda gives a whole core to 1,769 MB. */
const coreShare = 256 / 1_769;
const limitSeconds = 45;

const contentTypes = logTypes.filter(({ source }) => source.kind === 'content').map(({ id }) => id);
const paths = { prefix: '/m365-audit-lake/tenants', credentialsPrefix: '/m365-audit-lake/credentials' };
const tenants = idleTenants(count);
let time = systemClock.now();
/** Ours to move, so that a run can be an hour after the one before. */
const clock = { now: () => time + (systemClock.now() - begun), sleep: (ms: number) => systemClock.sleep(ms) };
const begun = time;

const ignore = (): void => undefined;
const silent: Log = { info: ignore, warn: ignore, error: ignore };
const unmeasured = new Proxy({}, { get: () => ignore }) as Meter;

const simulator = spawn(
  process.execPath,
  [join(import.meta.dirname, 'processes', 'idle-tenants.ts'), String(count), String(Math.ceil(count / 100))],
  {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  },
);
try {
  const [{ baseUrl }] = (await once(simulator, 'message')) as [{ baseUrl: string }];
  const rows = await measure(baseUrl);
  const columns = ['run', 'seconds', 'CPU s', 'seconds at 256 MB'].map((name, index) => ({
    name,
    align: index === 0 ? ('left' as const) : ('right' as const),
  }));
  console.log(
    `One list function, ${count.toLocaleString('en-US')} tenants of ${String(contentTypes.length)} content types, 1 % of them busy\n`,
  );
  console.log(
    table(
      columns,
      rows.map(({ run, seconds, cpuSeconds }) => [
        run,
        seconds.toFixed(1),
        cpuSeconds.toFixed(1),
        inLambda(seconds, cpuSeconds).toFixed(1),
      ]),
      terminalStyle(),
    ),
  );
  const slowest = Math.max(...rows.map(({ seconds, cpuSeconds }) => inLambda(seconds, cpuSeconds)));
  console.log(`\nslowest ${slowest.toFixed(1)} s of ${String(limitSeconds)} s`);
  process.exitCode = slowest > limitSeconds ? 1 : 0;
} finally {
  simulator.kill();
}

/** Waiting does not become longer with less of a core; computing does. */
function inLambda(seconds: number, cpuSeconds: number): number {
  return Math.max(seconds, cpuSeconds / coreShare);
}

interface Run {
  readonly run: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function measure(baseUrl: string): Promise<Run[]> {
  const ledger = openLedger(':memory:');
  const logType = logTypeById('audit-exchange');
  await collectedBefore(ledger, logType.id);
  const store = openTenants({
    client: parameterStore(),
    ...paths,
    homes: ['enterprise'],
    deployment: { isFedramp: false },
    assertion: () => Promise.resolve(''),
    clock,
  });
  const microsoft = slower(connectMicrosoft({ tenants: store, clock, log: silent, hostOverride: { baseUrl } }), addedMs.microsoft);
  const adapters = {
    microsoft,
    ledger: slower<Ledger>(ledger, addedMs.ledger),
    jobs: { send: () => Promise.resolve() },
    tenants: store,
    clock,
    log: silent,
  };
  const handler = makeListHandler({ adapters, logType, cloud: 'enterprise', meter: unmeasured });
  const run = async (name: string): Promise<Run> => {
    const [from, cpu] = [performance.now(), process.cpuUsage()];
    await handler({}, { getRemainingTimeInMillis: () => minutes(5) });
    const { user, system } = process.cpuUsage(cpu);
    return { run: name, seconds: (performance.now() - from) / 1_000, cpuSeconds: (user + system) / 1e6 };
  };
  const rows = [await run('first of a process: a token for each tenant')];
  time += minutes(5);
  rows.push(await run('five minutes later'));
  for (let more = 1; more <= 3; more += 1) {
    time += minutes(5);
    const { seconds, cpuSeconds } = await run('');
    const worst = rows[2];
    if (!worst || seconds > worst.seconds)
      rows[2] = { run: 'slowest of the three that follow, one tenant in twelve lists its last day again', seconds, cpuSeconds };
  }
  ledger.close();
  return rows;
}

/** Every tenant has been collected for long. */
async function collectedBefore(ledger: Ledger, logType: string): Promise<void> {
  const now = clock.now();
  for (const { name, tenantId } of tenants) {
    const body = { watermarks: [gridFloor(now, hours(1))], subscription: 'enabled' as const, deepDoneAt: everyDeepListDone(now) };
    await ledger.commitCursor({ cloud: 'enterprise', tenantId, logType }, 0, body, { jobs: [], gaps: [], dueAt: 0 });
    await ledger.noteTenantId(name, tenantId);
  }
}

/** Ten parameters a page, as the parameter store gives them. */
function parameterStore(): SSMClient {
  const all = parametersOf(tenants, paths, contentTypes);
  const byName = new Map(all.map((parameter) => [parameter.Name, parameter]));
  const send = async ({
    input,
  }: {
    readonly input: { readonly Names?: readonly string[]; readonly Path?: string; readonly NextToken?: string };
  }): Promise<unknown> => {
    await setTimeout(addedMs.parameters);
    if (input.Names) return { Parameters: input.Names.flatMap((name) => byName.get(name) ?? []) };
    const from = Number(input.NextToken ?? 0);
    const below = all.filter(({ Name = '' }) => Name.startsWith(`${String(input.Path)}/`));
    return { Parameters: below.slice(from, from + 10), ...(from + 10 < below.length && { NextToken: String(from + 10) }) };
  };
  return Object.assign(new SSMClient({ region: 'us-east-1' }), { send: send as SSMClient['send'] });
}

/** The port with every call taking longer. */
function slower<Port extends object>(port: Port, ms: number): Port {
  return new Proxy(port, {
    get: (of, name) => {
      const value: unknown = Reflect.get(of, name);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]): Promise<unknown> => {
        await setTimeout(name === 'identify' ? 0 : ms);
        return Reflect.apply(value, of, given) as unknown;
      };
    },
  });
}
