/** What a deployment in AWS says of itself, so that the command line on anyone's machine finds its parts. */

import type { CloudId } from '../clouds.ts';
import type { ObjectLock } from './object-lock.ts';

/** What AWS knows by its name alone, so that two deployments in one account would meet. */
export interface DeploymentNames {
  /** Begins every other name; also the path of the roles of its functions. @example 'm365-audit-lake-research' */
  readonly base: string;
  /** The parameter that holds a {@link Deployment} as JSON: names, never a secret. */
  readonly parameter: string;
  /** Configurations of tenants are `<prefix>/<home>/<name>/config`, see `homeOf` in shared/tenant-config.ts. */
  readonly tenantsPrefix: string;
  /** Credentials of tenants are `<prefix>/<home>/<name>`: apart, so that who reads configurations need not be let near them. */
  readonly credentialsPrefix: string;
  /** Webhooks that are notified of findings are `<prefix>/<name>`. */
  readonly webhooksPrefix: string;
  readonly database: string;
  readonly workgroup: string;
  readonly stack: string;
}

/** What a deployment may be called: its names have to fit into the 64 characters of a role's name. */
export const deploymentPattern = /^[a-z][a-z0-9-]{0,19}$/;

/** @param deployment Of several in an account and region, which one; the usual one has no name. */
export function deploymentNames(deployment?: string): DeploymentNames {
  const suffix = deployment === undefined ? '' : `-${deployment}`;
  const base = `m365-audit-lake${suffix}`;
  return {
    base,
    parameter: `/${base}/deployment`,
    tenantsPrefix: `/${base}/tenants`,
    credentialsPrefix: `/${base}/credentials`,
    webhooksPrefix: `/${base}/webhooks`,
    database: base.replaceAll('-', '_'),
    workgroup: base,
    // In front: AWS begins the names of a stack's alarms with the stack's, and no deployment's may begin like another's.
    stack: deployment === undefined ? 'M365AuditLake' : `${deployment}-M365AuditLake`,
  };
}

/** The queue of fetch jobs of each cloud that a deployment collects from; of one cloud alone, for a function that has no other. */
export type QueueUrls = Readonly<Partial<Record<CloudId, string>>>;

/** The parts of a deployment that commands need. */
export interface Deployment {
  readonly tableName: string;
  readonly bucketName: string;
  /** Of the jobs of each cloud that is collected. */
  readonly queueUrls: QueueUrls;
  /** See {@link DeploymentNames}. */
  readonly tenantsPrefix: string;
  /** See {@link DeploymentNames}. */
  readonly credentialsPrefix: string;
  /** Encrypts bucket, table and queues. */
  readonly keyArn: string;
  /** Encrypts tenants' credentials. */
  readonly credentialsKeyArn: string;
  /** Subject of federated credentials: every function that asks for a token takes this role on. */
  readonly federationRoleArn: string;
  /** Checks one tenant, see lambdas/check/handler.ts. */
  readonly checkFunction: string;
  /** Compacts, see lambdas/compact/handler.ts; absent where the setting `compaction` is false. */
  readonly compactFunction?: string | undefined;
  readonly databaseName: string;
  readonly workgroupName: string;
  /** What stateful rules remember; absent where no rules are evaluated. */
  readonly sightingsTableName?: string | undefined;
  readonly isFedramp: boolean;
  /** How the bucket holds what lands; absent where it holds nothing. */
  readonly objectLock?: ObjectLock | undefined;
}
