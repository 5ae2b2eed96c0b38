import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../local/clock.ts';
import { days } from '../../../shared/domain/window.ts';
import { landRecords } from '../../helpers/land-records.ts';
import { runLake } from '../../helpers/run-lake.ts';
import { exchangeRecord } from '../../helpers/sample-records.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const megan = 'megan@contoso.example';
const config = {
  enabled: true,
  tenantDomain: 'contoso.onmicrosoft.com',
  clientId: '00000000-0000-4000-8000-000000000000',
  credential: { kind: 'secret', secretEnv: 'CONTOSO_SECRET' },
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange'] },
};

let lake = '';
beforeEach(async () => {
  lake = join(await makeFolder(), 'lake');
  const at = systemClock.now() - days(50);
  await landRecords(lake, [
    {
      logType: 'audit-exchange',
      at,
      records: [exchangeRecord('one'), exchangeRecord('hers', { UserId: megan, UserKey: '10032001a2b3c4d5' })],
    },
  ]);
});

const count = async (): Promise<unknown> =>
  JSON.parse((await runLake('query', '--lake', lake, '--json', 'SELECT count(*) AS rows FROM msft_o365_exchange_online_raw')).out);
const putTenants = (tenants: object): Promise<void> => writeFile(join(lake, 'tenants.json'), JSON.stringify(tenants));

describe('lake keep', () => {
  test('sets days, shows them, and takes them back', async () => {
    expect((await runLake('keep', '--lake', lake)).out).toBe('landed files are kept forever\ncompacted rows are kept forever\n');
    expect((await runLake('keep', '--lake', lake, '--raw-days', '60')).out).toMatch(
      /^landed files are kept for 60 days: .*\ncompacted rows are kept forever\n$/,
    );
    const set = await runLake('keep', '--lake', lake, '--raw-days', 'forever', '--compacted-days', '400', '--json');
    expect(JSON.parse(set.out)).toEqual({ rawDays: null, compactedDays: 400 });
    expect(JSON.parse(await readFile(join(lake, 'keeping.json'), 'utf8'))).toEqual({ compactedDays: 400 });
  });

  test.each(['7', '35', 'ever', '-1', '40.5'])('refuses %s days', async (given) => {
    const run = await runLake('keep', '--lake', lake, `--raw-days=${given}`);
    expect(run).toMatchObject({ code: 2, err: expect.stringMatching(/at least 36, or 'forever'/) });
  });
});

describe('lake expire', () => {
  test('asks for the tenants file, for a tenant may keep longer', async () => {
    await runLake('keep', '--lake', lake, '--raw-days', '40');
    const run = await runLake('expire', '--lake', lake);
    expect(run).toMatchObject({ code: 2, err: expect.stringMatching(/--tenants FILE, or say --tenants none/) });
  });

  test('shows in a dry run what is old enough, and why it stays', async () => {
    await runLake('keep', '--lake', lake, '--raw-days', '40');
    const run = await runLake('expire', '--lake', lake, '--tenants', 'none', '--dry-run', '--json');
    expect(JSON.parse(run.out)).toEqual([
      { dataset: 'msft_o365_exchange_online_raw', objects: 0, bytes: 0, leaving: 0, waiting: 1, rows: 0 },
    ]);
    await runLake('compact', '--lake', lake);
    const later = await runLake('expire', '--lake', lake, '--tenants', 'none', '--dry-run');
    expect(later.out).toMatch(/msft_o365_exchange_online_raw\s+0\s.*dry run/s);
    expect(await count()).toEqual([{ rows: 2 }]);
  });

  test('deletes compacted rows of old events, but not those of a tenant that keeps them', async () => {
    await runLake('compact', '--lake', lake);
    await putTenants({ contoso: { ...config, enabled: false, compactedDays: 36_500 } });
    await runLake('keep', '--lake', lake, '--compacted-days', '36');
    expect((await runLake('expire', '--lake', lake)).out).toBe('Nothing is older than the lake keeps.\n');
    expect(await count()).toEqual([{ rows: 2 }]);
  });
});

