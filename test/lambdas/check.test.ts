import { beforeEach, describe, expect, test } from '@jest/globals';
import { check } from '../../lambdas/check/check.ts';
import { hasPassed, type CheckedLogType } from '../../lambdas/check/checked-tenant.ts';
import type { CheckMicrosoft } from '../../lambdas/check/checking.ts';
import { makeCheckHandler } from '../../lambdas/check/handler.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { days, hours, minutes, type Instant, type Window } from '../../shared/domain/window.ts';
import type { Answer, Subscription } from '../../shared/ports/microsoft.ts';
import type { TenantEntry } from '../../shared/ports/tenants.ts';
import { at, member } from '../contracts/samples.ts';
import { refusal } from './scripted-microsoft.ts';

const now = at('09:30');
const clock = { now: () => now, sleep: () => Promise.resolve() };
const ok = <T>(value: T): Promise<Answer<T>> => Promise.resolve({ kind: 'ok', value });
const tenantId = '9a7c1e52-30d4-4b8f-8c66-5f1e2d3c4b5a';

const contoso: Tenant = {
  name: 'contoso',
  tenantDomain: 'contoso.example',
  clientId: '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84',
  credentialKind: 'secret',
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange'] },
  graph: { cloud: 'global', logTypes: ['alerts', 'directory-audits'] },
};

/** Everything is well, and nothing is there. */
class WellMicrosoft implements CheckMicrosoft {
  roles: readonly string[] = ['ActivityFeed.Read', 'AuditLog.Read.All', 'Directory.Read.All', 'SecurityAlert.Read.All'];
  subscriptions: readonly Subscription[] = [{ contentType: 'Audit.Exchange', isEnabled: true }];
  blobs: readonly Instant[] = [];
  leadMs = 0;
  readonly listed: Window[] = [];

  identify: CheckMicrosoft['identify'] = () => ok({ tenantId, roles: this.roles });
  listSubscriptions: CheckMicrosoft['listSubscriptions'] = () => ok(this.subscriptions);
  newestRow: CheckMicrosoft['newestRow'] = () => ok(undefined);
  clockLeadMs = () => this.leadMs;
  listBlobs: CheckMicrosoft['listBlobs'] = (_tenant, _logType, window) => {
    this.listed.push(window);
    const within = this.blobs.filter((created) => window.start <= created && created < window.end);
    return ok(within.map((created) => ({ ...member('a'), created })));
  };
}

let microsoft: WellMicrosoft;
beforeEach(() => {
  microsoft = new WellMicrosoft();
});

const depsOf = (entry: TenantEntry | undefined) => ({
  microsoft,
  clock,
  sameTenants: ' --aws',
  tenants: { entry: () => Promise.resolve(entry) },
});

async function checked(tenant: Tenant = contoso, ...only: string[]): Promise<Readonly<Record<string, CheckedLogType>>> {
  const answer = await check('contoso', only, depsOf({ kind: 'tenant', tenant }));
  if (answer.kind !== 'checked') throw new Error(answer.kind);
  return Object.fromEntries(answer.tenant.logTypes.map((logType) => [logType.logType, logType]));
}
const exchange = async (): Promise<CheckedLogType | undefined> => (await checked(contoso, 'audit-exchange'))['audit-exchange'];

describe('a check', () => {
  test('has an answer for each log type that was chosen, in the order of the catalog', async () => {
    const answer = await check('contoso', [], depsOf({ kind: 'tenant', tenant: contoso }));
    expect(answer).toMatchObject({ kind: 'checked', tenant: { name: 'contoso', tenantId, checkedAt: now } });
    const logTypes = await checked();
    expect(Object.keys(logTypes)).toEqual(['audit-exchange', 'directory-audits', 'alerts']);
    expect(Object.values(logTypes).every(hasPassed)).toBe(true);
  });

  test('of one log type lets nothing of another through', async () => {
    microsoft.newestRow = () => Promise.resolve(refusal('unavailable'));
    const logTypes = await checked();
    expect(
      Object.values(logTypes)
        .filter(hasPassed)
        .map(({ logType }) => logType),
    ).toEqual(['audit-exchange']);
  });

  test.each<{ name: string; entry: TenantEntry | undefined; only: string[]; answer: unknown }>([
    { name: 'a tenant that is not there', entry: undefined, only: [], answer: { kind: 'unknown', name: 'contoso' } },
    {
      name: 'a broken tenant',
      entry: { kind: 'broken', name: 'contoso', faults: ['clientId: is missing'] },
      only: [],
      answer: { kind: 'broken', name: 'contoso', faults: ['clientId: is missing'] },
    },
    {
      name: 'a log type that was not chosen',
      entry: { kind: 'tenant', tenant: contoso },
      only: ['dlp-all'],
      answer: { kind: 'not-chosen', name: 'contoso', logType: 'dlp-all', chosen: ['audit-exchange', 'directory-audits', 'alerts'] },
    },
  ])('of $name asks nobody', async ({ entry, only, answer }) => {
    microsoft.identify = () => Promise.reject(new Error('asked'));
    expect(await check('contoso', only, depsOf(entry))).toEqual(answer);
  });

  test('never answers with a problem without a cure', async () => {
    const kinds = [
      'throttled',
      'unavailable',
      'refused',
      'not-subscribed',
      'out-of-range',
      'expired',
      'missing',
      'malformed',
      'not-offered',
    ] as const;
    for (const kind of kinds) {
      const { cause, ...rest } = refusal(kind);
      microsoft.listSubscriptions = () => Promise.resolve({ ...rest, cause: { ...cause, cure: '' } });
      const problem = (await exchange())?.problem;
      expect([kind, problem?.cure.length ?? 0]).toEqual([kind, expect.any(Number)]);
      if (kind !== 'not-offered') expect(problem?.cure).not.toBe('');
      expect(problem?.needs).toBe(kind === 'throttled' || kind === 'unavailable' ? 'time' : 'person');
    }
  });
});

