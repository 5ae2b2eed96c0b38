import { describe, expect, test } from '@jest/globals';
import { lakeStatus, type Watched } from '../../../cli/status/lake-status.ts';
import { statusPage } from '../../../cli/status/status-page.ts';
import { watchedInLedger } from '../../../cli/status/watched.ts';
import { openLedger } from '../../../local/ledger.ts';
import { openStreamStates } from '../../../local/stream-states.ts';
import type { Tenant } from '../../../shared/domain/tenant.ts';
import { at, contoso, exchange, fabrikam, finish, nothing, sharePoint, signIns, blobs, due } from '../../contracts/samples.ts';
import { jobRef } from '../../../shared/domain/fetch-job.ts';
import { join } from 'node:path';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const tenant: Tenant = {
  name: 'contoso',
  tenantDomain: 'contoso.onmicrosoft.com',
  clientId: '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84',
  credentialKind: 'secret',
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange', 'audit-sharepoint'] },
  graph: { cloud: 'global', logTypes: ['sign-ins-interactive'] },
};
const watched = (more: Partial<Watched & { kind: 'tenant' }> = {}): Watched => ({
  kind: 'tenant',
  tenant,
  isEnabled: true,
  waiting: [],
  ...more,
});
const style = { width: 220, layout: 'aligned' as const, dim: (text: string) => text, bold: (text: string) => text };

/** A ledger in which mail has landed and sign-ins are refused. */
async function open() {
  const file = join(await makeFolder(), 'ledger.sqlite');
  const ledger = openLedger(file);
  await ledger.noteTenantId('contoso', contoso);
  await ledger.commitCursor(exchange, 0, { watermarks: [at('09:00')], subscription: 'enabled' }, nothing);
  await ledger.createJob(blobs('a'), due);
  await ledger.finishJob(jobRef(blobs('a')), finish({ fates: 'l' }));
  await ledger.commitCursor(signIns, 0, { watermarks: [], suspendedUntil: at('10:00'), suspendedBecause: 'AADSTS7000222' }, nothing);
  ledger.close();
  return openStreamStates(file);
}

describe('the status of a lake', () => {
  test('has each log type of each tenant, as its own stream stands', async () => {
    const states = await open();
    const { tenants, needs } = await lakeStatus([watched({ waiting: ['audit-sharepoint'] })], states, at('09:30'), ' --aws');
    states.close();
    expect(tenants).toMatchObject([{ name: 'contoso', tenantId: contoso, state: 'enabled' }]);
    expect(tenants[0]?.streams.map(({ logType, state, rowsLastDay }) => [logType, state, rowsLastDay])).toEqual([
      ['audit-exchange', 'collecting', 7],
      ['audit-sharepoint', 'waiting', 0],
      ['sign-ins-interactive', 'suspended', 0],
    ]);
    expect(needs).toEqual([
      "contoso audit-sharepoint: not collected before its test passes; 'lake tenant enable contoso --aws' tests it again",
      expect.stringMatching(
        /^contoso sign-ins-interactive: Microsoft refuses it \(AADSTS7000222\); 'lake tenant test contoso --aws' names/,
      ),
    ]);
  });

  test('knows a tenant by its GUID before its first token, and nothing of one that had none', async () => {
    const states = await open();
    const byGuid = watched({ tenant: { ...tenant, name: 'new', tenantDomain: contoso } });
    const other = watched({ tenant: { ...tenant, name: 'other' } });
    const status = await lakeStatus([byGuid, other], states, at('09:30'), ' --aws');
    states.close();
    expect(status.tenants.map(({ streams }) => streams[0]?.state)).toEqual(['collecting', 'enabled']);
  });

  test.each([
    {
      name: 'refused',
      isRefused: true,
      cure: 'Store the Value',
      hour: '09:00',
      needs: 1,
      words: /7000222: it expired\); Store the Value$/,
    },
    {
      name: 'not to be had for minutes',
      isRefused: false,
      cure: '',
      hour: '09:00',
      needs: 0,
      words: /; it is tried again every few minutes\. Create a new client secret/,
    },
    {
      name: 'not to be had for hours',
      isRefused: false,
      cure: '',
      hour: '02:00',
      needs: 1,
      words: /; it is tried again every few minutes\. Create a new client secret/,
    },
  ])('names why the first token of a tenant is $name, and its cure', async ({ isRefused, cure, hour, needs, words }) => {
    const file = join(await makeFolder(), 'ledger.sqlite');
    const ledger = openLedger(file);
    await ledger.noteTokenFailure('contoso', { since: at(hour), isRefused, cause: { code: 'AADSTS7000222', message: 'it expired', cure } });
    ledger.close();
    const states = openStreamStates(file);
    const status = await lakeStatus([watched()], states, at('09:30'), '');
    states.close();
    expect([status.needs.length, status.retrying.length]).toEqual([needs, 1 - needs]);
    expect([...status.needs, ...status.retrying]).toEqual([expect.stringMatching(words)]);
    expect(status.tenants[0]?.streams[0]).toMatchObject({ state: 'enabled', because: 'no token yet (AADSTS7000222)' });
  });

  test('says the faults of a broken tenant, which needs somebody; one that is switched off does not', async () => {
    const states = await open();
    const broken: Watched = { kind: 'broken', name: 'fabrikam', faults: ["clientId: 'x' is not a GUID"] };
    const { needs } = await lakeStatus([broken, watched({ isEnabled: false })], states, at('09:30'), ' --aws');
    states.close();
    expect(needs).toEqual(["fabrikam: clientId: 'x' is not a GUID"]);
  });
});

