/** A tenant whose credential is refused rests and comes back by itself, with nothing lost; nobody else notices. Against the simulator. */

import { afterEach, describe, expect, test } from '@jest/globals';
import { KnownClaims } from '../lambdas/list/known-claims.ts';
import { list } from '../lambdas/list/list.ts';
import type { Listed } from '../lambdas/list/listing.ts';
import { openLedger, type LocalLedger } from '../local/ledger.ts';
import { seededWorld } from '../simulator/seeded-world.ts';
import { startSimulator, type Simulator } from '../simulator/simulator.ts';
import { simulatedTenant } from '../simulator/tenants.ts';
import type { SimulatedTenant, World } from '../simulator/world.ts';
import { groupLimits } from '../shared/domain/grouping.ts';
import type { Stream } from '../shared/domain/stream.ts';
import type { Tenant } from '../shared/domain/tenant.ts';
import { hours, minutes } from '../shared/domain/window.ts';
import { logTypeById } from '../shared/log-types/index.ts';
import { connectMicrosoft, type ConnectedMicrosoft } from '../shared/microsoft/connect.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Cursor } from '../shared/ports/ledger.ts';
import { leapingClock } from './aws-free/leaping-clock.ts';
import { FakeLog } from './fakes/fake-log.ts';

const startAt = Date.parse('2026-11-22T09:00:00Z');
const logTypes = ['audit-exchange', 'audit-general', 'directory-audits'];

interface Stage {
  readonly clock: Clock;
  readonly world: World;
  readonly simulator: Simulator;
  readonly ledger: LocalLedger;
  readonly microsoft: ConnectedMicrosoft;
  /** By the tenant's name; what is stored for it. */
  readonly secrets: Record<string, string>;
  /** Names of tenants, a line for each time a credential was read. */
  readonly reads: string[];
}

let stage: Stage;
afterEach(async () => {
  stage.ledger.close();
  await stage.simulator.close();
});

async function open(): Promise<void> {
  const clock = leapingClock(startAt);
  const tenants = ['contoso', 'fabrikam'].map((name) =>
    simulatedTenant({ name, subscribed: ['Audit.Exchange', 'Audit.General'], secret: `first-secret-of-${name}` }),
  );
  const world = seededWorld({ seed: 'suspension', startAt, tenants, recordsPerDay: 600, hasIncidents: false });
  const simulator = await startSimulator({ world, clock, throttle: 'off' });
  const secrets: Record<string, string> = Object.fromEntries(tenants.map(({ name }) => [name, `first-secret-of-${name}`]));
  const reads: string[] = [];
  const credential = (name: string) => {
    reads.push(name);
    return Promise.resolve({ kind: 'secret' as const, secret: secrets[name] ?? '' });
  };
  const microsoft = connectMicrosoft({ tenants: { credential }, clock, log: new FakeLog(), hostOverride: { baseUrl: simulator.baseUrl } });
  stage = { clock, world, simulator, ledger: openLedger(':memory:'), microsoft, secrets, reads };
}

const simulated = (name: string): SimulatedTenant => {
  const found = stage.world.tenants.find((tenant) => tenant.name === name);
  if (!found) throw new Error(`no tenant ${name} is simulated`);
  return found;
};

function tenantOf(name: string): Tenant {
  const { domains, apps } = simulated(name);
  return {
    name,
    tenantDomain: domains[0] ?? '',
    clientId: apps[0]?.clientId ?? '',
    credentialKind: 'secret',
    managementActivity: { cloud: 'enterprise', logTypes: logTypes.slice(0, 2) },
    graph: { cloud: 'global', logTypes: logTypes.slice(2) },
    collectFrom: startAt - hours(3),
  };
}

const streamOf = (name: string, logType: string): Stream => {
  const cloud = logType.startsWith('audit-') ? 'enterprise' : 'global';
  return { cloud, tenantId: simulated(name).tenantId, logType };
};

/** One run of each list, as the schedule starts them; the answers' kinds. */
async function listAll(name: string): Promise<Listed['kind'][]> {
  const { ledger, microsoft, clock } = stage;
  const kinds: Listed['kind'][] = [];
  for (const id of logTypes) {
    const deps = {
      ledger,
      microsoft,
      clock,
      jobs: { send: () => Promise.resolve() },
      log: new FakeLog(),
      known: new KnownClaims(),
      groupLimits,
    };
    kinds.push((await list(tenantOf(name), logTypeById(id), { ...deps, deadline: clock.now() + minutes(4) })).kind);
  }
  return kinds;
}

const cursors = (name: string): Promise<(Cursor | undefined)[]> =>
  Promise.all(logTypes.map((logType) => stage.ledger.readCursor(streamOf(name, logType))));

