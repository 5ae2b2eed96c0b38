import { expect, test } from '@jest/globals';
import { systemClock } from '../../local/clock.ts';
import { forgetTenantInTable } from '../../shared/aws/forget-tenant.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import { blobs, blobsOf, contoso, due, exchange, fabrikam, nothing } from '../contracts/samples.ts';
import { emulated, makeTable } from './emulated.ts';

const { clients } = emulated();
const ofFabrikam = { ...exchange, tenantId: fabrikam };

async function opened() {
  const table = await makeTable(clients().dynamodb);
  const ledger = openLedger(clients().dynamodb, table, systemClock);
  await ledger.noteTenantId('contoso', contoso);
  for (const stream of [exchange, ofFabrikam]) await ledger.commitCursor(stream, 0, { watermarks: [1] }, nothing);
  const many = Array.from({ length: 40 }, (_, index) => `blob-${String(index)}`);
  await ledger.createJob(blobs(...many), due);
  await ledger.createJob(blobsOf(ofFabrikam, 'a'), due);
  const forgetAs = (losses: 'keep' | 'forget', ...others: string[]) =>
    forgetTenantInTable(clients().dynamodb, table, systemClock, 'contoso', others, losses);
  const forget = (...others: string[]) => forgetAs('keep', ...others);
  return { ledger, forget, forgetAs, many };
}

test('a tenant is forgotten whole, and no other', async () => {
  const { ledger, forget, many } = await opened();
  // Cursor, job, members and 40 claims.
  expect(await forget('fabrikam')).toBe(43);
  expect(await ledger.readCursor(exchange)).toBeUndefined();
  expect(await ledger.readJob(jobRef(blobs(...many)))).toBeUndefined();
  expect(await ledger.tenantId('contoso')).toBeUndefined();
  expect(await ledger.readCursor(ofFabrikam)).toMatchObject({ version: 1 });
  expect(await ledger.readJob(jobRef(blobsOf(ofFabrikam, 'a')))).toBeDefined();
  expect(await forget()).toBe(0);
});

test('what was lost stays known, unless it is to be forgotten too', async () => {
  const { ledger, forget, forgetAs } = await opened();
  const gap = { stream: exchange, from: 1, to: 2, reason: 'the stream was not listed' };
  await ledger.commitCursor(exchange, 1, { watermarks: [2] }, { ...nothing, gaps: [gap] });
  await forget();
  expect(await ledger.gaps(exchange)).toEqual([gap]);
  await ledger.noteTenantId('contoso', contoso);
  expect(await forgetAs('forget')).toBe(1);
  expect(await ledger.gaps(exchange)).toEqual([]);
});

test('the state that two names share is not forgotten for one of them', async () => {
  const { ledger, forget } = await opened();
  await ledger.noteTenantId('again', contoso);
  await expect(forget('again')).rejects.toThrow("is that of 'again' as well");
  expect(await ledger.readCursor(exchange)).toMatchObject({ version: 1 });
});
