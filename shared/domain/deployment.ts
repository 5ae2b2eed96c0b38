/** What a deployment in AWS says of itself, so that the command line on anyone's machine finds its parts. */

/** The parameter that holds a {@link Deployment} as JSON: names, never a secret. */
export const deploymentParameter = '/m365-audit-lake/deployment';

/** The parts of a deployment that commands need. */
export interface Deployment {
  readonly tableName: string;
  readonly bucketName: string;
  readonly contentQueueUrl: string;
  readonly windowQueueUrl: string;
  /** Each tenant is `<prefix>/<name>/config` and `<prefix>/<name>/credential`. */
  readonly tenantsPrefix: string;
  /** Encrypts bucket, table, queues and credentials. */
  readonly keyArn: string;
  /** Subject of federated credentials: every function that asks for a token takes this role on. */
  readonly federationRoleArn: string;
  /** Checks one tenant, see lambdas/check/handler.ts. */
  readonly checkFunction: string;
  readonly databaseName: string;
  readonly workgroupName: string;
  readonly isFedramp: boolean;
}
