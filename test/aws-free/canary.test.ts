/** No function logs a secret, a token, or a person: all lines of a bad week are searched for them. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { SQSRecord } from 'aws-lambda';
import { makeFetchHandler } from '../../lambdas/fetch/handler.ts';
import { makeListHandler } from '../../lambdas/list/handler.ts';
import { lambdaLog } from '../../lambdas/log.ts';
import { openMeter } from '../../lambdas/meter.ts';
import { connect, type Adapters } from '../../local/connect.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { parseFaults } from '../../simulator/faults.ts';
import { company } from '../../simulator/people.ts';
import { seededWorld } from '../../simulator/seeded-world.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { simulatedTenant } from '../../simulator/tenants.ts';
import { queuedJobToBody } from '../../shared/aws/queued-job.ts';
import { normalizedDatasets } from '../../shared/datasets/index.ts';
import { hours, iso, minutes } from '../../shared/domain/window.ts';
import { logTypes } from '../../shared/log-types/index.ts';
import { fastClock } from '../fakes/fast-clock.ts';
import { MemoryTenants } from '../fakes/memory-tenants.ts';

const clock = fastClock(300);
const context = { getRemainingTimeInMillis: () => minutes(5) };
const seed = 'canary';
/** As Entra makes them. */
const secrets = { contoso: 'kA78Q~the.right.secret.of.contoso-0123456', fabrikam: 'aB34Q~a.wrong.secret.of.fabrikam-01234567' };
const contoso = simulatedTenant({ name: 'contoso', secret: secrets.contoso });
const fabrikam = simulatedTenant({ name: 'fabrikam' });

const lines: string[] = [];
const capture = { log: keep, info: keep, warn: keep, error: keep, debug: keep };
function keep(line: string): void {
  lines.push(line);
}

const idsOf = (kind: 'content' | 'windows') => logTypes.filter(({ source }) => source.kind === kind).map(({ id }) => id);
const configOf = (tenant: typeof contoso, from: number) => ({
  tenantDomain: tenant.domains[0],
  clientId: tenant.apps[0]?.clientId,
  credential: { kind: 'secret' },
  managementActivity: { cloud: 'enterprise', logTypes: idsOf('content') },
  graph: { cloud: 'global', logTypes: idsOf('windows') },
  collectFrom: iso(from),
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'canary-'));
  const startAt = clock.now();
  const world = seededWorld({ seed, startAt, tenants: [contoso, fabrikam], recordsPerDay: 1_000 });
  const faults = parseFaults({ seed, rates: { '*': { '403': 0.05, '503': 0.05, malformed: 0.1, html: 0.05, truncated: 0.05 } } });
  const simulator = await startSimulator({ world, clock, throttle: 'off', faults, quirks: { legacyAlerts: 'served' } });
  const tenants = new MemoryTenants();
  tenants.put('contoso', configOf(contoso, startAt - hours(2)), secrets.contoso);
  tenants.put('fabrikam', configOf(fabrikam, startAt - hours(2)), secrets.fabrikam);
  tenants.put('broken', { ...configOf(contoso, startAt), clientId: secrets.contoso, clientSecret: secrets.contoso }, secrets.contoso);
  const lake = await openLakeFolder(join(folder, 'lake'), { exclusive: true });
  const logger = new Logger({ serviceName: 'canary' });
  Object.assign(logger, { console: { ...console, ...capture } });
  const adapters = await connect(lake, { tenants, clock, log: lambdaLog(logger), hostOverride: { baseUrl: simulator.baseUrl } });
  await runEverything(adapters);
  adapters.close();
  lake.close();
  await simulator.close();
}, 60_000);

/** Every list function twice, and every job that they sent, as messages; and one that is no job. */
async function runEverything(adapters: Adapters): Promise<void> {
  const metrics = new Metrics({ namespace: 'Test', serviceName: 'canary' });
  Object.assign(metrics, { console: { ...console, ...capture } });
  const meter = openMeter({ metrics, isPerTenant: true });
  const [landing] = adapters.landings;
  if (!landing) throw new Error('no landing among the adapters');
  const fetch = makeFetchHandler({ adapters: { ...adapters, landing }, normalized: normalizedDatasets, meter });
  for (let round = 0; round < 2; round += 1) {
    for (const logType of logTypes) {
      const cloud = logType.source.kind === 'content' ? 'enterprise' : 'global';
      await makeListHandler({ adapters, logType, cloud, meter })({}, context);
    }
    for (const kind of ['content', 'window'] as const) {
      for (let jobs = await receive(); jobs.length > 0; jobs = await receive()) {
        const Records = jobs.map(({ queued, receipt }) => ({ body: queuedJobToBody(queued), messageId: receipt }) as SQSRecord);
        await fetch({ Records }, context);
        for (const { receipt } of jobs) await adapters.jobs.ack(receipt);
      }
      function receive() {
        return adapters.jobs.receive(kind, 10, minutes(30), clock.now());
      }
    }
  }
  await fetch(
    { Records: [{ body: `{"password":"${secrets.contoso}","user":"ann@contoso.example"}`, messageId: 'm' } as SQSRecord] },
    context,
  );
}

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what functions write while Microsoft fails, a secret is wrong and a configuration is broken', () => {
  test('is much, of every level', () => {
    const text = lines.join('\n');
    for (const message of ['landed', 'a job is parked', 'listing was refused', 'a tenant cannot be collected', 'a message is not ours']) {
      expect(text).toContain(`"${message}"`);
    }
    expect(text).toContain('RecordsLanded');
  });

  test('has no secret and no token in it', () => {
    expect(lines.filter((line) => Object.values(secrets).some((secret) => line.includes(secret)))).toEqual([]);
    expect(lines.filter((line) => /eyJ[\w-]{8,}\.|Bearer /.test(line))).toEqual([]);
  });

  test('has no name and no address of a person in it', () => {
    const people = [contoso, fabrikam].flatMap((tenant) => company(seed, tenant).people);
    const words = people.flatMap(({ userPrincipalName, displayName }) => [userPrincipalName, displayName]);
    expect(words.length).toBeGreaterThan(20);
    expect(lines.filter((line) => words.some((word) => line.includes(word)))).toEqual([]);
    expect(lines.filter((line) => /[\w.]+@[\w-]+\.\w|\b(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+|2001:db8:/.test(line))).toEqual([]);
  });
});
