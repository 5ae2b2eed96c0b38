import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { readRecords } from '../../../cli/import/read-record.ts';
import { formatOfFile, recordsOfFile } from '../../../cli/import/records-of-file.ts';
import { routeRecord } from '../../../cli/import/route-record.ts';
import { contoso } from '../../contracts/samples.ts';
import { exchangeRecord, signIn } from '../../helpers/sample-records.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();

/** What is read of a file: each record with its log type, or why it is none; and what was guessed. */
async function read(content: string | Buffer) {
  const file = join(await makeFolder(), 'a file');
  await writeFile(file, content);
  const guesses = new Set<string>();
  const onGuess = (guess: string): void => void guesses.add(guess);
  const outcomes: string[] = [];
  const texts: string[] = [];
  const organizations = new Set<string | undefined>();
  for await (const found of recordsOfFile(file, await formatOfFile(file), { onGuess })) {
    for (const one of readRecords(found, onGuess)) {
      const route = one.kind === 'bad' ? one : routeRecord(one, undefined);
      if (route.kind === 'log-type') organizations.add(route.organization);
      outcomes.push(route.kind === 'log-type' ? `${route.logType.id} ${String(idOf(one))}` : `${route.kind}: ${route.why}`);
      if (one.kind === 'record') texts.push(one.text);
    }
  }
  return { outcomes, texts, guesses: [...guesses], organizations: [...organizations] };
}

const idOf = (one: { readonly kind: string; readonly json?: Readonly<Record<string, unknown>> }): unknown => one.json?.Id ?? one.json?.id;

const [one, two] = [exchangeRecord('one'), exchangeRecord('two', { UserId: 'ada@contoso.example', Folders: [{ Path: '\\Inbox "x"' }] })];
const both = ['audit-exchange one', 'audit-exchange two'];
const cell = (value: unknown): string => `"${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('"', '""')}"`;
const rows = (delimiter: string): string => [one, two].map((record) => ['id', cell(record), '""'].join(delimiter)).join('\r\n');
const purview = `RecordId,AuditData,Units\r\n${rows(',')}\r\n`;

/** Little end first; `swap32` is not a buffer's own: four bytes are turned around. */
function utf32(text: string): Buffer & { swap32: () => Buffer } {
  const codes = Array.from(text, (char) => char.codePointAt(0) ?? 0);
  const little = Buffer.from(Uint32Array.from(codes).buffer);
  return Object.assign(little, {
    swap32: () => Buffer.concat(codes.map((code) => Buffer.from([24, 16, 8, 0].map((by) => (code >> by) & 0xff)))),
  });
}

