import { expect, test } from '@jest/globals';
import { auditInTable } from '../../cli/aws/tenant-audit.ts';
import { audited, noteTo, type AuditRow } from '../../cli/tenants/tenant-audit.ts';
import type { TenantStore } from '../../cli/tenants/tenant-store.ts';
import { systemClock } from '../../local/clock.ts';
import { forgetTenantInTable } from '../../shared/aws/forget-tenant.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { openStreamStates } from '../../shared/aws/stream-states.ts';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import type { Loss } from '../../shared/domain/loss.ts';
import { at, blobs, contoso, due, exchange, finish, member } from '../contracts/samples.ts';
import { emulated, makeTable } from './emulated.ts';

const { clients } = emulated();
const arn = 'arn:aws:iam::000000000000:user/alice';
const row = (more: Partial<AuditRow>): AuditRow => ({
  ...{ at: '2026-11-22T09:00:00.000Z', who: arn, action: 'edit', tenant: 'contoso', changed: ['collectFrom'] },
  ...more,
});

/** A store that keeps nothing: what is written about it is all that counts. */
const store: TenantStore = {
  place: 'the test',
  sameTenants: ' --aws',
  isFedramp: false,
  hasRole: false,
  entries: () => Promise.resolve([]),
  config: () => Promise.resolve({ enabled: false }),
  credential: () => Promise.resolve('none'),
  save: () => Promise.resolve(),
  remove: () => Promise.resolve([]),
};

test('every row of every tenant is kept, in the order of their times, also two of one moment', async () => {
  const audit = auditInTable(await makeTable(clients().dynamodb), systemClock, clients().dynamodb);
  const rows = [
    row({ action: 'add', changed: ['clientId', 'credential'] }),
    row({}),
    row({ changed: ['clientId'] }),
    row({ failed: 'AccessDeniedException' }),
    row({ at: '2026-11-22T09:00:01.000Z', tenant: 'fabrikam', action: 'test', changed: [] }),
  ];
  for (const one of [rows[4], rows[0], rows[1], rows[2], rows[3]]) if (one) await audit.write(one);
  const kept = await audit.rows();
  expect(kept).toHaveLength(rows.length);
  expect(kept).toEqual(expect.arrayContaining(rows));
  expect(kept.at(-1)).toEqual(rows[4]);
});

test('each change of a store has a row of its caller, and a store without a table changes nothing', async () => {
  const [audit, nowhere] = [await makeTable(clients().dynamodb), 'no-such-table'].map((table) =>
    auditInTable(table, systemClock, clients().dynamodb),
  );
  if (!audit || !nowhere) throw new Error('two were made');
  const noted = audited(
    store,
    noteTo(audit, systemClock, () => Promise.resolve(arn)),
  );
  await noted.save('contoso', { enabled: true }, 'replace', undefined);
  await noted.remove('contoso');
  expect((await audit.rows()).map(({ who, action, changed }) => [who, action, changed])).toEqual([
    [arn, 'enable', ['enabled']],
    [arn, 'remove', []],
  ]);
  let isRemoved = false;
  const remove = () => {
    isRemoved = true;
    return Promise.resolve([]);
  };
  const unnoted = audited(
    { ...store, remove },
    noteTo(nowhere, systemClock, () => Promise.resolve(arn)),
  );
  await expect(unnoted.remove('contoso')).rejects.toThrow(
    'nothing was changed: who does this could not be written (ResourceNotFoundException)',
  );
  expect(isRemoved).toBe(false);
});

test('a purge keeps what was lost and who did what, and the purged tenant has no pending stream left', async () => {
  const table = await makeTable(clients().dynamodb);
  const ledger = openLedger(clients().dynamodb, table, systemClock);
  const states = openStreamStates(clients().dynamodb, table, systemClock);
  const audit = auditInTable(table, systemClock, clients().dynamodb);
  await ledger.noteTenantId('contoso', contoso);
  const [lost, waiting] = [blobs('a'), blobs('b', 'c')];
  const loss: Loss = { stream: exchange, contentId: member('a').contentId, reason: 'quarantined', jobId: lost.jobId, created: at('08:00') };
  await ledger.createJob(lost, due);
  await ledger.finishJob(jobRef(lost), finish({ fates: 'q', losses: [loss] }));
  await ledger.createJob(waiting, due);
  expect(await states.pendingStreams()).toEqual([{ stream: exchange, tenantName: 'contoso', jobs: 1 }]);

  await audit.write(row({ action: 'purge', changed: ['state'] }));
  await forgetTenantInTable(clients().dynamodb, table, systemClock, 'contoso', [], 'keep');
  expect(await states.pendingStreams()).toEqual([]);
  expect(await ledger.losses(exchange)).toEqual([loss]);
  await ledger.noteTenantId('contoso', contoso);
  await forgetTenantInTable(clients().dynamodb, table, systemClock, 'contoso', [], 'forget');
  expect(await ledger.losses(exchange)).toEqual([]);
  expect(await audit.rows()).toEqual([row({ action: 'purge', changed: ['state'] })]);
});
