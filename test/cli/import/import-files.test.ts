import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formatOfFile } from '../../../cli/import/records-of-file.ts';
import { importFiles, type ImportDeps, type Imported, type ImportRequest } from '../../../cli/import/import-files.ts';
import { openLakeFolder } from '../../../local/lake-folder.ts';
import { openLakeReader } from '../../../local/lake-reader.ts';
import { LocalLake } from '../../../local/lake.ts';
import { openWorkspace } from '../../../local/workspace.ts';
import { normalizedDatasets } from '../../../shared/datasets/index.ts';
import type { CloudId } from '../../../shared/clouds.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import type { LogType } from '../../../shared/log-types/log-type.ts';
import { connectDuckDb, openLanding } from '../../../shared/landing/landing.ts';
import { contoso, fabrikam } from '../../contracts/samples.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { landRecords } from '../../helpers/land-records.ts';
import { exchangeRecord, signIn } from '../../helpers/sample-records.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const noon = Date.parse('2026-11-22T12:00:00Z');

let duckdb: Pick<ImportDeps, 'landing' | 'connection'>;
beforeAll(async () => {
  const limits = { memoryMb: 250, spillFolder: await makeFolder() };
  duckdb = { landing: await openLanding(limits), connection: await connectDuckDb(limits) };
});
afterAll(() => {
  duckdb.connection.closeSync();
});

/** A lake of its own, to import into as often as one likes. */
async function newLake() {
  const path = join(await makeFolder(), '.lake');
  const clock = new VirtualClock(noon);
  const files = await makeFolder();
  return {
    path,
    clock,
    import: async (content: string | readonly unknown[], more: Partial<ImportRequest> = {}, deps: Partial<ImportDeps> = {}) => {
      const file = join(files, 'records');
      await writeFile(file, typeof content === 'string' ? content : content.map((record) => `${JSON.stringify(record)}\n`).join(''));
      const folder = await openLakeFolder(path, { exclusive: true });
      try {
        const lake = new LocalLake({ root: folder.path, temp: folder.objectsTemp });
        const adapters = {
          ...duckdb,
          root: folder.path,
          lake,
          workspace: await openWorkspace(folder.workTemp),
          clock,
          normalized: [],
          ...deps,
        };
        return await importFiles({ ...usual, ...more, files: [{ file, format: await formatOfFile(file) }] }, adapters);
      } finally {
        folder.close();
      }
    },
    rows: async (sql: string) => {
      const reader = await openLakeReader(path, sql);
      const rows = await (await reader.query(sql)).getRowsJson();
      await reader.close();
      return rows;
    },
  };
}

const cloudOf = (logType: LogType): CloudId => logType.clouds[0] ?? 'enterprise';
const usual = { logType: logTypeById('audit-exchange'), cloudOf, tenantName: 'contoso', tenantId: contoso };

const counts = ({ read, landed, alreadyThere, refused, quarantined }: Imported) => ({ read, landed, alreadyThere, refused, quarantined });
const three = ['one', 'two', 'three'].map((id) => exchangeRecord(id));
/** They name no organization. */
const anonymous = three.map((record) => ({ ...record, OrganizationId: undefined }));

