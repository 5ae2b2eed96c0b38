/** `lake import`: records from files, landed by the worker's own landing. */

import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { cloudById, type CloudId } from '../../shared/clouds.ts';
import { landedDatasets } from '../../shared/datasets/index.ts';
import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { isLogTypeId, logTypeById, logTypes } from '../../shared/log-types/index.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import { connectDuckDb, openLanding } from '../../shared/landing/landing.ts';
import { systemClock } from '../../local/clock.ts';
import type { FileFormat } from '../import/file-format.ts';
import { importFiles, type ImportCounts, type Imported, type ImportRequest } from '../import/import-files.ts';
import { parseGuid } from '../import/import-target.ts';
import { formatOfFile } from '../import/records-of-file.ts';
import { openLakeFolder, type LakeFolder } from '../../local/lake-folder.ts';
import { LocalLake } from '../../local/lake.ts';
import { bar } from '../terminal/bar.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';
import { createProgress } from '../terminal/progress.ts';
import { bytes as inBytes, count } from '../terminal/quantity.ts';
import { table } from '../terminal/table.ts';
import { openWorkspace } from '../../local/workspace.ts';
import { asUsage, BadAnswer, UsageError } from '../../local/exit.ts';
import { lakeOption, ocsfOption, type LakeChoice, type OcsfChoice } from './options.ts';
import { toStdout } from './output.ts';

interface ImportOptions extends LakeChoice, OcsfChoice {
  readonly logType: string;
  readonly tenant: string;
  readonly tenantId?: string;
  readonly cloud?: string;
  readonly json?: true;
}

const help = `
A file holds JSON lines, a JSON array, Graph pages ({"value": [...]}), or a Purview audit export (CSV with an AuditData column); plain or
gzip, told by its content. Each record key lands once: importing a file again, or the same records in another file, adds nothing, and
neither does a record that was collected. What is no record of the log type is counted and kept in quarantine/ with its file and line.
This is how months older than Microsoft serves get in. It needs the lake for itself: stop a collector first.

--tenant-id GUID   the Microsoft tenant. Without it: the one that the lake has under this name, else what the first record says, else a
                   GUID made from the name.
--cloud ID         ${logTypeClouds()}

Examples:
  lake import --log-type audit-exchange --tenant contoso AuditLog_2026-05.csv AuditLog_2026-06.csv.gz
  lake import --log-type sign-ins-interactive --tenant contoso --tenant-id 11111111-2222-3333-4444-555555555555 page-*.json

Log types: ${logTypes.map(({ id }) => id).join(', ')}`;

function logTypeClouds(): string {
  return "whose records these are: enterprise (the default), gcc, gcc-high, dod; of Graph's log types global (the default), us-gov-l4, us-gov-l5";
}

/** Adds the command. */
export function importCommand(program: Command): void {
  program
    .command('import')
    .summary('land records from files')
    .description('Lands records of one log type from files, exactly once, by the same code that lands what is collected.')
    .argument('<files...>', 'files with records of the log type')
    .requiredOption('--log-type <id>', 'what the records are')
    .requiredOption('--tenant <name>', 'whose records they are, by the name used in this lake')
    .option('--tenant-id <guid>', "the Microsoft tenant's GUID")
    .option('--cloud <id>', "Microsoft's cloud")
    .addOption(lakeOption())
    .addOption(ocsfOption())
    .option('--json', 'print one object')
    .addHelpText('after', help)
    .action(importCommandLine);
}

async function importCommandLine(files: readonly string[], options: ImportOptions): Promise<void> {
  const request = await requestOf(files, options);
  const folder = await asUsage(() => openLakeFolder(options.lake, { exclusive: true }));
  try {
    const imported = await importInto(folder, request, landedDatasets({ ocsf: options.ocsf ?? false }));
    await toStdout(options.json ? `${JSON.stringify(asJson(request, imported), undefined, 2)}\n` : page(request, imported));
    if (imported.read > 0 && imported.quarantined === imported.read)
      throw new BadAnswer('nothing of it could be read: look into quarantine/ for why');
  } finally {
    folder.close();
  }
}

