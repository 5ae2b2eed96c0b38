/** `lake import` as a process: what it prints, and with which exit code it ends. */

import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { openLedger } from '../../../local/ledger.ts';
import { contoso, fabrikam } from '../../contracts/samples.ts';
import { runLake } from '../../helpers/run-lake.ts';
import { exchangeRecord, signIn } from '../../helpers/sample-records.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));

/** Runs it on one file; its peak of memory is on the last line of what it prints to standard error. */
async function importing(content: string | Buffer, ...options: string[]) {
  const folder = await makeFolder();
  await writeFile(join(folder, 'file'), content);
  const peak = `process.on('exit', () => process.stderr.write(String(process.resourceUsage().maxRSS)))`;
  const command = [
    '--import',
    `data:text/javascript,${encodeURIComponent(peak)}`,
    main,
    'import',
    '--tenant',
    'contoso',
    '--lake',
    join(folder, 'lake'),
  ];
  const child = spawn(process.execPath, [...command, ...options, join(folder, 'file')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, COLUMNS: '120' },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err, peakMib: Number(/(\d+)$/.exec(err)?.[1]) / 1_024 };
}

const lines = (records: readonly unknown[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('');

describe('lake import', () => {
  test('prints how many went where, and ends with 0 when all of it is in the lake', async () => {
    const { code, out } = await importing(lines([exchangeRecord('one'), signIn('two')]));
    expect(code).toBe(0);
    expect(out).toMatch(/^audit-exchange +msft_o365_exchange_online_raw +1 +0 +1$/m);
    expect(out).toMatch(/^sign-ins-interactive +msft_azure_ad_raw +1 +0 +1$/m);
    expect(out).toContain('read 2 = landed 2 + already there 0 + refused 0 + quarantined 0');
    expect(out).toContain(`tenant contoso is ${contoso} (the first organization that a record names)`);
  }, 60_000);

  test('ends with 1 when anything was refused or quarantined, and the cure is printed', async () => {
    const theirs = exchangeRecord('theirs', { OrganizationId: fabrikam });
    const { code, out, err } = await importing(`${lines([exchangeRecord('one'), theirs])}oops\n`);
    expect(code).toBe(1);
    expect(out).toContain('read 3 = landed 1 + already there 0 + refused 1 + quarantined 1');
    expect(out).toContain(`refused once: of organization ${fabrikam}`);
    expect(err).toContain('1 are of other organizations: --any-organization lands them, --tenant-id names the right one');
    expect(err).not.toContain('does not collect');
  }, 60_000);

  test('advises nothing about organizations where what was refused is of a kind that is not collected', async () => {
    const activity = { time: '2026-11-20T09:14:03Z', category: 'MicrosoftGraphActivityLogs', properties: { requestId: 'a' } };
    const { code, out, err } = await importing(lines([exchangeRecord('one'), activity]));
    expect(code).toBe(1);
    expect(out).toContain('refused once: of category');
    expect(err).toContain('1 are of a kind that this lake does not collect, and stay out');
    expect(err).not.toContain('organization');
  }, 60_000);

  test('asks rules of what it lands, once, and nobody is notified of what is old', async () => {
    const folder = await makeFolder();
    const old = {
      ...exchangeRecord('one'),
      Operation: 'Set-AdminAuditLogConfig',
      Parameters: [{ Name: 'UnifiedAuditLogIngestionEnabled', Value: 'False' }],
    };
    await writeFile(join(folder, 'file'), lines([old]));
    const lake = join(folder, 'lake');
    const run = () => runLake('import', '--tenant', 'contoso', '--lake', lake, join(folder, 'file'), '--json');
    expect(JSON.parse((await run()).out)).toMatchObject({ landed: 1, findings: 1 });
    expect(JSON.parse((await run()).out)).toMatchObject({ landed: 0, alreadyThere: 1, findings: 0 });
    const { out } = await runLake('findings', '--all', '--since', '2020-01-01', '--lake', lake, '--json');
    expect(JSON.parse(out)).toMatchObject([{ quiet: 'it is older than 48 hours' }]);
    const ledger = openLedger(join(lake, 'ledger.sqlite'));
    expect(await ledger.unsent(10, Infinity)).toEqual([]);
    ledger.close();
  });

  test('of an empty file names no tenant', async () => {
    const { code, out } = await importing('', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ logType: 'auto', read: 0, tenantId: null, routes: [] });
  }, 60_000);

  test.each([
    { name: '20 MB of quotes', text: `RecordId,AuditData\r\n1,"${'"'.repeat(20 * 2 ** 20)}` },
    { name: '20 MB of columns', text: `RecordId,AuditData\r\n1,${'x","'.repeat(5 * 2 ** 20)}` },
    { name: '20 MB of brackets', text: `[{"Id":${'{"a":'.repeat(4 * 2 ** 20)}` },
    { name: '15 MB of empty objects', text: `{"Id":"a","CreationTime":"x","d":[${'{},'.repeat(5e6 - 1_000)}1]}` },
    { name: '15 MB of backslashes', text: `RecordId,AuditData\r\n1,"{${'\\'.repeat(15e6)}"x` },
  ])(
    'takes less than 600 MiB for $name, packed in a few kilobytes, and counts one',
    async ({ text }) => {
      const { code, out, peakMib } = await importing(gzipSync(text), '--json');
      expect(code).toBe(1);
      expect(JSON.parse(out)).toMatchObject({ read: 1, landed: 0, quarantined: 1 });
      expect(peakMib).toBeGreaterThan(50);
      expect(peakMib).toBeLessThan(600);
    },
    120_000,
  );
});
