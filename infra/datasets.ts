import { Aws } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { findingColumns, findingsDataset, findingsPrestoSelect, type FindingColumn } from '../shared/datasets/findings.ts';
import { ocsfFindingsPrestoSelect } from '../shared/datasets/ocsf/findings-as-events.ts';
import { glueColumn, type GlueColumn, type PrestoView } from '../shared/datasets/presto-view.ts';
import { activityView, findings, landingDate, ocsfFindings, views } from '../shared/datasets/views.ts';
import { againPrefix, shownColumns, type CompactedTable } from '../shared/domain/compacted-table.ts';
import { compactedViewSelect } from '../shared/domain/compacted-view.ts';
import { landingHourColumn } from '../shared/log-types/raw-dataset.ts';
import type { LakePlace } from './lake-place.ts';
import { viewInput } from './presto-view.ts';
import type { Settings } from './settings.ts';

/** Where the datasets lie, and how long they are kept. */
export interface DatasetsProps {
  readonly bucket: LakePlace;
  readonly retention: Settings['retention'];
  /** The name people query by. */
  readonly databaseName: string;
  /** One for each dataset. */
  readonly tables: readonly CompactedTable[];
  /** Rules are evaluated: there are findings. */
  readonly hasFindings: boolean;
}

/** The Glue database: a table for each dataset of the catalog and each normalized one, landed or not, and the views over them. */
export class Datasets extends Construct {
  readonly database: CfnDatabase;

  constructor(scope: Construct, id: string, props: DatasetsProps) {
    super(scope, id);
    this.database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: props.databaseName, description: 'Microsoft 365 and Entra audit events, by m365-audit-lake' },
    });
    const activity = views.filter(({ name }) => name === activityView);
    const tables = [
      ...props.tables.map((table) => this.table(tableInput(table, props), props)),
      ...props.tables.map((table) => this.table(viewInput(uncompactedView(table, props)), props)),
      ...(props.hasFindings ? [findingsInput(props), ...findingsViews(props).map(viewInput)] : []).map((table) => this.table(table, props)),
      ...activity.map((view) => this.table(viewInput({ ...view, database: props.databaseName, description: view.meaning }), props)),
    ];
    for (const table of tables) table.addResourceDependency(this.database);
  }

  private table(tableInput: NamedTable, { databaseName }: DatasetsProps): CfnTable {
    return new CfnTable(this, tableInput.name, { catalogId: Aws.ACCOUNT_ID, databaseName, tableInput });
  }
}

/** The tables over rows that a rebuild has made again, for whoever has room for them: they repeat the columns of every raw dataset. */
export function makeAgainTables(scope: Construct, props: AgainTablesProps): void {
  for (const tableInput of props.tables.flatMap((table) => againInput(table, props)))
    new CfnTable(scope, tableInput.name, { catalogId: Aws.ACCOUNT_ID, databaseName: props.databaseName, tableInput });
}

/** Where those rows lie. */
export type AgainTablesProps = Pick<DatasetsProps, 'bucket' | 'retention' | 'databaseName' | 'tables'>;
type ObjectsPlace = Pick<DatasetsProps, 'bucket' | 'retention'>;

const parquet = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
};

/** Glue asks for a name that its type leaves open. */
type NamedTable = CfnTable.TableInputProperty & { readonly name: string };

/** As it is until the dataset is compacted for the first time; from then on the station `compact` writes the view's text. */
function uncompactedView(table: CompactedTable, { databaseName }: Pick<DatasetsProps, 'databaseName'>): PrestoView {
  return {
    name: table.view,
    database: databaseName,
    description: table.meaning,
    columns: shownColumns(table),
    select: compactedViewSelect(table, undefined),
  };
}

/** The table over the landed objects. One that steps aside for its view has no comments: the view has them, and a template is a megabyte at most. */
function tableInput({ dataset, landed, landedMeaning, columns }: CompactedTable, props: DatasetsProps): NamedTable {
  const declared = columns.map(glueColumn);
  const own = landed === dataset ? declared : declared.map(({ name, type }) => ({ name, type }));
  return objectsTable(landed, `raw/${dataset}/`, landedMeaning, own, props);
}

/** The table over rows that a rebuild has made again, for as long as it is at work; of raw datasets alone. */
function againInput({ dataset, again, columns }: CompactedTable, props: ObjectsPlace): NamedTable[] {
  if (again === undefined) return [];
  return [
    objectsTable(
      again,
      againPrefix(dataset),
      `Internal: rows that a rebuild has made again; ask ${dataset}`,
      columns.map(glueColumn),
      props,
    ),
  ];
}

const findingsMeaning = 'What rules found: one row each time that an object showed it, and what people made of it';
const findingsColumns = Object.entries<FindingColumn>(findingColumns).map(([name, column]) => ({ name, ...column }));

/** The table of findings, which nobody compacts: they are few. */
const findingsInput = (props: DatasetsProps): NamedTable =>
  objectsTable(findingsDataset, `raw/${findingsDataset}/`, findingsMeaning, findingsColumns.map(glueColumn), props);

const findingsViews = ({ databaseName }: DatasetsProps): PrestoView[] => [
  {
    name: findings.name,
    database: databaseName,
    description: findings.meaning,
    columns: findingsColumns,
    select: findingsPrestoSelect(),
  },
  {
    name: ocsfFindings.name,
    database: databaseName,
    description: ocsfFindings.meaning,
    columns: ocsfFindings.columns,
    select: ocsfFindingsPrestoSelect(),
  },
];

function objectsTable(
  name: string,
  prefix: string,
  description: string,
  columns: readonly (Omit<GlueColumn, 'comment'> & Partial<GlueColumn>)[],
  { bucket, retention }: ObjectsPlace,
): NamedTable {
  const location = `s3://${bucket.bucketName}/${prefix}`;
  return {
    name,
    description,
    tableType: 'EXTERNAL_TABLE',
    parameters: { EXTERNAL: 'TRUE', classification: 'parquet', ...projection(location, retention) },
    partitionKeys: [glueColumn(landingDate), { name: landingHourColumn.name, type: 'int', comment: landingHourColumn.meaning }],
    storageDescriptor: { ...parquet, location, columns: [...columns] },
  };
}

/**
 * Athena works the partitions out by itself: a new hour has to be added nowhere.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 */
function projection(location: string, { rawDays }: Settings['retention']): Record<string, string> {
  const [column, hour] = [`projection.${landingDate.name}`, `projection.${landingHourColumn.name}`];
  return {
    'projection.enabled': 'true',
    [`${column}.type`]: 'date',
    [`${column}.format`]: 'yyyy-MM-dd',
    // Where old days are deleted, there is no use in looking at them.
    [`${column}.range`]: `${rawDays === undefined ? '2025-01-01' : `NOW-${String(rawDays + 1)}DAYS`},NOW`,
    [`${column}.interval`]: '1',
    [`${column}.interval.unit`]: 'DAYS',
    [`${hour}.type`]: 'integer',
    [`${hour}.range`]: '0,23',
    [`${hour}.digits`]: '2',
    'storage.location.template': `${location}${landingDate.name}=\${${landingDate.name}}/${landingHourColumn.name}=\${${landingHourColumn.name}}/`,
  };
}