describe('lake erase', () => {
  test('shows no id as one of the person under which others act too: what is erased with it is theirs', async () => {
    const agent = { UserKey: 'DlpAgent' };
    await landRecords(lake, [
      {
        logType: 'audit-general',
        at: systemClock.now() - days(50),
        records: [megan, 'joann@contoso.example'].map((UserId) =>
          exchangeRecord(UserId, { UserId, ...agent, Workload: 'SecurityComplianceCenter' }),
        ),
      },
    ]);
    const dry = await runLake('erase', '--lake', lake, '--user', megan, '--json');
    expect(JSON.parse(dry.out)).toMatchObject({ alsoSeenAs: ['10032001a2b3c4d5'] });
  });

  test('shows what would go, and other ids of the person; then erases, and leaves a row of who, when and why', async () => {
    const dry = await runLake('erase', '--lake', lake, '--user', 'Megan@contoso.example');
    expect(dry.code).toBe(0);
    expect(dry.out).toMatch(/msft_o365_exchange_online_raw\s+1\s.*dry run.*also appears as 10032001a2b3c4d5/s);
    expect(await count()).toEqual([{ rows: 2 }]);
    const run = await runLake('erase', '--lake', lake, '--user', megan, '--yes', '--reason', 'request 4711', '--json');
    expect(JSON.parse(run.out)).toMatchObject({
      isDryRun: false,
      erased: [{ dataset: 'msft_o365_exchange_online_raw', objects: 1, rows: 1 }],
    });
    expect(await count()).toEqual([{ rows: 1 }]);
    const history = await runLake('tenant', 'history', '--lake', lake, '--json');
    const rows = history.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows).toMatchObject([
      { action: 'erase', tenant: '*', reason: 'request 4711', changed: [] },
      { action: 'erase', tenant: '*', reason: 'request 4711', changed: ['done', expect.stringMatching(/1 rows in 1 landed files/)] },
    ]);
    expect(history.out).not.toContain('megan');
  });

  test.each([
    { given: ['--user', 'megan'], says: /'megan' is not a user principal name/ },
    { given: ['--user', megan, '--also', 'ann'], says: /'ann' is too short/ },
    { given: ['--user', megan, '--yes'], says: /--yes needs --reason TEXT/ },
    { given: ['--user', megan, '--tenant', 'a/b'], says: /name 'a\/b' cannot be part of a path/ },
  ])('refuses $given', async ({ given, says }) => {
    expect(await runLake('erase', '--lake', lake, ...given)).toMatchObject({ code: 2, err: expect.stringMatching(says) });
    expect(await count()).toEqual([{ rows: 2 }]);
  });
});

describe('lake tenant erase', () => {
  test('refuses a tenant that is enabled, and erases it once it is disabled', async () => {
    await putTenants({ contoso: config });
    const refused = await runLake('tenant', 'erase', 'contoso', '--lake', lake, '--yes', '--reason', 'left');
    expect(refused).toMatchObject({
      code: 2,
      err: expect.stringMatching(/tenant 'contoso' is enabled: disable it first with 'lake tenant disable contoso --lake/),
    });
    await putTenants({ contoso: { ...config, enabled: false } });
    expect((await runLake('tenant', 'erase', 'contoso', '--lake', lake)).out).toMatch(/msft_o365_exchange_online_raw\s+1\s.*dry run/s);
    expect(await count()).toEqual([{ rows: 2 }]);
    const run = await runLake('tenant', 'erase', 'contoso', '--lake', lake, '--yes', '--reason', 'left');
    expect(run).toMatchObject({ code: 0, out: expect.stringMatching(/0 rows of the ledger/) });
    expect(await count()).toEqual([{ rows: 0 }]);
    expect((await runLake('tenant', 'erase', 'contoso', '--lake', lake)).out).toMatch(/has nothing of it/);
  });
});