/** What Microsoft lists of a content type since collecting began, and nobody has claimed. */
async function unclaimed(name: string, logType: string): Promise<string[]> {
  const now = stage.clock.now();
  const all = stage.world.blobs(simulated(name).tenantId, logType, { start: startAt - hours(3), end: now });
  const listed = all.filter(({ visibleAt }) => visibleAt <= now).map(({ contentId }) => contentId);
  expect(listed.length).toBeGreaterThan(5);
  const claims = await stage.ledger.claims(streamOf(name, logType), listed);
  return listed.filter((id) => !claims.has(id));
}

const allListed = ['listed', 'listed', 'listed'];

/** The old secret is refused from now on, and so is every token that it once gave. */
async function rotateAtMicrosoft(name: string, value: string): Promise<void> {
  const app = simulated(name).apps[0];
  if (!app) throw new Error('the app is there');
  app.secrets.splice(0, app.secrets.length, { secretId: 'id', value, expiresAt: Infinity });
  await stage.clock.sleep(minutes(61));
}

describe('a tenant whose credential is refused', () => {
  test('rests with its cursors where they were, is tried hourly, and comes back by itself with nothing lost', async () => {
    await open();
    expect([await listAll('contoso'), await listAll('fabrikam')]).toEqual([allListed, allListed]);
    const before = (await cursors('contoso')).map((cursor) => cursor?.watermarks);

    await rotateAtMicrosoft('contoso', 'second-secret-of-contoso');
    expect(await listAll('contoso')).toEqual(['stopped', 'stopped', 'stopped']);
    stage.reads.length = 0;
    for (let run = 0; run < 24; run += 1) {
      await stage.clock.sleep(minutes(15));
      expect(await listAll('fabrikam')).toEqual(allListed);
      expect(await listAll('contoso')).not.toContain('listed');
    }
    const rested = await cursors('contoso');
    expect(rested.map((cursor) => cursor?.watermarks)).toEqual(before);
    expect(rested.every((cursor) => cursor?.suspendedBecause === 'AADSTS7000215' && (cursor.suspendedUntil ?? 0) > startAt)).toBe(true);
    // Six hours, three streams, each tried once an hour with the credential read twice: it may have been replaced since.
    expect(stage.reads.filter((name) => name === 'contoso').length).toBeLessThanOrEqual(6 * 3 * 2);
    expect(stage.reads.filter((name) => name === 'contoso').length).toBeGreaterThanOrEqual(5 * 3 * 2);

    stage.secrets.contoso = 'second-secret-of-contoso';
    await stage.clock.sleep(minutes(61));
    expect(await listAll('contoso')).toEqual(allListed);
    expect((await cursors('contoso')).map((cursor) => cursor?.suspendedUntil)).toEqual([undefined, undefined, undefined]);
    for (const logType of logTypes.slice(0, 2)) expect(await unclaimed('contoso', logType)).toEqual([]);
    for (const logType of logTypes) expect(await stage.ledger.gaps(streamOf('contoso', logType))).toEqual([]);
  }, 60_000);

  test('and gets a new one before it rests uses it at once', async () => {
    await open();
    await listAll('contoso');
    await rotateAtMicrosoft('contoso', 'second-secret-of-contoso');
    stage.secrets.contoso = 'second-secret-of-contoso';
    expect(await listAll('contoso')).toEqual(allListed);
  });

  test('the first time it is ever asked rests as soon as it is known who it is', async () => {
    await open();
    await stage.ledger.noteTenantId('contoso', simulated('contoso').tenantId);
    stage.secrets.contoso = 'wrong';
    expect(await listAll('contoso')).toEqual(['stopped', 'stopped', 'stopped']);
    expect(await listAll('contoso')).toEqual(['suspended', 'suspended', 'suspended']);
    stage.secrets.contoso = 'first-secret-of-contoso';
    await stage.clock.sleep(minutes(61));
    expect(await listAll('contoso')).toEqual(allListed);
    for (const logType of logTypes.slice(0, 2)) expect(await unclaimed('contoso', logType)).toEqual([]);
  });
});

test('a log type that is refused rests alone', async () => {
  await open();
  simulated('contoso').apps[0]?.roles.delete('AuditLog.Read.All');
  expect(await listAll('contoso')).toEqual(['listed', 'listed', 'stopped']);
  expect(await listAll('contoso')).toEqual(['listed', 'listed', 'suspended']);
  expect(await listAll('fabrikam')).toEqual(allListed);
  for (const logType of logTypes.slice(0, 2)) expect(await unclaimed('contoso', logType)).toEqual([]);
});
