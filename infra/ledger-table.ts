import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption, type ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ledgerTable } from '../shared/aws/ledger-table.ts';
import { acknowledge } from './acknowledge.ts';

/** What the table is encrypted with. */
export interface LedgerTableProps {
  readonly key: IKey;
  /** Of a stack that was destroyed, or restored; it stays as it is. */
  readonly tableName?: string | undefined;
}

/** What others need to know of the table, whoever made it. */
type LedgerPlace = Pick<ITable, 'tableArn' | 'tableName'>;

/** The ledger: cursors, claims, jobs, losses and gaps in one table. */
export class LedgerTable extends Construct {
  readonly table: LedgerPlace;
  /** Of the index that the sweep reads. */
  readonly dueIndexArn: string;

  constructor(scope: Construct, id: string, props: LedgerTableProps) {
    super(scope, id);
    this.table = props.tableName === undefined ? this.create(props) : Table.fromTableName(this, 'Existing', props.tableName);
    this.dueIndexArn = `${this.table.tableArn}/index/${ledgerTable.dueIndex.name}`;
  }

  private create({ key }: LedgerTableProps): Table {
    const { partitionKey, sortKey, ttlAttribute, dueIndex } = ledgerTable;
    // Not TableV2: with a key of ours it cannot be synthesized before account and region are known, so not offline.
    const table = new Table(this, 'Table', {
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      sortKey: { name: sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: ttlAttribute,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // The claims are load-bearing: without them everything Microsoft still serves would land a second time.
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    table.addGlobalSecondaryIndex({
      indexName: dueIndex.name,
      partitionKey: { name: dueIndex.partitionKey, type: AttributeType.STRING },
      sortKey: { name: dueIndex.sortKey, type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    acknowledge(table, {
      'NIST.800.53.R4-DynamoDBInBackupPlan': restorable,
      'NIST.800.53.R5-DynamoDBInBackupPlan': restorable,
      'HIPAA.Security-DynamoDBInBackupPlan': restorable,
    });
    return table;
  }
}

const restorable =
  'Point-in-time recovery restores it to any second of the last 35 days, which is as long as claims and jobs are remembered; older backups would hold nothing that is still used. Claims can also be rebuilt from the objects in the lake.';
