import { clouds } from '../../shared/clouds.ts';
import { knownDatasets } from '../../shared/datasets/index.ts';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { logTypeById, rawDatasets } from '../../shared/log-types/index.ts';
import { rawDataset } from '../../shared/log-types/raw-dataset.ts';
import type { Edit } from './edit.ts';
import { asId, asSqlName, asWord, camelCase, constantOf, notTaken, sentence } from './names.ts';

/** What a row of the cloud table needs to know. */
export interface CloudChoice {
  readonly id: string | undefined;
  readonly api: string;
  readonly host: string;
  /** The host of its Entra that issues tokens. */
  readonly authority: string;
}

/** The Entras of the cloud table, by the host that issues their tokens. */
const entras: Readonly<Record<string, string>> = {
  'login.microsoftonline.com': '...worldwide,',
  'login.microsoftonline.us': '...usGovernment,',
};

/**
 * A cloud: a row of the table. It offers no log type of Graph until somebody writes which (shared/log-types/graph-clouds.ts): asking a cloud
 * for what it does not have is a tenant that never catches up.
 *
 * @throws When the id, the API or a host is none, or another cloud has the id or the host.
 */
export function newCloud(choice: CloudChoice): readonly Edit[] {
  const file = 'shared/clouds.ts';
  const id = notTaken('cloud', asId(choice.id), idsOfClouds, file);
  if (!apis.includes(choice.api)) throw new Error(`--api: ${unknownWord('API', choice.api, apis)}`);
  const host = notTaken('host', asHost('--host', choice.host), hostsOfClouds, file);
  const authority = asHost('--authority', choice.authority);
  const row = `  {
    id: '${id}',
    title: '${sentence(id)}',
    api: '${choice.api}',
    host: '${host}',
    pairedWith: [],
    ${entras[authority] ?? `...worldwide,\n    authority: '${authority}',`}
  },
`;
  return [{ kind: 'insert', file, after: /(\nexport const clouds = \[\n[\s\S]*?\n)(?=\] as const satisfies)/, insert: row }];
}

const apis: readonly string[] = ['graph', 'management-activity'];
const idsOfClouds = clouds.map((cloud) => cloud.id);
const hostsOfClouds = clouds.flatMap((cloud) => [cloud.host, cloud.authority]);

function asHost(flag: string, host: string): string {
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)) return host;
  throw new Error(`${flag} '${host}' is no host name; write it without https:// and in lower case`);
}

/**
 * A query of the library with the records that its test plants: its answer, and what looks like it.
 *
 * @throws When the name is none.
 */
export function newQuery(choice: { readonly name: string | undefined }): readonly Edit[] {
  const name = asId(choice.name);
  const constant = `${camelCase(name)}Plants`;
  return [
    { kind: 'create', file: `queries/${name}.sql`, text: querySql(name) },
    { kind: 'create', file: `test/queries/plants/${name}.ts`, text: plantFile(name, constant) },
    {
      kind: 'insert',
      file: 'test/queries/plants/index.ts',
      after: /(import \{ directoryPlants \} from '.\/directory.ts';\n)/,
      insert: `import { ${constant} } from './${name}.ts';\n`,
    },
    { kind: 'insert', file: 'test/queries/plants/index.ts', after: /(const byQuery: Plants = \{\n)/, insert: `  ...${constant},\n` },
  ];
}

function querySql(name: string): string {
  return `-- title: ${sentence(name)}
-- question: Which cmdlets named ${sentence(name)} ran, and who ran them?
-- topic: investigation
-- parameter: operation = 'New-InboxRule': name of the cmdlet
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = The cmdlet
-- column: actor_upn = Who ran it
-- column: outcome = success or failure
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, outcome
FROM msft_o365_exchange_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation = {{operation}}
ORDER BY event_time DESC, actor_upn
`;
}

function plantFile(name: string, constant: string): string {
  return `import { at, cmdlet, upn } from '../records.ts';
import type { Plants } from './plant.ts';

/** What @${name} finds, and what it must not find. */
export const ${constant}: Plants = {
  '${name}': {
    records: {
      'audit-exchange': [cmdlet(at('18 08:00'), 'eve', 'New-InboxRule'), cmdlet(at('18 08:01'), 'eve', 'Get-InboxRule')],
    },
    rows: [[at('18 08:00'), 'New-InboxRule', upn('eve'), 'success']],
  },
};
`;
}

/** What the template of a column needs to know. */
export interface ColumnChoice {
  readonly logType: string | undefined;
  readonly name: string | undefined;
  /** Dotted JSON names from the record's root. */
  readonly from: string;
}

/**
 * A text column of a log type, after its other columns.
 *
 * @throws When a name is none, the log type is unknown, the column is there, or the log type shares its columns with others (then they are in one file for all).
 */
export function newColumn({ logType, name, from }: ColumnChoice): readonly Edit[] {
  const { id, dataset } = logTypeById(asId(logType));
  const columns = rawDataset(dataset).columns.map((one) => one.name);
  const column = notTaken(`column of ${dataset}`, asSqlName(name), columns, 'its line');
  const insert = `      ${column}: text('${asWord(from)}', '${sentence(column)}, as sent', 'made up'),\n`;
  return [{ kind: 'insert', file: `shared/log-types/${id}.ts`, after: /(\n)(?= {4}\},\n {2}\),\n\}\);\n)/, insert }];
}

/**
 * A normalized dataset of one log type's rows.
 *
 * @throws When the name is none, taken or reserved, or the log type is unknown.
 */
export function newDataset(choice: { readonly name: string | undefined; readonly logType: string }): readonly Edit[] {
  const known = [...rawDatasets, ...knownDatasets.map((dataset) => dataset.name)];
  const name = notTaken('dataset', asSqlName(choice.name), known, 'its declaration');
  const logType = logTypeById(asId(choice.logType)).id;
  const constant = constantOf(name);
  const file = name.replaceAll('_', '-');
  return [
    { kind: 'create', file: `shared/datasets/${file}.ts`, text: datasetFile(name, constant, logType) },
    { kind: 'insert', file: 'shared/datasets/index.ts', after: /^()(?=import )/, insert: `import { ${constant} } from './${file}.ts';\n` },
    {
      kind: 'insert',
      file: 'shared/datasets/index.ts',
      after: /(export const normalizedDatasets = \[[^\]]*)(?=\])/,
      insert: `, ${constant}`,
    },
  ];
}

function datasetFile(name: string, constant: string, logType: string): string {
  return `import { rowColumns, text } from './common-columns.ts';
import { normalizedDataset } from './normalized-dataset.ts';

/** ${sentence(name)}: say here which rows it has. */
export const ${constant} = normalizedDataset({
  name: '${name}',
  vendor: 'msft',
  product: '${sentence(name)}',
  meaning: 'rows of ${logType}, as often as they were served',
  logTypes: ['${logType}'],
  columns: {
    ...rowColumns('msft', '${sentence(name)}', '${logType}'),
    actor: text('coalesce(actor_upn, actor_id)', 'Who did it: user principal name, else an id', 'megan@contoso.example'),
    operation_lower: text('lower(operation)', 'What was done, in lower case', 'add user'),
    outcome: text('outcome', 'success, failure or unknown', 'success'),
  },
});
`;
}
