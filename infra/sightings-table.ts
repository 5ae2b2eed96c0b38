import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { sightingsTable } from '../shared/aws/sightings-table.ts';
import { acknowledge } from './acknowledge.ts';

/** What the table is encrypted with. */
export interface SightingsTableProps {
  readonly key: IKey;
}

/** What stateful rules remember. It is a cache of the lake, and goes with the stack. */
export class SightingsTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { key }: SightingsTableProps) {
    super(scope, id);
    const { partitionKey, sortKey, ttlAttribute } = sightingsTable;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      sortKey: { name: sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: ttlAttribute,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(this.table, Object.fromEntries(unrestored.map((rule) => [rule, cache])));
  }
}

const unrestored = [
  'AwsSolutions-DDB3',
  'NIST.800.53.R4-DynamoDBInBackupPlan',
  'NIST.800.53.R4-DynamoDBPITREnabled',
  'NIST.800.53.R5-DynamoDBInBackupPlan',
  'HIPAA.Security-DynamoDBInBackupPlan',
  'NIST.800.53.R5-DynamoDBPITREnabled',
  'HIPAA.Security-DynamoDBPITREnabled',
];
const cache =
  'It holds what landed records say, for as long as rules look back; without it rules remember anew, and the lake has all of it.';
