import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openLedger } from '../../local/ledger.ts';
import { writeAnew } from '../../local/erasure/write-anew.ts';
import { forgetTenantInFolder } from '../../cli/tenants/forget-tenant.ts';
import { contoso, fabrikam, blobs, due } from '../contracts/samples.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();

test('a ledger that is written anew has no byte of what was forgotten, and all that was not', async () => {
  const file = join(await makeFolder(), 'ledger.sqlite');
  const ledger = openLedger(file);
  await ledger.noteTenantId('contoso', contoso);
  await ledger.noteTenantId('fabrikam', fabrikam);
  await ledger.createJob(blobs('one', 'two'), due);
  ledger.close();
  const bytes = (): string =>
    ['', '-wal'].map((end) => (existsSync(`${file}${end}`) ? readFileSync(`${file}${end}`, 'latin1') : '')).join('');
  expect(forgetTenantInFolder(file, 'contoso', ['fabrikam'], 'forget')).toBeGreaterThan(0);
  expect(bytes()).toContain('contoso');
  writeAnew(file);
  expect(bytes()).not.toContain('contoso');
  expect(bytes()).toContain('fabrikam');
});

test('a file that is not there is none to write anew', async () => {
  const file = join(await makeFolder(), 'nothing.sqlite');
  writeAnew(file);
  expect(existsSync(file)).toBe(false);
});
