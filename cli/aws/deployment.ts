/** `--aws`: a command works on a deployment instead of a lake folder. Region and credentials are those of the AWS command line. */

import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Option } from 'commander';
import { z } from 'zod';
import { clouds } from '../../shared/clouds.ts';
import { deploymentNames, deploymentPattern, type Deployment } from '../../shared/domain/deployment.ts';
import { lockModes } from '../../shared/domain/object-lock.ts';
import { UsageError } from '../../local/exit.ts';

/** What `--aws` sets. */
export interface AwsChoice {
  readonly aws: boolean;
}

/** `--aws`, on every command that works on a lake folder and on a deployment. */
export const awsOption = (): Option =>
  new Option(
    '--aws',
    'work on the deployment in AWS instead of a lake folder (region and credentials as for the AWS CLI, LAKE_DEPLOYMENT for one of several)',
  ).default(false);

const text = z.string().min(1);
const shape = z.object({
  tableName: text,
  bucketName: text,
  queueUrls: z.partialRecord(z.enum(clouds.map(({ id }) => id)), text),
  tenantsPrefix: text,
  credentialsPrefix: text,
  keyArn: text,
  credentialsKeyArn: text,
  federationRoleArn: text,
  checkFunction: text,
  compactFunction: text.optional(),
  databaseName: text,
  workgroupName: text,
  sightingsTableName: text.optional(),
  isFedramp: z.boolean(),
  objectLock: z.object({ mode: z.enum(lockModes), days: z.number() }).optional(),
}) satisfies z.ZodType<Deployment>;

/**
 * The deployment that `LAKE_DEPLOYMENT` names; without it, the one without a name.
 *
 * @throws With what to do, when there is no such deployment in this account and region or it may not be read.
 */
export async function readDeployment(client = new SSMClient({}), env: Readonly<NodeJS.ProcessEnv> = process.env): Promise<Deployment> {
  const { parameter } = deploymentNames(chosen(env.LAKE_DEPLOYMENT));
  const found = await client.send(new GetParameterCommand({ Name: parameter })).catch((error: unknown) => {
    throw new UsageError(`the deployment cannot be read: ${reason(error, parameter)}`, { cause: error });
  });
  const parsed = shape.safeParse(parsedJson(found.Parameter?.Value));
  if (parsed.success) return parsed.data;
  throw new UsageError(`the parameter ${parameter} does not describe a deployment of this version; run npx cdk deploy again`);
}

/** @throws UsageError For what no deployment can be called. */
function chosen(name = ''): string | undefined {
  if (name === '') return undefined;
  if (deploymentPattern.test(name)) return name;
  throw new UsageError(`LAKE_DEPLOYMENT is '${name}', and no deployment is called so: at most 20 small letters, digits and dashes`);
}

function reason(error: unknown, parameter: string): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'ParameterNotFound')
    return `there is no parameter ${parameter} in this account and region; choose them with AWS_PROFILE and AWS_REGION, and of several deployments one with LAKE_DEPLOYMENT, or run npx cdk deploy first`;
  if (/region is missing/i.test(error.message))
    return 'no region is set; name the one of the deployment with AWS_REGION, or a profile that has one with AWS_PROFILE';
  if (error.name === 'CredentialsProviderError')
    return 'there are no AWS credentials; sign in with `aws sso login` or `aws configure`, or set AWS_PROFILE';
  if (/^(?:ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature)/.test(error.name))
    return `AWS refuses the credentials (${error.name}); sign in again with \`aws sso login\`, or set AWS_PROFILE to others`;
  if (error.name.startsWith('AccessDenied')) return `you need ssm:GetParameter on ${parameter} (${error.message})`;
  return `${error.name}: ${error.message}`;
}

function parsedJson(value: string | undefined): unknown {
  try {
    return JSON.parse(value ?? '');
  } catch {
    return undefined;
  }
}
