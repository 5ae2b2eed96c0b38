import { Aws } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { knownDatasets } from '../shared/datasets/index.ts';
import type { NormalizedDataset } from '../shared/datasets/normalized-dataset.ts';
import { landingDate, views, type ViewColumn } from '../shared/datasets/views.ts';
import { rawDatasets } from '../shared/log-types/index.ts';
import { landingHourColumn, rawDataset } from '../shared/log-types/raw-dataset.ts';
import type { LakePlace } from './lake-bucket.ts';
import { glueColumn, viewInput } from './presto-view.ts';
import type { Settings } from './settings.ts';

/** Where the datasets lie, and how long they are kept. */
export interface DatasetsProps {
  readonly bucket: LakePlace;
  readonly retention: Settings['retention'];
  /** The name people query by. */
  readonly databaseName: string;
}

/** The Glue database: a table for each dataset of the catalog and each normalized one, landed or not, and the views over them. */
export class Datasets extends Construct {
  readonly tables: readonly CfnTable[];

  constructor(scope: Construct, id: string, props: DatasetsProps) {
    super(scope, id);
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: props.databaseName, description: 'Microsoft 365 and Entra audit events, by m365-audit-lake' },
    });
    const datasets = [...rawDatasets.map(rawTable), ...knownDatasets.map(normalizedTable)];
    this.tables = [
      ...datasets.map((dataset) => this.table(tableInput(dataset, props), props)),
      ...views.map((view) => this.table(viewInput({ ...view, database: props.databaseName, description: view.meaning }), props)),
    ];
    for (const table of this.tables) table.addResourceDependency(database);
  }

  private table(tableInput: NamedTable, { databaseName }: DatasetsProps): CfnTable {
    return new CfnTable(this, tableInput.name, { catalogId: Aws.ACCOUNT_ID, databaseName, tableInput });
  }
}

const parquet = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
};

/** Glue asks for a name that its type leaves open. */
type NamedTable = CfnTable.TableInputProperty & { readonly name: string };

interface Table {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly ViewColumn[];
}

function rawTable(name: string): Table {
  const { logTypes, columns } = rawDataset(name);
  return { name, description: logTypes.map(({ title }) => title).join('; '), columns };
}

function normalizedTable({ name, meaning, columns }: NormalizedDataset): Table {
  return { name, description: meaning, columns: Object.entries(columns).map(([column, definition]) => ({ name: column, ...definition })) };
}

function tableInput(dataset: Table, { bucket, retention }: DatasetsProps): NamedTable {
  const location = `s3://${bucket.bucketName}/raw/${dataset.name}/`;
  return {
    name: dataset.name,
    description: dataset.description,
    tableType: 'EXTERNAL_TABLE',
    parameters: { EXTERNAL: 'TRUE', classification: 'parquet', ...projection(location, retention) },
    partitionKeys: [glueColumn(landingDate), { name: landingHourColumn.name, type: 'int', comment: landingHourColumn.meaning }],
    storageDescriptor: { ...parquet, location, columns: dataset.columns.map(glueColumn) },
  };
}

/**
 * Athena works the partitions out by itself: nothing has to be told of a new hour.
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
