/** What AWS charges: list prices of us-east-1, without any free tier or discount. */

/** What one unit costs, in USD. */
export interface Price {
  readonly service: string;
  readonly unit: string;
  readonly usd: number;
}

/** When the prices below were compared with the pages they name. */
export const pricesOf = '2026-11-22';

/**
 * @see https://aws.amazon.com/lambda/pricing/ https://aws.amazon.com/dynamodb/pricing/on-demand/ https://aws.amazon.com/sqs/pricing/
 * @see https://aws.amazon.com/s3/pricing/ https://aws.amazon.com/kms/pricing/ https://aws.amazon.com/eventbridge/pricing/
 * @see https://aws.amazon.com/cloudwatch/pricing/ https://aws.amazon.com/systems-manager/pricing/
 * @see https://aws.amazon.com/athena/pricing/ https://aws.amazon.com/glue/pricing/ https://aws.amazon.com/cloudtrail/pricing/
 */
export const prices = {
  lambdaGbSecond: { service: 'Lambda', unit: 'GB-s on arm64', usd: 0.0000133334 },
  lambdaRequest: { service: 'Lambda', unit: 'request', usd: 0.2e-6 },
  dynamodbWrite: { service: 'DynamoDB', unit: 'write request unit', usd: 0.625e-6 },
  dynamodbRead: { service: 'DynamoDB', unit: 'read request unit', usd: 0.125e-6 },
  sqsStandard: { service: 'SQS', unit: 'request to a standard queue', usd: 0.4e-6 },
  /** Beside the request itself, where a message of a standard queue names a group. */
  sqsFair: { service: 'SQS', unit: 'request with a fair-queue group', usd: 0.1e-6 },
  sqsFifo: { service: 'SQS', unit: 'request to a FIFO queue', usd: 0.5e-6 },
  s3Put: { service: 'S3', unit: 'PUT', usd: 5e-6 },
  s3List: { service: 'S3', unit: 'LIST', usd: 5e-6 },
  s3Get: { service: 'S3', unit: 'GET or HEAD', usd: 0.4e-6 },
  athenaGb: { service: 'Athena', unit: 'GB read', usd: 5e-3 },
  glueRequest: { service: 'Glue', unit: 'request to the catalog', usd: 1e-6 },
  trailEvent: { service: 'CloudTrail', unit: 'data event', usd: 1e-6 },
  kmsRequest: { service: 'KMS', unit: 'request', usd: 3e-6 },
  kmsKey: { service: 'KMS', unit: 'key and month', usd: 1 },
  schedulerRun: { service: 'EventBridge Scheduler', unit: 'invocation', usd: 1e-6 },
  ssmRequest: { service: 'SSM', unit: 'request for standard parameters', usd: 0 },
  logsGb: { service: 'CloudWatch', unit: 'GB of logs', usd: 0.5 },
  metric: { service: 'CloudWatch', unit: 'metric and month', usd: 0.3 },
  alarm: { service: 'CloudWatch', unit: 'alarm and month', usd: 0.1 },
  dashboard: { service: 'CloudWatch', unit: 'dashboard and month', usd: 3 },
} as const satisfies Readonly<Record<string, Price>>;

/** A key of {@link prices}. */
export type Unit = keyof typeof prices;