describe('an import', () => {
  test('lands records like those that are collected, without a content id', async () => {
    const lake = await newLake();
    const imported = await lake.import(three);
    expect(counts(imported)).toEqual({ read: 3, landed: 3, alreadyThere: 0, refused: 0, quarantined: 0 });
    expect(imported.objects).toEqual([
      expect.stringMatching(/^raw\/msft_o365_exchange_online_raw\/dt=2026-11-22\/hr=\d{2}\/[0-9a-f]{32}\.parquet$/),
    ]);
    const sql = `SELECT DISTINCT tenant_id, tenant_name, cloud, log_type, content_id, landed_at = TIMESTAMPTZ '2026-11-22 12:00:00Z',
      service, source_ip, outcome FROM msft_o365_exchange_online_raw`;
    expect(await lake.rows(sql)).toEqual([
      [contoso, 'contoso', 'enterprise', 'audit-exchange', null, true, 'Exchange', '203.0.113.7', 'success'],
    ]);
    expect(await lake.rows("SELECT raw FROM msft_o365_exchange_online WHERE record_id = 'one'")).toEqual([[JSON.stringify(three[0])]]);
  });

  test('lands normalized datasets beside raw, and those that a killed one did not come to', async () => {
    const lake = await newLake();
    await lake.import(three, {}, { normalized: [] });
    expect(await lake.rows('SELECT count(*) FROM saas_audit_logs')).toEqual([['0']]);
    for (let again = 0; again < 2; again += 1) {
      await lake.clock.advance(86_400_000);
      await lake.import([...three, exchangeRecord('four')], {}, { normalized: normalizedDatasets });
      const agree = await lake.rows(`SELECT count(*), count(DISTINCT n.record_id), count(DISTINCT n.object) FROM saas_audit_logs n
        JOIN msft_o365_exchange_online_raw r ON r.record_key = n.record_key AND r.landed_at = n.landed_at`);
      expect(agree).toEqual([['4', '4', '2']]);
    }
  });

  test('of the same file adds nothing, not on another day either', async () => {
    const lake = await newLake();
    await lake.import(three);
    expect(counts(await lake.import(three))).toEqual({ read: 3, landed: 0, alreadyThere: 3, refused: 0, quarantined: 0 });
    await lake.clock.advance(86_400_000);
    expect(await lake.import(three)).toMatchObject({ landed: 0, alreadyThere: 3, objects: [] });
    expect(await lake.rows('SELECT count(*), count(DISTINCT record_key) FROM msft_o365_exchange_online_raw')).toEqual([['3', '3']]);
  });

  test('of the same records in another form and order adds only what is new', async () => {
    const lake = await newLake();
    await lake.import(three);
    const page = JSON.stringify({ '@odata.context': 'x', value: [exchangeRecord('four'), ...three.toReversed()] }, undefined, 2);
    expect(counts(await lake.import(page))).toEqual({ read: 4, landed: 1, alreadyThere: 3, refused: 0, quarantined: 0 });
    expect(await lake.rows('SELECT count(*) FROM msft_o365_exchange_online_raw')).toEqual([['4']]);
  });

  test('lands a record once that is in it several times, in one object or in several', async () => {
    const lake = await newLake();
    expect(counts(await lake.import([...three, ...three]))).toEqual({ read: 6, landed: 3, alreadyThere: 3, refused: 0, quarantined: 0 });
    const other = await newLake();
    const imported = await other.import([...three, exchangeRecord('two'), exchangeRecord('four')], { chunkBytes: 1 });
    expect(counts(imported)).toEqual({ read: 5, landed: 4, alreadyThere: 1, refused: 0, quarantined: 0 });
    expect(imported.objects).toHaveLength(4);
  });

  test('lands records apart that share an id and differ in what they say', async () => {
    const lake = await newLake();
    const records = [
      exchangeRecord('one'),
      exchangeRecord('one', { Operation: 'Undo' }),
      exchangeRecord('one', { CreationTime: '2026-11-21T08:00:01' }),
    ];
    expect(await lake.import(records)).toMatchObject({ landed: 3 });
  });

  test('leaves out what was collected', async () => {
    const lake = await newLake();
    await landRecords(lake.path, [{ logType: 'audit-exchange', at: noon, records: [exchangeRecord('two')] }]);
    expect(counts(await lake.import(three))).toEqual({ read: 3, landed: 2, alreadyThere: 1, refused: 0, quarantined: 0 });
  });

  test('leaves out nothing that another tenant has', async () => {
    const lake = await newLake();
    await lake.import(anonymous);
    expect(await lake.import(anonymous, { tenantName: 'fabrikam', tenantId: fabrikam })).toMatchObject({ landed: 3, alreadyThere: 0 });
    expect(await lake.rows('SELECT count(*) FROM msft_o365_exchange_online')).toEqual([['6']]);
  });

  test('of sign-ins lands each version once, those without a time too', async () => {
    const lake = await newLake();
    const request = { logType: logTypeById('sign-ins-interactive') };
    const records = [
      signIn('a'),
      signIn('a'),
      signIn('a', { userAgent: 'corrected' }),
      signIn('b', { createdDateTime: '0001-01-01T00:00:00Z' }),
    ];
    expect(counts(await lake.import(records, request))).toEqual({ read: 4, landed: 3, alreadyThere: 1, refused: 0, quarantined: 0 });
    expect(counts(await lake.import(records, request))).toEqual({ read: 4, landed: 0, alreadyThere: 4, refused: 0, quarantined: 0 });
  });

  test('that was stopped half-way is finished by the next one', async () => {
    const lake = await newLake();
    const many = Array.from({ length: 20 }, (_, index) => exchangeRecord(`record ${String(index)}`));
    await lake.import(many.slice(0, 12), { chunkBytes: 2_000 });
    expect(counts(await lake.import(many, { chunkBytes: 2_000 }))).toEqual({
      read: 20,
      landed: 8,
      alreadyThere: 12,
      refused: 0,
      quarantined: 0,
    });
    expect(await lake.rows('SELECT count(*), count(DISTINCT record_key) FROM msft_o365_exchange_online_raw')).toEqual([['20', '20']]);
  });
});

