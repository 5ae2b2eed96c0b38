import { CfnOutput, CfnRule, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { compactedTables } from '../shared/datasets/compacted-tables.ts';
import type { CompactedTable } from '../shared/domain/compacted-table.ts';
import type { Deployment, DeploymentNames } from '../shared/domain/deployment.ts';
import { AccessLogs } from './access-logs.ts';
import { AnalystPolicy } from './analyst-policy.ts';
import { AuditTrail } from './audit-trail.ts';
import { Alarms } from './alarms.ts';
import { CheckStation } from './check-station.ts';
import { CompactionStation } from './compaction-station.ts';
import { CredentialsKey } from './credentials-key.ts';
import { Dashboard } from './dashboard.ts';
import { Datasets } from './datasets.ts';
import { EncryptionKey } from './encryption-key.ts';
import { FederationRole } from './federation-role.ts';
import { FetchStation } from './fetch-station.ts';
import { JobQueues } from './job-queues.ts';
import { LakeBucket } from './lake-bucket.ts';
import { LedgerTable } from './ledger-table.ts';
import { ListStations } from './list-stations.ts';
import { ManifestStation } from './manifest-station.ts';
import { Network } from './network.ts';
import { NotifyStation } from './notify-station.ts';
import { OperatorPolicy } from './operator-policy.ts';
import { QueryWorkgroup } from './query-workgroup.ts';
import { Schedules } from './schedules.ts';
import { listStackId } from './schedule-times.ts';
import type { Settings } from './settings.ts';
import { SightingsTable } from './sightings-table.ts';
import { SweepStation } from './sweep-station.ts';

/** What the stack is made from: the checked settings and the folders of the bundles. */
export interface AuditLakeProps extends StackProps {
  readonly settings: Settings;
  /** Folders of the bundles, see infra/bundle/bundle.ts. */
  readonly code: { readonly light: string; readonly fetch: string; readonly incomplete?: string };
  /** A table for each dataset; those of the catalog when absent. */
  readonly tables?: readonly CompactedTable[];
}

/** m365-audit-lake: schedule -> list -> ledger -> queue -> fetch -> datasets -> Athena, and the sweep beside it. */
export class AuditLakeStack extends Stack {
  constructor(scope: Construct, id: string, props: AuditLakeProps) {
    // CloudFormation takes a megabyte, and the columns of all tables are most of it.
    super(scope, id, { suppressTemplateIndentation: true, ...props });
    const { settings, tables = compactedTables } = props;
    const { names, retention } = settings;
    const light = Code.fromAsset(props.code.light);

    const { key } = new EncryptionKey(this, 'Encryption', settings);
    const { key: credentialsKey } = new CredentialsKey(this, 'Credentials', settings);
    const network = settings.vpc && new Network(this, 'Network', { vpc: settings.vpc });
    const shared = { settings, key, credentialsKey, network };

    const federation = new FederationRole(this, 'Federation', settings.names);
    const ledger = new LedgerTable(this, 'Ledger', { key, tableName: settings.tableName });
    const queues = new JobQueues(this, 'Jobs', { key, clouds: settings.clouds });
    const { bucket: accessLogs } = new AccessLogs(this, 'AccessLogs', { days: retention.logDays });
    const { bucket } = new LakeBucket(this, 'Lake', {
      key,
      accessLogs,
      retention,
      bucketName: settings.bucketName,
      objectLock: settings.objectLock,
      evidenceAdminRole: settings.evidenceAdminRole,
      hasEvents: settings.bucketEvents,
    });

    if (settings.auditTrail) new AuditTrail(this, 'AuditTrail', { key, bucket, accessLogs, names, records: settings.auditTrail });

    const sightings = settings.detections ? new SightingsTable(this, 'Sightings', { key }) : undefined;
    const fetch = new FetchStation(this, 'Fetch', { shared, code: Code.fromAsset(props.code.fetch), ledger, queues, bucket, sightings });
    const sweep = new SweepStation(this, 'Sweep', { shared, code: light, ledger, queues });
    const check = new CheckStation(this, 'Check', { shared, code: light });
    new Schedules(this, 'Schedules', { runs: [sweep.run, ...(settings.detections ? fetch.absences : [])] });

    const datasets = { bucket, retention, databaseName: names.database, tables };
    const { database } = new Datasets(this, 'Datasets', { ...datasets, hasFindings: settings.detections });
    const { workgroup, results } = new QueryWorkgroup(this, 'Queries', { key, accessLogs, limitGb: settings.queryLimitGb, names });

    const { policy: analysts } = new AnalystPolicy(this, 'Analysts', { key, workgroup, database: names.database, bucket, results });

    const { policy: operators } = new OperatorPolicy(this, 'Operators', { names, ledger, key, credentialsKey, check: check.function });

    const { alarms, topic, target } = new Alarms(this, 'Alarms', { settings, key, queues, sweep: sweep.function });
    const lists = Map.groupBy(settings.streams, ({ cloud }) => cloud);
    const listAlarms = [...lists].map(([cloud, streams]) => {
      const stations = new ListStations(this, listStackId(cloud), {
        shared,
        codeFolder: props.code.light,
        ledger,
        queues,
        bucket,
        alarmTarget: target,
        streams,
      });
      return [`Alarms of lists in ${cloud}`, stations.alarms] as const;
    });
    const compaction = settings.compaction
      ? new CompactionStation(this, 'Compaction', {
          shared,
          codeFolder: props.code.light,
          ledger,
          queues,
          bucket,
          results,
          alarmTarget: target,
          datasets,
          database,
        })
      : { alarms: [], functionName: undefined };
    const notifying =
      settings.detections &&
      new NotifyStation(this, 'Notifications', { shared, codeFolder: props.code.light, ledger, queues, alarmTarget: target });
    const manifests = new ManifestStation(this, 'Evidence', {
      shared,
      codeFolder: props.code.light,
      ledger,
      queues,
      bucket,
      alarmTarget: target,
    });
    new Dashboard(this, 'Dashboard', {
      alarms: {
        Alarms: [...alarms, ...compaction.alarms, ...manifests.alarms, ...(notifying ? notifying.alarms : [])],
        ...Object.fromEntries(listAlarms),
      },
      queues,
      fetch,
      metrics: target.metrics,
    });

    this.describe(names, {
      tableName: ledger.table.tableName,
      bucketName: bucket.bucketName,
      queueUrls: Object.fromEntries(queues.all.map(({ cloud, queue }) => [cloud, queue.queueUrl])),
      tenantsPrefix: names.tenantsPrefix,
      credentialsPrefix: names.credentialsPrefix,
      keyArn: key.keyArn,
      credentialsKeyArn: credentialsKey.keyArn,
      federationRoleArn: federation.role.roleArn,
      checkFunction: check.function.functionName,
      ...(compaction.functionName !== undefined && { compactFunction: compaction.functionName }),
      databaseName: names.database,
      workgroupName: workgroup.name,
      ...(sightings && { sightingsTableName: sightings.table.tableName }),
      isFedramp: settings.fedramp,
      ...(settings.objectLock && { objectLock: settings.objectLock }),
    });
    this.outputs({
      TenantsPrefix: names.tenantsPrefix,
      CredentialsPrefix: names.credentialsPrefix,
      KeyArn: key.keyArn,
      CredentialsKeyArn: credentialsKey.keyArn,
      AnalystPolicy: analysts.managedPolicyArn,
      OperatorPolicy: operators.managedPolicyArn,
      BucketName: bucket.bucketName,
      TableName: ledger.table.tableName,
      ...Object.fromEntries(queues.all.map(({ id, queue }) => [`${id}QueueUrl`, queue.queueUrl])),
      DatabaseName: names.database,
      WorkgroupName: workgroup.name,
      AlarmTopicArn: topic.topicArn,
      ...(notifying && { FindingsTopicArn: notifying.topic.topicArn }),
    });
    if (props.code.incomplete !== undefined) this.refuseDeployment(props.code.incomplete);
  }

  /** For `lake ... --aws`. */
  private describe({ parameter }: DeploymentNames, deployment: Deployment): void {
    new StringParameter(this, 'Deployment', {
      parameterName: parameter,
      description: 'Names of the parts of m365-audit-lake, for its command line',
      stringValue: this.toJsonString(deployment),
    });
  }

  private outputs(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }

  /** A template that was made offline can be read but not deployed: CloudFormation stops at the rule and prints the reason. */
  private refuseDeployment(why: string): void {
    new CfnRule(this, 'CompleteBundles', {
      assertions: [{ assert: Fn.conditionEquals('bundles', 'complete'), assertDescription: why }],
    });
  }
}
