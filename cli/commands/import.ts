/** `lake import`: records from files, landed by the worker's own landing. */

import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { cloudById, clouds } from '../../shared/clouds.ts';
import { landedDatasets } from '../../shared/datasets/index.ts';
import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { isLogTypeId, logTypeById, logTypes } from '../../shared/log-types/index.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import { connectDuckDb, openLanding } from '../../shared/landing/landing.ts';
import { systemClock } from '../../local/clock.ts';
import type { FileFormat } from '../import/file-format.ts';
import { openImportedDetecting, type ImportedDetecting } from '../import/detect-imported.ts';
import { importFiles, type Imported, type ImportRequest } from '../import/import-files.ts';
import { parseGuid } from '../import/import-target.ts';
import { formatOfFile } from '../import/records-of-file.ts';
import type { ImportCounts } from '../import/tally.ts';
import { matchingCloud } from '../tenants/draft.ts';
import { openLakeFolder, type LakeFolder } from '../../local/lake-folder.ts';
import { openEvidence } from '../../local/evidence/local-evidence.ts';
import { NotingLake } from '../../local/evidence/noting-lake.ts';
import { bar } from '../terminal/bar.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';
import { printable } from '../../shared/printable.ts';
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
  readonly anyOrganization?: true;
  readonly cloud?: string;
  readonly rules: boolean;
  readonly json?: true;
}

const help = `
A file holds JSON lines, JSON in any nesting, or a CSV with an AuditData column: what Purview, Search-UnifiedAuditLog, Graph's audit query,
Microsoft-Extractor-Suite, Azure Monitor (Event Hub, storage account), Sentinel, Wazuh, Elastic and Splunk write. It may be compressed with
gzip; the format is detected from the content. docs/import.md describes each. Use this for months that Microsoft no longer serves.

Each record goes to its log type by its record type, workload or shape; --log-type sends all of them to one. Each record lands once:
importing it again, in whatever form, adds nothing, and neither does a record that was collected. A row that cannot be read is written to
quarantine/ with its file and line, and the rest of the file is imported. Stop a collector of the same lake first.

--tenant-id GUID    the Microsoft tenant. Default: the one this lake has under the name, else the first organization that a record names,
                    else a GUID made from the name. Records of other organizations are refused.
--any-organization  do not refuse records of other organizations: import them under their own tenant ids.
--cloud ID          Microsoft's cloud of the tenant: ${clouds.map(({ id }) => id).join(', ')}.
                    Default: enterprise, and global for Graph.

Rules are evaluated on what lands. What they find in events that are older than 48 hours is quiet: lake findings --all shows it.

The exit code is 1 if a record was refused or quarantined, and 2 if nothing was imported because of a wrong option or file.

Examples:
  lake import --tenant contoso AuditLog_2026-05.csv AuditLog_2026-06.csv.gz
  lake import --tenant contoso --tenant-id 11111111-2222-3333-4444-555555555555 insights-logs-signinlogs/*/PT1H.json
  lake import --tenant contoso --log-type sign-ins-managed-identity page-*.json

Log types: auto, ${logTypes.map(({ id }) => id).join(', ')}`;

/** Adds the command. */
export function importCommand(program: Command): void {
  program
    .command('import')
    .summary('import records from files')
    .description('Imports records from files into the lake, each once, as if they had been collected.')
    .argument('<files...>', 'files with records')
    .option('--log-type <id>', 'what the records are; auto routes each by what it is', 'auto')
    .requiredOption('--tenant <name>', 'whose records they are, by the name used in this lake')
    .option('--tenant-id <guid>', "the Microsoft tenant's GUID")
    .option('--any-organization', 'also import records of other organizations, under their own tenant ids')
    .option('--cloud <id>', "Microsoft's cloud")
    .addOption(lakeOption())
    .addOption(ocsfOption())
    .option('--no-rules', 'evaluate no rules on what lands')
    .option('--json', 'print one object')
    .addHelpText('after', help)
    .action(importCommandLine);
}

async function importCommandLine(files: readonly string[], options: ImportOptions): Promise<void> {
  const request = await requestOf(files, options);
  const folder = await asUsage(() => openLakeFolder(options.lake, { exclusive: true }));
  try {
    const rules = options.rules ? await openImportedDetecting(folder) : undefined;
    const imported = await importInto(folder, request, landedDatasets({ ocsf: options.ocsf ?? false }), rules).finally(() =>
      rules?.close(),
    );
    const found = rules && { findings: rules.findings() };
    await toStdout(
      options.json
        ? `${JSON.stringify({ ...asJson(request, imported), ...found }, undefined, 2)}\n`
        : `${page(request, imported)}${found ? foundText(found.findings) : ''}`,
    );
    const lost = problem(imported) ?? (rules && failedText(rules));
    if (lost !== undefined) throw new BadAnswer(lost);
  } finally {
    folder.close();
  }
}

/** Everything that can be wrong with the command line is found before the lake is touched. */
async function requestOf(files: readonly string[], options: ImportOptions): Promise<ImportRequest & { readonly bytes: number }> {
  const logType = parseLogType(options.logType);
  const cloudOf = parseCloud(options.cloud, logType);
  const tenantId = options.tenantId === undefined ? {} : { tenantId: parseGuid(options.tenantId) };
  const known = [];
  for (const file of files) known.push(await lookAt(file));
  return {
    logType,
    cloudOf,
    tenantName: parseTenantName(options.tenant),
    ...tenantId,
    anyOrganization: options.anyOrganization,
    files: known,
    bytes: known.reduce((total, { bytes }) => total + bytes, 0),
  };
}