/** Everything that can be wrong with the command line is found before the lake is touched. */
async function requestOf(files: readonly string[], options: ImportOptions): Promise<ImportRequest & { readonly bytes: number }> {
  const logType = parseLogType(options.logType);
  const cloud = parseCloud(options.cloud, logType);
  const tenantId = options.tenantId === undefined ? {} : { tenantId: parseGuid(options.tenantId) };
  const known = [];
  for (const file of files) known.push(await lookAt(file));
  return {
    logType,
    cloud,
    tenantName: parseTenantName(options.tenant),
    ...tenantId,
    files: known,
    bytes: known.reduce((total, { bytes }) => total + bytes, 0),
  };
}

function parseLogType(id: string): LogType {
  if (isLogTypeId(id)) return logTypeById(id);
  if (id === 'emails') throw new UsageError("log type 'emails' is not collected here; use a dedicated mail collector for mailbox contents");
  throw new UsageError(
    unknownWord(
      'log type',
      id,
      logTypes.map((logType) => logType.id),
    ),
  );
}

function parseCloud(id: string | undefined, logType: LogType): CloudId {
  const [usual] = logType.clouds;
  if (usual === undefined) throw new Error(`log type '${logType.id}' is in no cloud`);
  const found = logType.clouds.find((cloud) => cloud === (id ?? usual));
  if (found === undefined) throw new UsageError(unknownWord(`cloud of ${logType.id}`, id ?? '', logType.clouds));
  return cloudById(found).id as CloudId;
}

function parseTenantName(name: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,62}$/i.test(name)) return name;
  throw new UsageError(`--tenant '${name}' is no tenant's name; use at most 63 letters, digits, '-' and '_', the first a letter or digit`);
}

async function lookAt(file: string): Promise<{ file: string; format: FileFormat; bytes: number }> {
  const found = await stat(file).catch((error: unknown) => {
    throw new UsageError(`'${file}' cannot be read (${String((error as NodeJS.ErrnoException).code)}): name a file with records`);
  });
  if (!found.isFile()) throw new UsageError(`'${file}' is no file: name the files in it`);
  const format = await asUsage(() => formatOfFile(file));
  if (format.kind === 'unknown') throw new UsageError(`'${file}' cannot be imported: ${format.why}`);
  return { file, format, bytes: found.size };
}

/** What each embedded DuckDB may hold before it spills: the one that lands, and the one that looks up keys. */
const duckDbMemoryMb = 256;

async function importInto(
  folder: LakeFolder,
  request: ImportRequest & { readonly bytes: number },
  normalized: readonly NormalizedDataset[],
): Promise<Imported> {
  const limits = { memoryMb: duckDbMemoryMb, spillFolder: folder.spillTemp };
  const landing = await openLanding(limits);
  const connection = await connectDuckDb(limits);
  const progress = createProgress(systemClock);
  let read = 0;
  const onProgress = (more: number, so: ImportCounts): void => {
    read += more;
    progress.update(
      `${bar(read / request.bytes, 20)} ${inBytes(read)} of ${inBytes(request.bytes)}, ${count(so.read)} records, ${count(so.landed)} landed`,
    );
  };
  try {
    const lake = new LocalLake({ root: folder.path, temp: folder.objectsTemp });
    const workspace = await openWorkspace(folder.workTemp);
    const deps = {
      root: folder.path,
      lake,
      landing,
      connection,
      workspace,
      clock: systemClock,
      normalized,
    };
    return await importFiles({ ...request, onProgress }, deps);
  } finally {
    progress.done();
    connection.closeSync();
    landing.close();
  }
}

function asJson({ logType, cloud, tenantName }: ImportRequest, { tenant, ...imported }: Imported): unknown {
  return { logType: logType.id, dataset: logType.dataset, cloud, tenant: tenantName, tenantId: tenant.tenantId, ...imported };
}

function page({ logType, tenantName }: ImportRequest, { tenant, ...imported }: Imported): string {
  const numbers = [imported.read, imported.landed, imported.alreadyThere, imported.quarantined, imported.objects.length];
  const columns = ['dataset', 'read', 'landed', 'already there', 'quarantined', 'objects'].map((name, index) => ({
    name,
    align: index === 0 ? ('left' as const) : ('right' as const),
  }));
  const lines = [
    table(columns, [[logType.dataset, ...numbers.map(count)]], terminalStyle()),
    `tenant ${tenantName} is ${tenant.tenantId} (${tenant.because})`,
    ...imported.quarantine.map((key) => `what could not be read is in ${key}, with file and line`),
  ];
  return `${lines.join('\n')}\n`;
}