describe('permissions', () => {
  test('a greater one will do', async () => {
    microsoft.roles = [...microsoft.roles.filter((role) => !role.startsWith('SecurityAlert')), 'SecurityAlert.ReadWrite.All'];
    expect((await checked()).alerts).toMatchObject({ isAllowed: true });
  });

  test('one that is missing is named, and the API is not even asked', async () => {
    microsoft.roles = microsoft.roles.filter((role) => role !== 'ActivityFeed.Read');
    microsoft.listSubscriptions = () => Promise.reject(new Error('asked'));
    expect(await exchange()).toMatchObject({
      isAllowed: false,
      problem: { code: 'missing-role', message: expect.stringContaining('lacks the role ActivityFeed.Read') as unknown },
    });
  });
});

describe('the newest content', () => {
  test.each([
    { name: 'of the last hour takes one listing', ago: minutes(10), listings: 1 },
    { name: 'of today takes two', ago: hours(5), listings: 2 },
    { name: 'of last week takes one a day more', ago: days(6) + hours(1), listings: 8 },
  ])('$name', async ({ ago, listings }) => {
    microsoft.blobs = [now - ago, now - ago - minutes(1)];
    expect((await exchange())?.newest).toBe(now - ago);
    expect(microsoft.listed).toHaveLength(listings);
  });

  test('is looked for in windows that Microsoft serves: at most a day long, less than seven days old, and without a hole', async () => {
    expect((await exchange())?.newest).toBeUndefined();
    expect(Math.max(...microsoft.listed.map(({ start, end }) => end - start))).toBeLessThanOrEqual(days(1));
    expect(microsoft.listed.slice(1).map(({ end }) => end)).toEqual(microsoft.listed.slice(0, -1).map(({ start }) => start));
    expect(now - (microsoft.listed.at(-1)?.start ?? 0)).toBeLessThan(days(7));
  });

  test('is not asked for without a subscription', async () => {
    microsoft.subscriptions = [];
    expect(await exchange()).toMatchObject({ subscription: 'none' });
    expect(microsoft.listed).toEqual([]);
  });
});

describe('the clock', () => {
  test.each([
    { leadMs: minutes(4), says: undefined },
    { leadMs: -minutes(4), says: undefined },
    { leadMs: minutes(6), says: "the clock of this machine is 6 minutes ahead of Microsoft's" },
    { leadMs: -minutes(90), says: "the clock of this machine is 90 minutes behind Microsoft's" },
  ])('$leadMs ms apart: $says', async ({ leadMs, says }) => {
    microsoft.leadMs = leadMs;
    expect((await exchange())?.problem?.message).toBe(says);
  });

  test('is not blamed for a proof that is out of date while it is right', async () => {
    const cause = { code: 'AADSTS700024', message: 'the signed assertion is out of date', cure: 'Check the clock' };
    microsoft.identify = () => Promise.resolve({ kind: 'refused', cause });
    expect((await exchange())?.problem).toEqual({ ...cause, needs: 'person' });
  });
});

describe('a credential that cannot be had', () => {
  test('is the problem of the log type, with the reason', async () => {
    microsoft.identify = () => Promise.reject(new Error("tenant 'contoso': credential: the parameter is missing"));
    expect((await exchange())?.problem?.message).toContain('the parameter is missing');
  });

  test('is not repeated when the reason quotes it', async () => {
    const secret = `abc8Q~${'x'.repeat(34)}`;
    microsoft.identify = () => Promise.reject(new Error(`cannot parse ${secret}`));
    const answer = await exchange();
    expect(answer?.problem?.message).toContain('looks like a secret');
    expect(JSON.stringify(answer)).not.toContain(secret);
  });
});

describe('the check function', () => {
  const handle = makeCheckHandler(() => depsOf({ kind: 'tenant', tenant: contoso }));

  test('checks all log types of the tenant, or those that are named', async () => {
    expect(await handle({ tenant: 'contoso' })).toMatchObject({ tenant: { logTypes: { length: 3 } } });
    expect(await handle({ tenant: 'contoso', logTypes: ['alerts'] })).toMatchObject({ tenant: { logTypes: [{ logType: 'alerts' }] } });
  });

  test('opens its adapters anew for each call, so that no token or credential is older than the check', async () => {
    let opened = 0;
    const counting = makeCheckHandler(() => {
      opened += 1;
      return depsOf(undefined);
    });
    await counting({ tenant: 'contoso' });
    await counting({ tenant: 'contoso' });
    expect(opened).toBe(2);
  });

  test.each([{}, { tenant: 1 }, { tenant: 'contoso', secret: 'x' }, 'contoso'])('refuses %j', async (event) => {
    await expect(handle(event)).rejects.toThrow('the event is no {"tenant"');
  });
});