/** Undefined for `auto`. */
function parseLogType(id: string): LogType | undefined {
  if (id === 'auto') return undefined;
  if (isLogTypeId(id)) return logTypeById(id);
  if (id === 'emails') throw new UsageError("log type 'emails' is not collected here; use a dedicated mail collector for mailbox contents");
  throw new UsageError(unknownWord('log type', id, ['auto', ...logTypes.map((logType) => logType.id)]));
}

/** A tenant has one cloud for each API: of the one that is named, the other's follows. */
function parseCloud(id: string | undefined, logType: LogType | undefined): ImportRequest['cloudOf'] {
  const known = logType ? logType.clouds : clouds.map((cloud) => cloud.id);
  if (id !== undefined && !known.some((cloud) => cloud === id))
    throw new UsageError(unknownWord(logType ? `cloud of ${logType.id}` : 'cloud', id, known));
  return ({ clouds: [usual, ...others], id: logTypeId }) => {
    if (usual === undefined) throw new Error(`log type '${logTypeId}' is in no cloud`);
    return [usual, ...others].find((cloud) => cloud === id) ?? matchingCloud(cloudById(usual).api, id);
  };
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
const duckDbMemoryMb = 128;

async function importInto(
  folder: LakeFolder,
  request: ImportRequest & { readonly bytes: number },
  normalized: readonly NormalizedDataset[],
  rules: ImportedDetecting | undefined,
): Promise<Imported> {
  const limits = { memoryMb: duckDbMemoryMb, spillFolder: folder.spillTemp };
  const landing = await openLanding(limits);
  const connection = await connectDuckDb(limits);
  // What it keeps of the objects of this import grows with them, up to its limit: with the landing's own that is more than 600 MiB.
  await connection.run('SET enable_external_file_cache = false');
  const evidence = openEvidence(folder);
  const progress = createProgress(systemClock);
  let read = 0;
  const onProgress = (more: number, so: ImportCounts): void => {
    read += more;
    progress.update(
      `${bar(read / request.bytes, 20)} ${inBytes(read)} of ${inBytes(request.bytes)}, ${count(so.read)} records, ${count(so.landed)} landed`,
    );
  };
  try {
    const noting = { evidence, clock: systemClock, because: 'lake import' };
    const lake = new NotingLake({ root: folder.path, temp: folder.objectsTemp }, noting);
    const workspace = await openWorkspace(folder.workTemp);
    const deps = {
      root: folder.path,
      lake,
      landing,
      connection,
      workspace,
      clock: systemClock,
      normalized,
      ...(rules && { detect: (key: string, dataset: string) => rules.detect(key, dataset) }),
    };
    return await importFiles({ ...request, onProgress }, deps);
  } finally {
    progress.done();
    evidence.close();
    connection.closeSync();
    landing.close();
  }
}

function asJson({ tenantName, logType }: ImportRequest, { tenant, ...imported }: Imported) {
  return { logType: logType?.id ?? 'auto', tenant: tenantName, tenantId: tenant?.tenantId ?? null, ...imported };
}

function page({ tenantName }: ImportRequest, { tenant, routes, ...imported }: Imported): string {
  const { read, landed, alreadyThere, refused, quarantined } = imported;
  const isOneTenant = routes.every(({ tenantId }) => tenantId === tenant?.tenantId);
  const names = ['log type', 'dataset', ...(isOneTenant ? [] : ['tenant']), 'landed', 'already there', 'objects'];
  const columns = names.map((name, index) => ({ name, align: index < names.length - 3 ? ('left' as const) : ('right' as const) }));
  const rows = routes.map((one) => [
    one.logType,
    one.dataset,
    ...(isOneTenant ? [] : [one.tenantId]),
    ...[one.landed, one.alreadyThere, one.objects.length].map(count),
  ]);
  const sum = `read ${count(read)} = landed ${count(landed)} + already there ${count(alreadyThere)} + refused ${count(refused)} + quarantined ${count(quarantined)}`;
  const lines = [
    ...(rows.length > 0 ? [table(columns, rows, terminalStyle())] : []),
    sum,
    ...(tenant ? [`tenant ${tenantName} is ${tenant.tenantId} (${tenant.because})`] : []),
    ...imported.guesses.map((guess) => `guessed ${times(guess.count)}: ${printable(guess.why)}`),
    ...imported.refusals.map((refusal) => `refused ${times(refusal.count)}: ${printable(refusal.why)}`),
    ...imported.quarantine.map((key) => `what could not be read is in ${key}, with file and line`),
  ];
  return `${lines.join('\n')}\n`;
}

const foundText = (findings: number): string => (findings === 0 ? '' : `rules found ${count(findings)}: lake findings --all shows them\n`);

const failedText = ({ failures }: ImportedDetecting): string | undefined =>
  failures.size === 0 ? undefined : `rules failed: ${[...failures].map(([title, reason]) => `'${title}' (${reason})`).join(', ')}`;

const times = (many: number): string => (many === 1 ? 'once' : `${count(many)} times`);

/** What a person has to look at; undefined when everything that was read is in the lake. */
function problem({ read, landed, alreadyThere, refused, refusedOfOthers, quarantined }: Imported): string | undefined {
  const cures = [
    ...(quarantined > 0 ? [`${count(quarantined)} could not be read: look into quarantine/ for why`] : []),
    ...(refusedOfOthers > 0
      ? [`${count(refusedOfOthers)} are of other organizations: --any-organization lands them, --tenant-id names the right one`]
      : []),
    ...(refused > refusedOfOthers
      ? [`${count(refused - refusedOfOthers)} are of a kind that this lake does not collect, and stay out`]
      : []),
  ];
  return cures.length === 0 ? undefined : `of ${count(read)} records ${count(landed + alreadyThere)} are in the lake; ${cures.join('; ')}`;
}