describe('a table of records', () => {
  test.each([
    { name: 'of Purview', content: purview },
    { name: 'with two byte order marks', content: `\ufeff\ufeff${purview}` },
    {
      name: 'of PowerShell 5.1, which begins with a #TYPE',
      content: `#TYPE Deserialized.UnifiedAuditLogEvent\r\n"RecordId","AuditData","Units"\r\n${rows(',')}`,
    },
    { name: 'of Excel, which begins with sep=', content: `sep=;\r\nRecordId;AuditData;Units\r\n${rows(';')}` },
    { name: 'after a title', content: `# exported by ada\r\n${purview.replace('\ufeff', '')}` },
    {
      name: 'after lines for people',
      content: `Audit log search;\r\nFrom 2026-11-20, to 2026-11-21\r\n\r\n${purview.replace('\ufeff', '')}`,
    },
    { name: 'with semicolons', content: `RecordId;AuditData;Units\r\n${rows(';')}` },
    { name: 'with tabs', content: `RecordId\tAuditData\tUnits\r\n${rows('\t')}` },
    { name: 'with pipes', content: `RecordId|AuditData|Units\r\n${rows('|')}` },
    { name: 'with blanks in headings and after commas', content: `"Record Id", "Audit Data", "Units"\r\n${rows(', ')}` },
    { name: 'with CR alone', content: purview.replaceAll('\r\n', '\r') },
    { name: 'in UTF-16 with a mark', content: Buffer.from(`\ufeff${purview}`, 'utf16le') },
    { name: 'in UTF-16 with a mark, the other end first', content: Buffer.from(`\ufeff${purview}`, 'utf16le').swap16() },
    { name: 'with carets', content: `RecordId^AuditData^Units\r\n${rows('^')}` },
    { name: 'with carets that sep= declares', content: `sep=^\r\nRecordId^AuditData^Units\r\n${rows('^')}` },
    { name: 'in UTF-32 with a mark', content: utf32(`\ufeff${purview}`) },
    { name: 'in UTF-32 with a mark, the other end first', content: utf32(`\ufeff${purview}`).swap32() },
    { name: 'packed by gzip', content: gzipSync(purview) },
    { name: 'packed by gzip twice', content: gzipSync(gzipSync(purview)) },
    { name: 'packed by gzip three times, in UTF-16', content: gzipSync(gzipSync(gzipSync(Buffer.from(`\ufeff${purview}`, 'utf16le')))) },
    {
      name: 'of Spark, whose quotes have backslashes',
      content: `RecordId,AuditData\n${[one, two].map((record) => `1,"${spark(record)}"\n`).join('')}`,
    },
    {
      name: 'whose quotes were replaced by a backslash and a quote',
      content: `RecordId,AuditData\n${[one, two].map((record) => `1,"${JSON.stringify(record).replaceAll('"', '\\"')}"\n`).join('')}`,
    },
    {
      name: 'encoded twice',
      content: `RecordId,AuditData\n${[one, two].map((record) => `1,${cell(JSON.stringify(JSON.stringify(record)))}\n`).join('')}`,
    },
    { name: 'of Splunk', content: `"_time","_raw"\n${[one, two].map((record) => `"x",${cell(record)}\n`).join('')}` },
    { name: 'that DOS has ended', content: `${purview}\u001a` },
    { name: "of Defender's CloudAppEvents", content: purview.replace('AuditData', 'RawEventData') },
    {
      name: 'with the headings again within it',
      content: [one, two].map((record) => `RecordId,AuditData,Units\r\n1,${cell(record)},\r\n`).join(''),
    },
  ])('$name', async ({ content }) => {
    const { outcomes, texts, guesses } = await read(content);
    expect(outcomes).toEqual(both);
    expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual([one, two]);
    expect(guesses).toEqual([]);
  });

  test.each([
    { name: 'in Windows-1252', content: Buffer.from(purview.replace('ada@', 'jürgen.groß@'), 'latin1'), guess: 'read as Windows-1252' },
    { name: 'in UTF-16 without a mark', content: Buffer.from(purview, 'utf16le'), guess: 'read as UTF-16LE' },
    {
      name: 'whose headings are translated',
      content: purview.replace('AuditData', 'Überwachungsdaten'),
      guess: 'no column is headed AuditData',
    },
  ])('$name is read, and the guess is reported', async ({ content, guess }) => {
    const { outcomes, guesses } = await read(content);
    expect(outcomes).toEqual(both);
    expect(guesses).toEqual([expect.stringContaining(guess)]);
  });

  test('in Windows-1252 has its letters', async () => {
    const { texts } = await read(Buffer.from(purview.replaceAll('ada@', 'jürgen.groß@'), 'latin1'));
    expect(texts[0]).toContain('"jürgen.groß@contoso.example"');
  });

  test.each([
    { name: 'a quote that is never closed', row: '1,"{""Id"":""x,""' },
    { name: 'a quote too many', row: '1,"{"Id"":""x""}"' },
    { name: 'no record', row: '1,,' },
    { name: 'a text cut off in the middle', row: '1,"{""Id"":""xxxxxxxxxxxxxxxxxxxxxxxxx"' },
    { name: 'columns without a line end', row: 'a,b,c,d,e,f,g' },
    { name: 'a record that is too long', row: `1,${cell({ Id: 'x', CreationTime: 'x', Pad: 'x'.repeat(15.02 * 2 ** 20) })}` },
    { name: 'very many columns', row: '1,'.repeat(2_000) },
  ])('loses one row to $name, and no other', async ({ row }) => {
    const good = Array.from({ length: 20 }, (_, index) => `1,${cell(exchangeRecord(String(index)))}`);
    const { outcomes } = await read(['A,AuditData', ...good.slice(0, 5), row, ...good.slice(5)].join('\r\n'));
    expect(outcomes.filter((outcome) => outcome.startsWith('audit-exchange'))).toHaveLength(20);
    expect(outcomes.filter((outcome) => outcome.startsWith('bad:'))).toHaveLength(1);
  });
});