describe('jobs that nobody fetches', () => {
  const stopped = async (watching: readonly Watched[], only?: string): Promise<readonly string[]> => {
    const file = join(await makeFolder(), 'ledger.sqlite');
    const ledger = openLedger(file);
    await ledger.createJob(blobs('a'), due);
    ledger.close();
    const states = openStreamStates(file);
    const { needs } = await lakeStatus(watching, states, at('09:30'), ' --aws', only);
    states.close();
    return needs;
  };

  test('name a tenant that was disabled, and how it goes on', async () => {
    expect(await stopped([watched({ isEnabled: false })])).toEqual([
      "contoso is disabled, and 1 jobs of audit-exchange wait; 'lake tenant enable contoso --aws' fetches them, 'lake tenant remove contoso --aws --purge' deletes them",
    ]);
  });

  test('name a tenant that was removed', async () => {
    expect(await stopped([])).toEqual([expect.stringMatching(/^contoso is not configured any more, and 1 jobs of audit-exchange wait/)]);
  });

  test('are not reported of a tenant that is collected, or when another is asked for', async () => {
    expect(await stopped([watched()])).toEqual([]);
    expect(await stopped([], 'fabrikam')).toEqual([]);
  });
});

describe('the page', () => {
  test('has a line a log type, a bar of 24 hours, and what somebody has to do', async () => {
    const states = await open();
    const page = statusPage(await lakeStatus([watched()], states, at('09:30'), ' --aws'), style);
    states.close();
    expect(page).toMatch(/^contoso +audit-exchange +collecting +30 min +1 h +7 +7 +▁{23}█$/m);
    expect(page).toMatch(/^ +sign-ins-interactive +suspended: AADSTS7000222, tried again at 10:00 UTC/m);
    expect(page).not.toMatch(/pending|parked until|lost|gaps/);
    expect(page).toContain('2026-11-22T09:30:00Z: this needs you\n  contoso sign-ins-interactive: ');
  });

  test('says that nothing needs anybody, and that there is nothing', () => {
    const page = statusPage({ at: at('09:30'), tenants: [], needs: [], retrying: [] }, style);
    expect(page).toBe('no tenant is configured and nothing was collected yet\n\n2026-11-22T09:30:00Z: nothing needs you');
  });

  test('names what fails and is tried again apart from what needs a person', () => {
    const retrying = ['contoso alerts: its list has failed since 09:10 UTC (HTTP 504)'];
    const page = statusPage({ at: at('09:30'), tenants: [], needs: [], retrying }, style);
    expect(page).toContain(`nothing needs you\nthis fails, and is tried again without you\n  ${retrying.join('')}`);
  });

  test('shows no control character of a configuration', () => {
    const tenants = [{ name: 'contoso', state: 'broken' as const, faults: [], streams: [] }];
    expect(statusPage({ at: at('09:30'), tenants, needs: ['contoso: \u001b[2J'], retrying: ['\u001b[2J'] }, style)).not.toContain('\u001b');
  });
});

test('without a tenants file, tenants are those of the ledger, by name where a job named them', () => {
  const streams = [
    { stream: exchange, tenantName: 'contoso' },
    { stream: signIns },
    { stream: { ...sharePoint, tenantId: fabrikam } },
    { stream: { ...exchange, logType: 'no-more' } },
  ];
  const [first, second, ...rest] = watchedInLedger(streams, false);
  expect(first).toMatchObject({
    tenant: {
      name: 'contoso',
      managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange'] },
      graph: { cloud: 'global', logTypes: ['sign-ins-interactive'] },
    },
  });
  expect(second).toMatchObject({ tenant: { name: fabrikam } });
  expect(rest).toEqual([]);
});
