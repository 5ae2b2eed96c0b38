/** What rules remember of somebody who is erased. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { eraseRemembered } from '../../local/erasure/remembered.ts';
import { openLedger } from '../../local/ledger.ts';
import { openSightings } from '../../local/sightings.ts';
import { at, contoso, fabrikam } from '../contracts/samples.ts';
import { findingNotice } from '../helpers/finding-notice.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
let files: { ledgerFile: string; sightingsFile: string };
const ofUser = (user: string, tenantId: string) => ({ rule: 'r@1', tenantId, group: JSON.stringify([user]) });
const keepUntil = at('12:00');

beforeEach(async () => {
  const folder = await makeFolder();
  files = { ledgerFile: join(folder, 'ledger.sqlite'), sightingsFile: join(folder, 'sightings.sqlite') };
  const [ledger, sightings] = [openLedger(files.ledgerFile), openSightings(files.sightingsFile)];
  await ledger.noteTenantId('contoso', contoso);
  await ledger.add([findingNotice('a'.repeat(32), at('09:00')), findingNotice('b'.repeat(32), at('09:00'), { evidence: '{}' })]);
  const hit = { time: at('09:00'), record: 'r', part: 0 };
  await sightings.put('job', [
    { ...ofUser('megan@contoso.example', contoso), hits: [hit], keepUntil },
    { ...ofUser('203.0.113.7', contoso), hits: [{ ...hit, value: 'megan@contoso.example' }], keepUntil },
    { ...ofUser('joann@contoso.example', contoso), hits: [hit], keepUntil },
    { ...ofUser('megan@contoso.example', fabrikam), hits: [hit], keepUntil },
  ]);
  await sightings.put('another job', [
    { ...ofUser('megan@contoso.example', contoso), rule: 's@1', isTogether: true, hits: [hit], keepUntil },
    { ...ofUser('joann@contoso.example', contoso), rule: 's@1', isTogether: true, hits: [hit], keepUntil },
  ]);
  await sightings.remember([{ ...ofUser('megan@contoso.example', contoso), days: [1, 2], keepUntil }]);
  ledger.close();
  sightings.close();
});

const person = { kind: 'person', identifiers: ['megan@contoso.example'] } as const;

test('of a person goes what names them, in groups, values and notices, and nothing of others', async () => {
  expect(eraseRemembered(files, person, true)).toEqual({ sightings: 6, notices: 1 });
  expect(eraseRemembered(files, person, false)).toEqual({ sightings: 6, notices: 1 });
  expect(eraseRemembered(files, person, true)).toEqual({ sightings: 0, notices: 0 });
  const sightings = openSightings(files.sightingsFile);
  const range = { from: at('08:00'), to: at('10:00') };
  expect(await sightings.timelines([{ ...ofUser('joann@contoso.example', contoso), ...range }])).toMatchObject([[{ record: 'r' }]]);
  expect(
    await sightings.timelines([{ ...ofUser('joann@contoso.example', contoso), rule: 's@1', isTogether: true, ...range }]),
  ).toMatchObject([[{ record: 'r' }]]);
  sightings.close();
  const ledger = openLedger(files.ledgerFile);
  expect((await ledger.unsent(10, at('12:00'))).map(({ findingId }) => findingId)).toEqual(['b'.repeat(32)]);
  ledger.close();
});

test('of a person in one tenant goes what that tenant has', () => {
  expect(eraseRemembered(files, { ...person, tenant: 'contoso' }, true)).toEqual({ sightings: 5, notices: 1 });
});

test('of a tenant goes everything', () => {
  expect(eraseRemembered(files, { kind: 'tenant', tenant: 'contoso' }, false)).toEqual({ sightings: 7, notices: 2 });
  expect(eraseRemembered(files, { kind: 'tenant', tenant: 'contoso' }, true)).toEqual({ sightings: 0, notices: 0 });
});

test('no byte of a person is left in the files, not even of rows that were forgotten before', async () => {
  const sightings = openSightings(files.sightingsFile);
  const many = Array.from({ length: 200 }, (_, index) => ({
    ...ofUser(`megan@contoso.example ${String(index)}`, contoso),
    hits: [{ time: at('09:00'), record: 'r', part: 0 }],
    keepUntil: at('10:00'),
  }));
  await sightings.put('another', many);
  await sightings.forget(at('11:00'));
  sightings.close();
  const bytes = (): string =>
    [files.ledgerFile, files.sightingsFile]
      .flatMap((file) => ['', '-wal'].map((end) => `${file}${end}`))
      .map((file) => (existsSync(file) ? readFileSync(file, 'latin1') : ''))
      .join('');
  expect(bytes()).toContain('megan@contoso.example 7');
  eraseRemembered(files, person, false);
  expect(bytes()).not.toContain('megan@');
  expect(bytes()).toContain('joann@');
});