function spark(record: unknown): string {
  return JSON.stringify(record).replaceAll(/(\\*)"/g, (_, run: string) => `${run}${run}\\"`);
}

const ual = (record: unknown): object => ({
  RunspaceId: 'x',
  RecordType: 'ExchangeItem',
  CreationDate: '/Date(1795168800000)/',
  AuditData: record,
  Identity: 'x',
});
const graphRecord = (record: Record<string, unknown>): object => ({
  id: record.Id,
  createdDateTime: '2026-11-21T08:00:00Z',
  auditLogRecordType: 'exchangeItem',
  userPrincipalName: 'ada@contoso.example',
  auditData: record,
});
const json = (value: unknown): string => JSON.stringify(value, undefined, 2);
const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const text = JSON.stringify;

describe('records as JSON', () => {
  test.each([
    { name: 'AuditData as a text, of ConvertTo-Json', content: json([one, two].map((record) => ual(text(record)))) },
    {
      name: 'auditData in small letters around the record',
      content: lines([one, two].map((record) => ({ recordType: 'ExchangeItem', creationDate: 'x', auditData: text(record) }))),
    },
    { name: 'AuditData as an object', content: lines([one, two].map(ual)) },
    { name: "Graph's auditLogRecord", content: text({ '@odata.context': 'x', value: [one, two].map(graphRecord) }) },
    { name: 'several lists, as Microsoft-Extractor-Suite appends them', content: `${json([one])}\r\n${json([two])}` },
    { name: 'lists in lists', content: text([[one], [[two]]]) },
    { name: 'single objects over lines', content: `${json(one)}\n${json(two)}` },
    { name: 'objects with commas between them', content: `${text(one)},\n${text(two)}\n` },
    { name: 'objects on one line', content: text(one) + text(two) },
    { name: 'a list that was encoded twice', content: text(text([one, two])) },
    { name: 'texts in a list', content: text([text(one), text(two)]) },
    { name: 'JSON text sequences', content: [one, two].map((record) => `\u001e${text(record)}\n`).join('') },
    { name: 'lines after which a disk left NUL', content: `${lines([one, two])}${'\0'.repeat(512)}` },
    { name: 'a list that an export wrapped', content: text({ count: 2, results: [one, two] }) },
  ])('$name', async ({ content }) => {
    const { outcomes, texts } = await read(content);
    expect(outcomes).toEqual(both);
    expect(texts.map((one) => JSON.parse(one) as unknown)).toEqual([one, two]);
  });

  test('keep their text as it was, whatever was around them', async () => {
    const odd = '{"Id": "one", "CreationTime":"2026-11-21T08:00:00","RecordType":2,"Big":12345678901234567890,"E":1e999}';
    for (const content of [`[{"AuditData":${odd}}]`, `{"_source":{"AuditData":${text(odd)}}}`])
      expect((await read(content)).texts).toEqual([odd]);
  });

  test('of more parts than there is memory for are kept aside', async () => {
    const open = '{"Id":"x","CreationTime":"2026-11-21T08:00:00","d":';
    for (const many of [`${'['.repeat(1.1e6)}${']'.repeat(1.1e6)}`, `[${'{},'.repeat(1.1e6)}1]`])
      expect((await read(`${open}${many}}\n${text(one)}\n`)).outcomes).toEqual([
        expect.stringContaining('more than 1000000 objects'),
        both[0],
      ]);
  });

  test.each([
    { name: 'a lost quote', broken: text(exchangeRecord('x')).replace('"Id"', '"Id') },
    { name: 'a lost bracket', broken: text(exchangeRecord('x', { Folders: [{ a: 1 }] })).replace('}]', '}') },
    { name: 'a line end within a text', broken: text(exchangeRecord('x')).replace('Send', 'Se\nnd') },
  ])('lose one to $name, and no other', async ({ broken }) => {
    for (const content of [`[${text(one)},${broken},${text(two)}]`, `{"value":[${text(one)},${broken},${text(two)}]}`]) {
      const { outcomes } = await read(content);
      expect(outcomes.filter((outcome) => outcome.startsWith('audit-exchange'))).toEqual(both);
      expect(outcomes.filter((outcome) => outcome.startsWith('bad')).length).toBeGreaterThan(0);
    }
  });
});

describe('a file that cannot be read for what it is', () => {
  const list = (record: unknown): string =>
    `RunspaceId   : 0f8fad5b-d9cb-469f-a165-70867728950e\r\nRecordType   : ExchangeItem\r\nAuditData    : ${text(record).replaceAll(/(.{60})/g, '$1\r\n               ')}\r\n`;
  test.each([
    { name: 'Format-List of PowerShell', content: `\r\n${list(one)}\r\n\r\n${list(two)}`, cure: 'Export-Csv -NoTypeInformation' },
    { name: 'Format-List in UTF-16', content: Buffer.from(`\ufeff\r\n${list(one)}`, 'utf16le'), cure: 'ConvertTo-Json -Depth 10' },
    {
      name: 'a table separated by ~',
      content: `RecordId~AuditData~Units\r\n1~x~\r\n`,
      cure: "separated by '~'; export it with , ; | ^ or tabs",
    },
    {
      name: 'a table that Sentinel has taken apart',
      content: 'TimeGenerated [UTC],OfficeId,Type\r\nx,y,z\r\n',
      cure: 'download it as JSON',
    },
    {
      name: 'gzip within gzip, five times',
      content: [1, 2, 3, 4, 5].reduce<Buffer>((packed) => gzipSync(packed), Buffer.from('x')),
      cure: 'unpack it first',
    },
  ])('is refused: $name', async ({ content, cure }) => {
    const file = join(await makeFolder(), 'a file');
    await writeFile(file, content);
    expect(await formatOfFile(file)).toEqual({ kind: 'unknown', why: expect.stringContaining(cure) });
  });

  test('records whose names begin with small letters are quarantined by that name', async () => {
    const lowered = Object.fromEntries(Object.entries(one).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]));
    const { outcomes } = await read(lines([lowered]) + lines([{ recordType: 'x', auditData: lowered }, two]));
    expect(outcomes).toEqual([
      expect.stringContaining('bad: no record as Microsoft writes it: its names begin with small letters (creationTime); export it again'),
      expect.stringContaining('its names begin with small letters (creationTime)'),
      both[1],
    ]);
  });
});

describe('what other collectors kept', () => {
  const asTexts = (record: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]));
  const alertOfWazuh = { timestamp: 'x', rule: { id: '91537' }, id: '1623276774.47272', decoder: { name: 'json' }, location: 'office365' };
  const azureMonitor = { time: 'x', resourceId: '/tenants/x', category: 'SignInLogs', tenantId: contoso, properties: signIn('one') };
  test.each([
    {
      name: "Wazuh's module",
      content: lines([one, two].map((record) => ({ integration: 'office365', office365: { ...record, Subscription: 'Audit.Exchange' } }))),
    },
    {
      name: "Wazuh's archives",
      content: lines([one, two].map((record) => ({ ...alertOfWazuh, full_log: text({ integration: 'office365', office365: record }) }))),
    },
    {
      name: "Wazuh's index",
      content: text({
        hits: {
          hits: [one, two].map((record) => ({
            _id: 'x',
            _source: { ...alertOfWazuh, full_log: text({ integration: 'office365', office365: record }) },
          })),
        },
      }),
    },
    {
      name: "Elastic's documents",
      content: lines([one, two].map((record) => ({ '@timestamp': 'x', event: { action: 'Send', original: text(record) }, o365: {} }))),
    },
    {
      name: "Elastic's documents with dots in their names",
      content: lines([one, two].map((record) => ({ '@timestamp': 'x', 'event.original': text(record) }))),
    },
    { name: 'Filebeat without an integration', content: lines([one, two].map((record) => ({ '@timestamp': 'x', message: text(record) }))) },
    {
      name: "Splunk's export",
      content: lines(
        [one, two].map((record) => ({ preview: false, result: { _raw: text(record), sourcetype: 'o365:management:activity' } })),
      ),
    },
    { name: "Splunk's results", content: text({ results: [one, two].map((record) => ({ _raw: text(record) })) }) },
    {
      name: "Splunk's collector of events",
      content: lines([one, two].map((record) => ({ sourcetype: 'o365:management:activity', event: record }))),
    },
  ])('$name', async ({ content }) => {
    const { outcomes, texts } = await read(content);
    expect(outcomes).toEqual(both);
    expect(texts.map((one) => JSON.parse(one) as unknown)).toEqual([one, two]);
  });

  const line = ({ of, keep }: { readonly of: string; readonly keep: (record: unknown) => unknown }) => ({
    of,
    content: lines([one, two].map(keep)),
  });
  test.each([
    line({ of: 'CloudAppEvents of Defender', keep: (record) => ({ Timestamp: 'x', ActionType: 'Send', RawEventData: record }) }),
    line({ of: 'CloudAppEvents, as text', keep: (record) => ({ Timestamp: 'x', ActionType: 'Send', RawEventData: text(record) }) }),
    line({ of: 'Docker', keep: (record) => ({ log: `${text(record)}\n`, stream: 'stdout', time: 'x' }) }),
    line({ of: 'Graylog', keep: (record) => ({ messages: [{ message: { _id: 'x', full_message: text(record) } }] }) }),
    line({ of: 'LogScale', keep: (record) => ({ '@timestamp': 1, '@rawstring': text(record) }) }),
    line({ of: 'Sumo Logic', keep: (record) => ({ map: { _raw: text(record), _messagetime: '1' } }) }),
    line({ of: 'Google Cloud Logging', keep: (record) => ({ insertId: 'x', jsonPayload: record, timestamp: 'x' }) }),
    line({
      of: 'Datadog',
      keep: (record) => ({ data: [{ id: 'x', type: 'log', attributes: { message: 'x', attributes: record } }] }),
    }),
  ])('$of', async ({ content }) => {
    const { outcomes, texts } = await read(content);
    expect(outcomes).toEqual(both);
    expect(texts.map((one) => JSON.parse(one) as unknown)).toEqual([one, two]);
  });

  test('lines of syslog, whose beginning is left out and reported', async () => {
    const { outcomes, guesses } = await read([one, two].map((record) => `<14>Nov 20 10:00:00 host app[1]: ${text(record)}\n`).join(''));
    expect(outcomes).toEqual(both);
    expect(guesses).toEqual([expect.stringContaining('as those of syslog do')]);
  });

  test.each([
    { name: 'nested', document: { '@timestamp': 'x', event: { id: 'one', action: 'Send' }, o365: { audit: { RecordType: 2 } } } },
    { name: 'with dots in its names', document: { '@timestamp': 'x', 'event.id': 'one', 'o365.audit.RecordType': 2 } },
  ])("Elastic's document without event.original, $name, is quarantined by that name", async ({ document }) => {
    const { outcomes } = await read(lines([document]));
    expect(outcomes).toEqual([
      expect.stringMatching(/^bad: no record: Elastic's document has no event\.original; turn preserve_original_event on/),
    ]);
  });

  test("Wazuh's alert without its log, whose numbers are texts", async () => {
    const { outcomes } = await read(lines([{ ...alertOfWazuh, data: { integration: 'office365', office365: asTexts(one) } }]));
    expect(outcomes).toEqual(['audit-exchange one']);
  });

  test("Wazuh's module for Graph", async () => {
    const kept = { integration: 'ms-graph', 'ms-graph': { ...signIn('one'), resource: 'auditLogs', relationship: 'signIns' } };
    expect((await read(lines([kept]))).outcomes).toEqual(['sign-ins-interactive one']);
  });

  test("Elastic's sign-ins, in Azure Monitor's form within", async () => {
    const kept = { '@timestamp': 'x', azure: {}, event: { original: text({ ...azureMonitor, category: 'NonInteractiveUserSignInLogs' }) } };
    const { outcomes, organizations } = await read(lines([kept]));
    expect(outcomes).toEqual(['sign-ins-non-interactive one']);
    expect(organizations).toEqual([contoso]);
  });
});

describe('tables of Sentinel', () => {
  const office = {
    TenantId: '0b1f8d3e-0000-4000-8000-00000000aaaa',
    TimeGenerated: '2026-11-21T08:00:00Z',
    OfficeId: 'one',
    OfficeWorkload: 'SharePoint',
    RecordType: 'SharePointFileOperation',
    Operation: 'FileDownloaded',
    UserType: 'Regular',
    UserId: 'ada@contoso.example',
    OfficeObjectId: 'https://contoso.example/a',
    OrganizationId: contoso,
    Parameters: '[{"Name":"a","Value":"b"}]',
    Type: 'OfficeActivity',
  };
  const signInRow = {
    TenantId: '0b1f8d3e-0000-4000-8000-00000000aaaa',
    AADTenantId: contoso,
    TimeGenerated: '2026-11-21T08:00:05Z',
    CreatedDateTime: '2026-11-21T08:00:00Z',
    Id: 'one',
    Category: 'SignInLogs',
    IPAddress: '203.0.113.7',
    UserPrincipalName: 'ada@contoso.example',
    Status: '{"errorCode":50126}',
    LocationDetails: { city: 'Leipzig' },
    ConditionalAccessPolicies: [],
    Type: 'SigninLogs',
  };
  const auditRow = {
    AADTenantId: contoso,
    ActivityDateTime: '2026-11-21T08:00:00Z',
    ActivityDisplayName: 'Add user',
    Id: 'one',
    Category: 'UserManagement',
    AADOperationType: 'Add',
    InitiatedBy: '{"user":{"id":"x"}}',
    Type: 'AuditLogs',
  };

  test('OfficeActivity gets its names, its record type and its user type back', async () => {
    const { outcomes, texts, organizations } = await read(lines([office]));
    expect(outcomes).toEqual(['audit-sharepoint one']);
    expect(organizations).toEqual([contoso]);
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({
      Id: 'one',
      CreationTime: '2026-11-21T08:00:00Z',
      Workload: 'SharePoint',
      RecordType: 6,
      UserType: 0,
      ObjectId: 'https://contoso.example/a',
      Parameters: [{ Name: 'a', Value: 'b' }],
    });
  });

  test.each([
    { type: 'SigninLogs', is: 'sign-ins-interactive' },
    { type: 'AADNonInteractiveUserSignInLogs', is: 'sign-ins-non-interactive' },
    { type: 'AADServicePrincipalSignInLogs', is: 'sign-ins-service-principal' },
    { type: 'AADManagedIdentitySignInLogs', is: 'sign-ins-managed-identity' },
  ])('$type', async ({ type, is }) => {
    const { outcomes, texts, organizations } = await read(json([{ ...signInRow, Type: type }]));
    expect(outcomes).toEqual([`${is} one`]);
    expect(organizations).toEqual([contoso]);
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({
      ipAddress: '203.0.113.7',
      status: { errorCode: 50126 },
      location: { city: 'Leipzig' },
      createdDateTime: '2026-11-21T08:00:00Z',
    });
  });

  test('AADUserRiskEvents', async () => {
    const row = {
      AADTenantId: contoso,
      Id: 'one',
      RiskEventType: 'unfamiliarFeatures',
      DetectedDateTime: 'x',
      IpAddress: '203.0.113.9',
      Type: 'AADUserRiskEvents',
    };
    const { outcomes, texts } = await read(lines([row]));
    expect(outcomes).toEqual(['risk-detections one']);
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({ riskEventType: 'unfamiliarFeatures', ipAddress: '203.0.113.9' });
  });

  test('AuditLogs, as the query API answers', async () => {
    const answer = {
      tables: [{ name: 'PrimaryResult', columns: Object.keys(auditRow).map((name) => ({ name })), rows: [Object.values(auditRow)] }],
    };
    const { outcomes, texts } = await read(text(answer));
    expect(outcomes).toEqual(['directory-audits one']);
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({
      activityDisplayName: 'Add user',
      operationType: 'Add',
      initiatedBy: { user: { id: 'x' } },
    });
  });
});

describe("Azure Monitor's form", () => {
  const envelope = (category: string, properties: unknown): object => ({
    time: '2026-11-21T08:00:00Z',
    resourceId: '/tenants/x',
    category,
    tenantId: contoso,
    callerIpAddress: '203.0.113.9',
    operationName: 'Add user',
    properties,
  });
  test.each([
    { category: 'SignInLogs', properties: signIn('one'), is: 'sign-ins-interactive one' },
    { category: 'NonInteractiveUserSignInLogs', properties: signIn('one'), is: 'sign-ins-non-interactive one' },
    { category: 'ServicePrincipalSignInLogs', properties: signIn('one'), is: 'sign-ins-service-principal one' },
    { category: 'ManagedIdentitySignInLogs', properties: signIn('one'), is: 'sign-ins-managed-identity one' },
    {
      category: 'AuditLogs',
      properties: { id: 'one', activityDateTime: 'x', activityDisplayName: 'Add user' },
      is: 'directory-audits one',
    },
    {
      category: 'ProvisioningLogs',
      properties: { id: 'one', activityDateTime: 'x' },
      is: 'refused: of category ProvisioningLogs, which no log type of this lake has',
    },
    {
      category: 'RiskyUsers',
      properties: { id: 'one', riskState: 'atRisk' },
      is: 'refused: of category RiskyUsers, which no log type of this lake has',
    },
  ])('of $category, from Event Hub and from a storage account', async ({ category, properties, is }) => {
    const records = [envelope(category, properties), envelope(category, { ...properties, id: 'one' })];
    for (const content of [text({ records }), lines(records)]) expect((await read(content)).outcomes).toEqual([is, is]);
  });

  test('fills in what the record leaves to its envelope, and names the tenant', async () => {
    const { texts, organizations } = await read(lines([envelope('SignInLogs', { id: 'one', status: { errorCode: 0 }, ipAddress: null })]));
    expect(JSON.parse(texts[0] ?? '')).toEqual({
      id: 'one',
      status: { errorCode: 0 },
      ipAddress: '203.0.113.9',
      createdDateTime: '2026-11-21T08:00:00Z',
    });
    expect(organizations).toEqual([contoso]);
  });

  test('without id and time holds no record', async () => {
    expect((await read(lines([envelope('AuditLogs', {}), { category: 'x', properties: { a: 1 } }]))).outcomes[1]).toBe(
      'bad: no record: it has neither an id nor a time',
    );
  });
});