describe('what an import cannot read', () => {
  const text = `${JSON.stringify(three[0])}\noops\n${JSON.stringify(three[1])}\n{}\n`;

  test('is kept with file, line and reason, and the rest lands', async () => {
    const lake = await newLake();
    const imported = await lake.import(text);
    expect(counts(imported)).toEqual({ read: 4, landed: 2, alreadyThere: 0, refused: 0, quarantined: 2 });
    const kept = (await readFile(join(lake.path, imported.quarantine[0] ?? ''), 'utf8')).trim().split('\n');
    expect(kept.map((line) => JSON.parse(line) as unknown)).toEqual([
      { file: expect.stringMatching(/records$/), line: 2, why: 'no JSON', text: 'oops' },
      { file: expect.stringMatching(/records$/), line: 4, why: expect.stringContaining('no Id'), text: '{}' },
    ]);
  });

  test('is kept once, however often it is imported', async () => {
    const lake = await newLake();
    const first = await lake.import(text);
    await lake.clock.advance(86_400_000);
    expect((await lake.import(text)).quarantine).toEqual(first.quarantine);
  });

  test('costs no other record: lone surrogates, broken bytes, deep nesting, odd times and numbers', async () => {
    const lake = await newLake();
    const deep = `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`;
    const lines = [
      '{"Id":"surrogate","CreationTime":"2026-11-21T08:00:00","Operation":"\\ud83d"}',
      '{"Id":"nul","CreationTime":"2026-11-21T08:00:00","Operation":"a\\u0000b"}',
      `{"Id":"deep","CreationTime":"2026-11-21T08:00:00","Parameters":${deep}}`,
      '{"Id":"year 1","CreationTime":"0001-01-01T00:00:00"}',
      '{"Id":"year 20000","CreationTime":"20000-01-01T00:00:00"}',
      '{"Id":"number","CreationTime":"2026-11-21T08:00:00","RecordType":1e999}',
      '{"Id":7,"CreationTime":["2026"],"RecordType":"text","UserId":{"a":1}}',
      '{"Id":"twice","Id":"thrice","CreationTime":"2026-11-21T08:00:00"}',
    ];
    const imported = await lake.import(Buffer.from(lines.join('\n')).toString());
    expect(imported).toMatchObject({ read: lines.length, landed: lines.length });
    expect(await lake.import(lines.join('\n'))).toMatchObject({ landed: 0, alreadyThere: lines.length });
  });
});

/** A landing that cannot read records of this operation, and says so as DuckDB does: for all that come with them. */
function refusing(operation: string, message: string): ImportDeps['landing'] {
  return {
    ...duckdb.landing,
    toParquet: async (request) => {
      for (const { file } of request.from) if ((await readFile(file, 'utf8')).includes(operation)) throw new Error(message);
      return duckdb.landing.toParquet(request);
    },
  };
}

describe('a record that only DuckDB cannot read', () => {
  const records = [...three, exchangeRecord('poison', { Operation: 'Poison' }), exchangeRecord('four')];

  test('is kept aside, and those beside it land', async () => {
    const lake = await newLake();
    const imported = await lake.import(records, {}, { landing: refusing('Poison', 'Invalid Input Error: malformed') });
    expect(counts(imported)).toEqual({ read: 5, landed: 4, alreadyThere: 0, refused: 0, quarantined: 1 });
    const kept = JSON.parse(await readFile(join(lake.path, imported.quarantine[0] ?? ''), 'utf8')) as unknown;
    expect(kept).toMatchObject({ line: 4, why: 'JSON that DuckDB cannot read', text: JSON.stringify(records[3]) });
  });

  test('is not blamed for a full disk', async () => {
    const lake = await newLake();
    const landing = refusing('Poison', 'IO Error: No space left on device');
    await expect(lake.import(records, {}, { landing })).rejects.toThrow('No space left');
  });
});

