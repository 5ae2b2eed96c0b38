import { RemovalPolicy, type Duration, type Size } from 'aws-cdk-lib';
import { ManagedPolicy, Role, ServicePrincipal, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, Runtime, Tracing, type Code, type FunctionProps } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { metricNamespace } from '../shared/metric-names.ts';
import { acknowledge } from './acknowledge.ts';
import { functionRolePath } from './federation-role.ts';
import type { Network } from './network.ts';
import { allow, sendTo, useNetworkInterfaces, writeTraces } from './permissions.ts';
import type { Settings } from './settings.ts';
import { wayOut } from './way-out.ts';

/** What all functions are made with. */
export interface SharedParts {
  readonly settings: Settings;
  readonly key: IKey;
  /** Of tenants' credentials alone. */
  readonly credentialsKey: IKey;
  readonly network?: Network | undefined;
}

/** What differs between the functions. */
export interface StationFunctionProps {
  readonly shared: SharedParts;
  readonly code: Code;
  /** `list.handler`: the bundle's file and what it exports. */
  readonly handler: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  readonly memoryMb: number;
  readonly ephemeralStorage?: Size;
  /** Instances at once, held back for this function. */
  readonly concurrency: number;
  readonly may: readonly PolicyStatement[];
  /** `people`: it is called synchronously, and its failure is the caller's to see. */
  readonly calledBy?: 'people';
  /** Only for a function that a schedule starts: a run that fails is not tried again, the next one does its work. */
  readonly failedRuns?: { readonly queue: IQueue; readonly after: Duration };
}

/**
 * Of a function that mostly waits for answers: what waiting costs goes with the memory. It holds 90 MB once loaded, and a list
 * function up to 30 MB of claims it has seen.
 */
export const lightMemoryMb = 256;

/** A Lambda function with a role, a log group and nothing else of its own. */
export class StationFunction extends Construct {
  readonly function: LambdaFunction;
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, props: StationFunctionProps) {
    super(scope, id);
    const { shared, failedRuns } = props;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: retentionOf(shared.settings.retention.logDays),
      encryptionKey: shared.key,
      // Logs are for debugging; the record of what happened is in the ledger and the lake.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const path = functionRolePath(this, shared.settings.names);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), path });
    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: shared.settings.architecture === 'x64' ? Architecture.X86_64 : Architecture.ARM_64,
      code: props.code,
      handler: props.handler,
      description: props.description,
      environment: {
        ...props.environment,
        ...wayOut(shared.settings),
        POWERTOOLS_SERVICE_NAME: shared.settings.names.base,
        POWERTOOLS_METRICS_NAMESPACE: metricNamespace,
      },
      timeout: props.timeout,
      memorySize: props.memoryMb,
      ...(props.ephemeralStorage && { ephemeralStorageSize: props.ephemeralStorage }),
      ...(shared.settings.reserveConcurrency && { reservedConcurrentExecutions: props.concurrency }),
      // All that the role may do stands in one policy, written here; CDK adds nothing to it.
      role: role.withoutPolicyUpdates(),
      logGroup,
      ...(shared.settings.tracing && { tracing: Tracing.ACTIVE }),
      ...(failedRuns && { onFailure: new SqsDestination(failedRuns.queue), retryAttempts: 0, maxEventAge: failedRuns.after }),
      ...inNetwork(shared.network),
    });
    this.policy = new ManagedPolicy(this, 'Policy', {
      roles: [role],
      statements: [...props.may, ...this.itself(props, logGroup)],
    });
    // A function that starts before it may do anything would fail once for nothing.
    this.function.node.addDependency(this.policy);
    this.acknowledgeFindings(props);
  }

  /** What the Lambda service does with the function's role. */
  private itself({ failedRuns, shared }: StationFunctionProps, logGroup: LogGroup): PolicyStatement[] {
    return [
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
      ...(shared.settings.tracing ? [writeTraces()] : []),
      ...(failedRuns ? [sendTo(failedRuns.queue)] : []),
      ...(shared.network ? [useNetworkInterfaces()] : []),
    ];
  }

  private acknowledgeFindings({ failedRuns, calledBy, shared }: StationFunctionProps): void {
    if (shared.settings.tracing || shared.network) acknowledge(this.policy, { 'AwsSolutions-IAM5[Resource::*]': withoutResources });
    const noDlq = calledBy === 'people' ? called : failedRuns ? hasDestination : polled;
    acknowledge(this.function, { 'Serverless-LambdaDLQ': noDlq, 'NIST.800.53.R5-LambdaDLQ': noDlq, 'HIPAA.Security-LambdaDLQ': noDlq });
    if (!shared.settings.tracing) acknowledge(this.function, { 'Serverless-LambdaTracing': untraced });
    if (!shared.network)
      acknowledge(this.function, reasonIn(['NIST.800.53.R4', 'NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'], 'LambdaInsideVPC', noVpc));
    if (!shared.settings.reserveConcurrency) {
      acknowledge(this.function, { 'NIST.800.53.R5-LambdaConcurrency': notReserved, 'HIPAA.Security-LambdaConcurrency': notReserved });
    }
  }
}

/** The same rule of several packs. */
const reasonIn = (packs: readonly string[], rule: string, reason: string): Record<string, string> =>
  Object.fromEntries(packs.map((pack) => [`${pack}-${rule}`, reason]));

/** @throws For days that CloudWatch does not offer; settings-shape.ts lets none through. */
function retentionOf(days: number): RetentionDays {
  const known = Object.values(RetentionDays).find((one) => Number(one) === days);
  if (typeof known === 'number') return known;
  throw new Error(`CloudWatch does not keep logs for ${String(days)} days`);
}

function inNetwork(network: Network | undefined): Partial<FunctionProps> {
  return network ? { vpc: network.vpc, vpcSubnets: network.subnets, securityGroups: [network.securityGroup] } : {};
}

const withoutResources =
  'Traces, and in a VPC the network interfaces of Lambda, know no resources to name; every other statement names its own.';
const untraced =
  'A trace would say how long a run took, which its REPORT line in the log has too, and cost as much as the run. The setting tracing turns it on.';
const hasDestination =
  'It has an on-failure destination, which gets the run together with its error; a dead-letter queue would get every run a second time, without.';
const polled =
  'Its queue calls it synchronously: a message that fails goes to the dead-letter queue of that queue, which this setting does not concern.';
const called = 'A person calls it synchronously and sees its error; there is no event that could wait in a dead-letter queue.';
const noVpc =
  'It calls Microsoft and AWS by public HTTPS endpoints and listens to nothing; a VPC adds a NAT gateway and no protection. The settings vpcId and subnetIds put every function into one where policy asks for it.';
const notReserved = 'The setting reserveConcurrency is off: the account has too little concurrency to hold some back for each function.';
