import { logTypes } from '../../shared/log-types/index.ts';
import type { Edit } from './edit.ts';
import { asId, asWord, constantOf, notTaken, sentence } from './names.ts';

/** What the template of a log type needs to know. */
export interface LogTypeChoice {
  readonly id: string | undefined;
  /** Of a Graph collection, without the version. */
  readonly path: string;
  /** The field that windows are filtered on. */
  readonly timeField: string;
  readonly permission: string;
}

const apis = { auditLogs: 'reporting', identityProtection: 'identity-protection', security: 'security' } as const;

/**
 * A log type that reads a Graph collection: its files in the catalog and in the simulator, their lines in the two indexes, and its entries
 * in the tables of OCSF.
 *
 * @throws When the id or the path is none, or the id is taken or reserved.
 */
export function newLogType(choice: LogTypeChoice): readonly Edit[] {
  const id = notTaken(
    'log type',
    asId(choice.id),
    logTypes.map((logType) => logType.id),
    `shared/log-types/${choice.id ?? ''}.ts`,
  );
  const name = constantOf(id);
  for (const word of [choice.timeField, choice.permission]) asWord(word);
  const api = new Map<string, string>(Object.entries(apis)).get(choice.path.split('/')[0] ?? '');
  if (api === undefined || !/^\w+\/\w+$/.test(choice.path))
    throw new Error(
      `--path '${choice.path}' is no collection whose limits are known; it should begin with ${Object.keys(apis).join('/, ')}/`,
    );
  const index = (folder: string, last: RegExp): Edit[] => [
    {
      kind: 'insert',
      file: `${folder}/index.ts`,
      after: /^(import \{ alerts \} from '.\/alerts.ts';\n)/m,
      insert: `import { ${name} } from './${id}.ts';\n`,
    },
    { kind: 'insert', file: `${folder}/index.ts`, after: last, insert: `  ${name},\n` },
  ];
  return [
    { kind: 'create', file: `shared/log-types/${id}.ts`, text: catalogFile(id, name, api, choice) },
    ...index('shared/log-types', /^(const catalog = \[\n(?: {2}\w+,\n)+)/m),
    { kind: 'create', file: `simulator/log-types/${id}.ts`, text: simulatorFile(id, name, api, choice) },
    ...index('simulator/log-types', /^(export const simulatedLogTypes[^[]*\[\] = \[\n(?: {2}\w+,\n)+)/m),
    {
      kind: 'insert',
      file: 'shared/datasets/ocsf/base-event.ts',
      after: /^(const products: .* = \{\n)/m,
      insert: `  '${id}': 'Microsoft 365',\n`,
    },
    // No class until somebody chooses one.
    { kind: 'insert', file: 'shared/datasets/ocsf/class-choice.ts', after: /^(const choices: .* = \{\n)/m, insert: `  '${id}': 'NULL',\n` },
  ];
}

function catalogFile(id: string, name: string, throttle: string, { path, timeField, permission }: LogTypeChoice): string {
  return `import { addressIn, constant, known, text, time } from '../domain/columns.ts';
import { days, hours, minutes } from '../domain/window.ts';
import { columnsOf } from './common.ts';
import { graphClouds } from './graph-clouds.ts';
import { logType } from './log-type.ts';

/** ${sentence(id)}: say here what a record is, and whether it changes. */
export const ${name} = logType({
  id: '${id}',
  title: '${sentence(id)}',
  reference: 'https://learn.microsoft.com/graph/api/overview',
  source: {
    kind: 'windows',
    path: '/v1.0/${path}',
    timeField: '${timeField}',
    timeColumn: 'event_time',
    throttle: '${throttle}',
    laterPassesMs: [hours(1), hours(24)],
  },
  permissions: [{ name: '${permission}' }],
  latencyMs: minutes(10),
  retentionMs: days(30),
  clouds: graphClouds,
  isOfferedInFedramp: true,
  dataset: 'msft_${id.replaceAll('-', '_')}_raw',
  vendor: 'msft',
  product: '${sentence(id)}',
  recognize: {
    id: ['id'],
    times: ['${timeField}'],
    organization: 'tenantId',
    // Fields that no other log type has together; so that 'lake import' knows its records.
    shapes: [{ ${timeField}: 'anything', ${name}Type: 'anything' }],
  },
  identity: 'every typed column',
  columns: columnsOf(
    {
      event_time: time('${timeField}', 'When it happened', '2026-11-20 09:14:03.118+00'),
      record_id: text('id', 'Id of the record', '0a6f3c52-2f4e-4b7d-9a51-08de2a1b7c11'),
      operation: text('${name}Type', 'What happened', 'created'),
      actor_id: text(known('userId'), 'Object id of the user', '9c1d7a2e-0b4f-4f6d-8e3a-5b7c9d1e2f30'),
      actor_upn: text('userPrincipalName', 'User principal name of the user', 'megan@contoso.example'),
      source_ip: text(addressIn('ipAddress'), 'Address of the client', '203.0.113.24'),
      outcome: text(constant('unknown'), 'Always unknown', 'unknown'),
    },
    {
      correlation_id: text(known('correlationId'), 'Correlation id of the request', '3c5a9d10-77aa-4f0e-9b61-cb8c2b1d5e42'),
    },
  ),
});
`;
}

function simulatorFile(id: string, name: string, api: string, { path, timeField, permission }: LogTypeChoice): string {
  return `/** \`${path}\` */

import { days } from '../../shared/domain/window.ts';
import { addressOf, sevenDigits, type JsonRecord, type Moment } from '../seed-data/maker.ts';
import { correctedLater } from '../seed-data/seeded-versions.ts';
import type { GraphLogType } from './log-type.ts';

/** ${sentence(id)}. */
export const ${name}: GraphLogType = {
  kind: 'graph',
  id: '${id}',
  collection: {
    path: '${path}',
    route: '${id}',
    api: '${api}',
    permissions: ['${permission}'],
    timeField: '${timeField}',
    filterable: ['id', 'userId', 'userPrincipalName'],
    strictComparisons: '${api === 'reporting' ? 'ignored' : 'honoured'}',
    oldestMs: days(90),
  },
  seedData: { perDay: 40, versions: correctedLater(record, correct) },
};

/** A record as Microsoft sends it; every random number comes from \`chance\`, so that the same seed gives the same bytes. */
function record(moment: Moment): JsonRecord {
  const { chance, company, at } = moment;
  const person = chance.pick(company.people);
  return {
    id: chance.guid(),
    ${timeField}: sevenDigits(at, '1180'),
    ${name}Type: chance.pick(['created', 'changed']),
    correlationId: chance.guid(),
    userId: person.objectId,
    userPrincipalName: person.userPrincipalName,
    ipAddress: addressOf(moment, person),
  };
}

/** What Microsoft knows only later. */
function correct(known: JsonRecord): JsonRecord {
  return { ...known, ${name}Type: 'changed' };
}
`;
}