describe('the tenant of an import', () => {
  test('is the organization that the first record names', async () => {
    const lake = await newLake();
    expect(
      (await lake.import([exchangeRecord('one', { OrganizationId: fabrikam.toUpperCase() })], { tenantId: undefined })).tenant?.tenantId,
    ).toBe(fabrikam);
  });

  test('is the one that the lake knows by the name', async () => {
    const lake = await newLake();
    await lake.import(anonymous, { tenantId: fabrikam });
    const request = { logType: logTypeById('sign-ins-interactive'), tenantId: undefined };
    expect((await lake.import([signIn('a')], request)).tenant).toEqual({ tenantId: fabrikam, because: 'as the lake has it' });
  });

  test('is made from the name where nothing else says it, always the same', async () => {
    const request = { logType: logTypeById('sign-ins-interactive'), tenantId: undefined };
    const [one, two] = [await (await newLake()).import([signIn('a')], request), await (await newLake()).import([signIn('b')], request)];
    expect(one.tenant?.tenantId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(one.tenant).toEqual(two.tenant);
  });

  test('has to be named where the lake has two of the name', async () => {
    const lake = await newLake();
    await lake.import(anonymous, { tenantId: fabrikam });
    await lake.import([exchangeRecord('four')], { tenantId: contoso });
    await expect(lake.import([exchangeRecord('five')], { tenantId: undefined })).rejects.toThrow('name one of them with --tenant-id');
  });
});

describe('an import of every kind of record at once', () => {
  const auto = { logType: undefined };
  const mixed = [
    exchangeRecord('mail'),
    exchangeRecord('file', { RecordType: 6, Workload: 'SharePoint' }),
    exchangeRecord('dlp', { RecordType: 63, Workload: 'Endpoint' }),
    exchangeRecord('logon', { RecordType: 15, Workload: 'AzureActiveDirectory', Operation: 'UserLoginFailed', ResultStatus: 'Success' }),
    exchangeRecord('team', { RecordType: 25, Workload: 'MicrosoftTeams' }),
    signIn('sign-in'),
    signIn('quiet', { isInteractive: false }),
  ];

  test('lands each as what it is, and counts them', async () => {
    const lake = await newLake();
    const imported = await lake.import(mixed, auto);
    expect(counts(imported)).toEqual({ read: 7, landed: 7, alreadyThere: 0, refused: 0, quarantined: 0 });
    expect(imported.routes.map(({ logType, landed }) => [logType, landed]).sort()).toEqual([
      ['audit-azure-active-directory', 1],
      ['audit-exchange', 1],
      ['audit-general', 1],
      ['audit-sharepoint', 1],
      ['dlp-all', 1],
      ['sign-ins-interactive', 1],
      ['sign-ins-non-interactive', 1],
    ]);
    expect(await lake.rows('SELECT log_type, cloud FROM msft_azure_ad_raw ORDER BY ALL')).toEqual([
      ['sign-ins-interactive', 'global'],
      ['sign-ins-non-interactive', 'global'],
    ]);
    expect(await lake.rows('SELECT outcome FROM msft_o365_azure_ad_raw')).toEqual([['failure']]);
    expect(counts(await lake.import(mixed, auto))).toMatchObject({ landed: 0, alreadyThere: 7 });
  });

  test('refuses what another organization has, and lands it under its own id on demand', async () => {
    const lake = await newLake();
    const records = [...three, exchangeRecord('theirs', { OrganizationId: fabrikam }), signIn('nobody says')];
    const imported = await lake.import(records, auto);
    expect(counts(imported)).toEqual({ read: 5, landed: 4, alreadyThere: 0, refused: 1, quarantined: 0 });
    expect(imported.refusals).toEqual([
      { why: expect.stringContaining(`of organization ${fabrikam}, and contoso is ${contoso}`), count: 1 },
    ]);
    expect(counts(await lake.import(records, { ...auto, anyOrganization: true }))).toMatchObject({
      landed: 1,
      alreadyThere: 4,
      refused: 0,
    });
    expect(await lake.rows(`SELECT tenant_id, tenant_name FROM msft_o365_exchange_online_raw WHERE record_id = 'theirs'`)).toEqual([
      [fabrikam, fabrikam],
    ]);
  });

  test('takes the first organization that a record names, whatever came before it', async () => {
    const lake = await newLake();
    const imported = await lake.import([signIn('a'), ...three], { ...auto, tenantId: undefined });
    expect(imported.tenant).toEqual({ tenantId: contoso, because: 'the first organization that a record names' });
    expect(await lake.rows('SELECT DISTINCT tenant_id FROM msft_azure_ad_raw')).toEqual([[contoso]]);
  });

  test('weighs small records that name nobody by the memory they take, not by their bytes', async () => {
    const small = Array.from({ length: 10_000 }, (_, index) => ({ id: String(index), createdDateTime: '2026-11-20T10:00:00Z' }));
    let bytesRead = 0;
    let firstLandedAt: number | undefined;
    const toParquet: ImportDeps['landing']['toParquet'] = (request) => {
      firstLandedAt ??= bytesRead;
      return duckdb.landing.toParquet(request);
    };
    const onProgress = (bytes: number): void => {
      bytesRead += bytes;
    };
    const request = { logType: logTypeById('sign-ins-interactive'), tenantId: undefined, chunkBytes: 2_000_000, onProgress };
    const imported = await (await newLake()).import(small, request, { landing: { ...duckdb.landing, toParquet } });
    expect(counts(imported)).toMatchObject({ read: 10_000, landed: 10_000 });
    // Some 570 bytes each in memory, and 57 in the file.
    expect(firstLandedAt).toBeLessThan(bytesRead * 0.7);
  });

  test('of nothing names no tenant', async () => {
    const imported = await (await newLake()).import('', { ...auto, tenantId: undefined });
    expect(imported).toMatchObject({ read: 0, tenant: undefined, routes: [], objects: [], quarantine: [] });
  });

  test("lands five different sign-ins of Azure Monitor, which were once one record and four that were 'already there'", async () => {
    const lake = await newLake();
    const envelope = (id: string) => ({
      time: '2026-11-20T10:00:00Z',
      resourceId: '/tenants/x',
      category: 'SignInLogs',
      properties: signIn(id),
    });
    const records = ['1', '2', '3', '4', '5'].map(envelope);
    expect(counts(await lake.import(records, auto))).toMatchObject({ read: 5, landed: 5, alreadyThere: 0 });
    expect(counts(await lake.import(records, auto))).toMatchObject({ read: 5, landed: 0, alreadyThere: 5 });
  });

  test('keeps one broken row among many, and lands the others', async () => {
    const lake = await newLake();
    const row = (record: unknown): string => `1,"${JSON.stringify(record).replaceAll('"', '""')}"`;
    const good = Array.from({ length: 550 }, (_, index) => row(exchangeRecord(String(index))));
    const long = row(exchangeRecord('long', { Pad: 'x'.repeat(15.02 * 2 ** 20) }));
    const text = ['RecordId,AuditData', ...good.slice(0, 50), long, ...good.slice(50)].join('\r\n');
    expect(counts(await lake.import(text, auto))).toEqual({ read: 551, landed: 550, alreadyThere: 0, refused: 0, quarantined: 1 });
  });
});

describe("what is 'already there'", () => {
  test('has equal content, in whatever order and form; an equal key is not enough', async () => {
    const lake = await newLake();
    const record = exchangeRecord('one', { Folders: [{ Path: 'a', Id: 1 }], Empty: null });
    await lake.import([record]);
    const turned = Object.fromEntries(Object.entries(record).reverse());
    const same = { ...turned, Folders: [{ Id: 1, Path: 'a' }], Nothing: '', '@odata.type': '#microsoft.graph.security.defaultAuditData' };
    expect(counts(await lake.import([same]))).toMatchObject({ landed: 0, alreadyThere: 1 });
    const other = { ...record, Folders: [{ Path: 'b', Id: 1 }] };
    expect(counts(await lake.import([record, other, same, other]))).toMatchObject({ landed: 1, alreadyThere: 3 });
    expect(await lake.rows('SELECT count(*), count(DISTINCT record_key) FROM msft_o365_exchange_online_raw')).toEqual([['2', '1']]);
  });
});
