/** A thousand tenants at Parameter Store's default quota. */

import { expect, jest, test } from '@jest/globals';
import type { Parameter } from '@aws-sdk/client-ssm';
import pMap from 'p-map';
import { configPath, credentialPath } from '../../shared/aws/tenant-parameters.ts';
import { openTenants } from '../../shared/aws/tenants.ts';
import { minutes, seconds } from '../../shared/domain/window.ts';
import { TenantsUnavailable, type Tenants } from '../../shared/ports/tenants.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import { ThrottlingStore } from './throttling-store.ts';

// Thousands of requests, each with its turns of the event loop.
jest.setTimeout(minutes(2));

const paths = { prefix: '/m365-audit-lake/tenants', credentialsPrefix: '/m365-audit-lake/credentials' };
const config = JSON.stringify({
  tenantDomain: 'contoso.onmicrosoft.com',
  clientId: '00000000-0000-4000-8000-000000000000',
  credential: { kind: 'secret' },
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange'] },
});

const nameOf = (index: number): string => `t${String(index).padStart(4, '0')}`;

function parametersOf(tenants: number): Parameter[] {
  return Array.from({ length: tenants }, (_, index) => nameOf(index)).flatMap((name): Parameter[] => [
    { Name: configPath(paths, 'enterprise', name), Type: 'String', Value: config },
    { Name: credentialPath(paths, 'enterprise', name), Type: 'SecureString', Value: `secret-of-${name}` },
  ]);
}

function open(tenants: number): {
  readonly clock: VirtualClock;
  readonly store: ThrottlingStore;
  readonly process: (salt: string) => Tenants;
} {
  const clock = new VirtualClock(0);
  const store = new ThrottlingStore(clock, parametersOf(tenants));
  const process = (salt: string): Tenants =>
    openTenants({
      ...{ client: store.client(), ...paths, homes: ['enterprise'], deployment: { isFedramp: false } },
      assertion: () => Promise.resolve(''),
      clock,
      salt,
    });
  return { clock, store, process };
}

/** Time goes on whenever everybody waits for it. */
async function inTime<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  const state = { isOver: false };
  const settled = work.finally(() => (state.isOver = true));
  settled.catch(() => undefined);
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (state.isOver) return settled;
    if (!clock.next()) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What one run of a list function asks of the store. */
async function run(tenants: Tenants): Promise<number> {
  const entries = await tenants.list();
  const names = entries.flatMap((entry) => (entry.kind === 'tenant' ? [entry.tenant.name] : []));
  const secrets = await pMap(names, (name) => tenants.credential(name), { concurrency: 64 });
  return secrets.filter((read, index) => read.kind === 'secret' && read.secret === `secret-of-${String(names[index])}`).length;
}

test('a run lists a thousand tenants and reads their credentials, in ten at a time', async () => {
  const { clock, store, process } = open(1_000);
  expect(await inTime(clock, run(process('a')))).toBe(1_000);
  // 200 pages, and a hundred times ten credentials, more or less; the configurations came with the list.
  expect(store.answered).toBeLessThan(200 + 120);
  expect(clock.now()).toBeLessThan(seconds(20));
});

test('six functions at once do the same, within the five minutes that each may take', async () => {
  const { clock, store, process } = open(1_000);
  const functions = ['a', 'b', 'c', 'd', 'e', 'f'].map((salt) => run(process(salt)));
  expect(await inTime(clock, Promise.all(functions))).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 1_000]);
  expect(clock.now()).toBeLessThan(seconds(120));
  // They slow down rather than ask in vain: at most as many requests are refused as are answered.
  expect(store.throttled).toBeLessThan(store.answered);
});

test('twenty workers read what they need meanwhile', async () => {
  const { clock, process } = open(1_000);
  const functions = ['a', 'b', 'c'].map((salt) => run(process(salt)));
  const workers = Array.from({ length: 20 }, async (_, worker) => {
    const tenants = process(`worker ${String(worker)}`);
    let longestMs = 0;
    for (let job = 0; job < 20; job += 1) {
      const from = clock.now();
      const name = nameOf((worker * 50 + job * 7) % 1_000);
      expect((await tenants.byName(name))?.name).toBe(name);
      await tenants.credential(name);
      longestMs = Math.max(longestMs, clock.now() - from);
      await clock.sleep(500);
    }
    return longestMs;
  });
  const longest = await inTime(clock, Promise.all(workers));
  expect(await inTime(clock, Promise.all(functions))).toEqual([1_000, 1_000, 1_000]);
  // The worker of windows has a minute.
  expect(Math.max(...longest)).toBeLessThan(seconds(30));
});

test('what is asked for while a request is under way is read by the next one', async () => {
  const { clock, store, process } = open(30);
  const tenants = process('a');
  const first = tenants.credential(nameOf(0));
  const read = pMap(
    Array.from({ length: 25 }, (_, index) => index),
    async (index) => {
      await clock.sleep(index * 3);
      return tenants.credential(nameOf(index));
    },
  );
  const secrets = await inTime(clock, Promise.all([first, read]));
  expect(secrets[1].map((credential) => credential.kind === 'secret' && credential.secret)).toEqual(
    Array.from({ length: 25 }, (_, index) => `secret-of-${nameOf(index)}`),
  );
  expect(store.answered).toBeLessThan(20);
});

test('who is listed is not read again by name', async () => {
  const { clock, store, process } = open(20);
  const tenants = process('a');
  await inTime(clock, tenants.list());
  const listed = store.answered;
  expect((await inTime(clock, tenants.byName(nameOf(7))))?.name).toBe(nameOf(7));
  expect(store.answered).toBe(listed);
});

test('a store that throttles for longer than half a minute is "later", and no fault of the tenant', async () => {
  const { clock, store, process } = open(20);
  const tenants = process('a');
  await inTime(clock, tenants.list());
  store.exhaust(seconds(300));
  await expect(inTime(clock, tenants.credential(nameOf(1)))).rejects.toThrow(TenantsUnavailable);
  await expect(inTime(clock, tenants.byName('unlisted'))).rejects.toThrow('the parameter store did not answer for');
  expect(clock.now()).toBeLessThan(seconds(90));
});

test('a credential that may not be decrypted fails alone, and the nine read together with it do not', async () => {
  const { clock, store, process } = open(10);
  const tenants = process('a');
  await inTime(clock, tenants.list());
  store.undecryptable.add(credentialPath(paths, 'enterprise', nameOf(4)));
  const names = Array.from({ length: 10 }, (_, index) => nameOf(index));
  const read = await inTime(clock, Promise.allSettled(names.map((name) => tenants.credential(name))));
  expect(read.map(({ status }) => status)).toEqual(names.map((_, index) => (index === 4 ? 'rejected' : 'fulfilled')));
});
