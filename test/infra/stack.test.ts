import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { readSettings } from '../../infra/settings.ts';
import { cloudIdsOf, homes, type HomeId } from '../../shared/clouds.ts';
import { ledgerTable } from '../../shared/aws/ledger-table.ts';
import { compactedViewSelect } from '../../shared/domain/compacted-view.ts';
import { glueType } from '../../shared/domain/columns.ts';
import { compactedTables } from '../../shared/datasets/compacted-tables.ts';
import { knownDatasets } from '../../shared/datasets/index.ts';
import { views } from '../../shared/datasets/views.ts';
import { logTypes, rawDatasets } from '../../shared/log-types/index.ts';
import { rawDataset } from '../../shared/log-types/raw-dataset.ts';
import { listMetrics, streamMetrics } from '../../shared/metric-names.ts';
import { deploy, everything, type Deployment } from './deployment.ts';
import { actionsOf, rolesOf, type Permissions } from './roles.ts';

let whole: Deployment;

beforeAll(() => {
  whole = deploy(everything, { isValidated: true });
});

/** All resources of a type, as their properties. */
const properties = <T>(type: string): T[] => Object.values(whole.resources(type)).map((resource) => resource.Properties as T);

/** A pair of a log type and a cloud each. */
const listFunctions = logTypes.flatMap(({ clouds }) => clouds).length;
const graphClouds = cloudIdsOf('graph').length;
const offeringClouds = new Set(logTypes.flatMap(({ clouds }) => clouds)).size;

interface Environment {
  readonly LOG_TYPE?: string;
  readonly CLOUD?: string;
}
interface FunctionProperties {
  readonly Handler: string;
  readonly Environment: { readonly Variables: Environment };
  readonly Description: string;
}

describe('functions and schedules', () => {
  test('there is one list function and one schedule for each pair of a log type and a cloud that offers it', () => {
    const lists = properties<FunctionProperties>('AWS::Lambda::Function').filter(({ Handler }) => Handler === 'list.handler');
    const pairs = lists.map(({ Environment: { Variables } }) => `${String(Variables.LOG_TYPE)} ${String(Variables.CLOUD)}`);
    const offered = logTypes.flatMap(({ id, clouds }) => clouds.map((cloud) => `${id} ${cloud}`));
    expect(pairs.sort()).toEqual(offered.sort());
    expect(properties('AWS::Scheduler::Schedule')).toHaveLength(offered.length + 4 + graphClouds);
  });

  test('Graph lists start a minute after each other, content lists at any minute', () => {
    const schedules = Object.values(whole.resources('AWS::Scheduler::Schedule')).map(
      ({ Properties }) => Properties as { Description: string; ScheduleExpression: string },
    );
    const inGlobal = Object.fromEntries(schedules.map((schedule) => [schedule.Description, schedule.ScheduleExpression]));
    expect(inGlobal).toMatchObject({
      'Lists audit-exchange in enterprise': 'rate(5 minutes)',
      'Lists sign-ins-interactive in global': 'cron(0/5 * * * ? *)',
      'Lists sign-ins-non-interactive in global': 'cron(1/5 * * * ? *)',
      'Lists sign-ins-service-principal in global': 'cron(2/5 * * * ? *)',
      'Lists sign-ins-managed-identity in global': 'cron(3/5 * * * ? *)',
      'Lists directory-audits in global': 'cron(4/5 * * * ? *)',
      'Lists directory-audits in us-gov-l5': 'cron(4/5 * * * ? *)',
      'Sends due jobs again': 'rate(5 minutes)',
      'Notifies of findings': 'rate(1 minute)',
    });
  });

  test('every function runs on Node 24 for arm64, is limited, and logs to an encrypted group that forgets', () => {
    const functions = properties<Record<string, unknown>>('AWS::Lambda::Function');
    for (const one of functions) {
      expect(one).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(one.ReservedConcurrentExecutions).toBeGreaterThan(0);
    }
    for (const group of properties<Record<string, unknown>>('AWS::Logs::LogGroup')) {
      expect(group).toMatchObject({ RetentionInDays: 90, KmsKeyId: expect.anything() as unknown });
    }
    expect(Object.keys(whole.resources('AWS::Logs::LogGroup'))).toHaveLength(functions.length);
  });

  test('only a deployment for tests knows a simulator', () => {
    expect(JSON.stringify(whole.templates)).not.toContain('SIMULATOR_URL');
  });
});

/** What a function may read of tenants at home there. */
const tenantsOf = (...of: readonly HomeId[]): Permissions =>
  Object.fromEntries(
    of
      .flatMap((home) => [`/m365-audit-lake/tenants/${home}`, `/m365-audit-lake/credentials/${home}`])
      .flatMap((path) => [path, `${path}/*`].map((resource) => [`ssm: ${resource}`, ['GetParameters', 'GetParametersByPath']])),
  );

const ofTables = ['GetDatabase', 'GetPartitions', 'GetTable', 'GetTables'];
/** A resource of this account, as a permission names it. */
const inAccount = (service: string, resource: string): string =>
  `${service}: {"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":${service}:",{"Ref":"AWS::Region"},":",{"Ref":"AWS::AccountId"},":${resource}"]]}`;

const queueIds = ['Content', 'ContentGcc', 'ContentGccHigh', 'ContentDod', 'Windows', 'WindowsUsGovL4', 'WindowsUsGovL5'];

describe('roles', () => {
  test('no role has a wildcard action, and each is one function, but the one that federated tenants know', () => {
    const roles = rolesOf(whole);
    // Fetch workers, sweep, check, federation, compaction and its schedule, notification and manifests with their schedules, policies of analysts and operators, and the schedules of each cloud that offers a log type and of the sweep.
    expect(Object.keys(roles)).toHaveLength(listFunctions + offeringClouds + 1 + 1 + 1 + 2 + 2 + 2 + 2 + offeringClouds + 1);
    expect(
      Object.values(roles)
        .flatMap(actionsOf)
        .filter((action) => action.includes('*')),
    ).toEqual([]);
    expect(properties('AWS::IAM::Policy')).toEqual([]);
  });

  test.each([
    {
      role: 'ListEnterprise/AuditExchangeEnterprise',
      may: {
        'kms: Encryption': ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey'],
        'kms: CredentialsKey': ['Decrypt'],
        'dynamodb: Ledger': ['BatchGetItem', 'GetItem', 'PutItem', 'Scan', 'UpdateItem'],
        's3: Lake': ['ListBucket'],
        's3: Lake/rules/*': ['GetObject', 'PutObject'],
        'sqs: JobsContent': ['SendMessage'],
        'sqs: JobsFailedRuns': ['SendMessage'],
        ...tenantsOf('enterprise'),
        'sts: m365-audit-lake-federation': ['AssumeRole'],
        'logs: AuditExchangeEnterpriseLogs': ['CreateLogStream', 'PutLogEvents'],
      },
    },
    {
      role: 'FetchWindows',
      may: {
        'kms: Encryption': ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey'],
        'kms: CredentialsKey': ['Decrypt'],
        'dynamodb: Ledger': ['GetItem', 'PutItem', 'Query', 'UpdateItem'],
        'dynamodb: Ledger/index/due': ['Query'],
        'dynamodb: SightingsTable': ['BatchGetItem', 'BatchWriteItem', 'Query'],
        'sqs: JobsWindows': ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage', 'SendMessage'],
        'sqs: JobsWindowsDeadLetters': ['SendMessage'],
        's3: Lake': ['ListBucket'],
        's3: Lake/raw/*': ['GetObject', 'PutObject'],
        's3: Lake/indicators/index.bin': ['GetObject'],
        's3: Lake/rules/*': ['GetObject'],
        's3: Lake/quarantine/*': ['PutObject'],
        ...tenantsOf('enterprise', 'gcc'),
        'sts: m365-audit-lake-federation': ['AssumeRole'],
        'logs: FetchWindowsLogs': ['CreateLogStream', 'PutLogEvents'],
      },
    },
    {
      role: 'Sweep',
      may: {
        'kms: Encryption': ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey'],
        'dynamodb: Ledger': ['BatchGetItem', 'UpdateItem'],
        'dynamodb: Ledger/index/due': ['Query'],
        ...Object.fromEntries(queueIds.map((id) => [`sqs: Jobs${id}`, ['SendMessage']])),
        'sqs: JobsFailedRuns': ['SendMessage'],
        'logs: SweepLogs': ['CreateLogStream', 'PutLogEvents'],
      },
    },
    {
      role: 'CheckTenant',
      may: {
        'kms: CredentialsKey': ['Decrypt'],
        ...tenantsOf(...homes),
        'sts: m365-audit-lake-federation': ['AssumeRole'],
        'logs: CheckTenantLogs': ['CreateLogStream', 'PutLogEvents'],
      },
    },
    {
      role: 'Notifications/Notify',
      may: {
        'kms: Encryption': ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey'],
        'kms: CredentialsKey': ['Decrypt'],
        'dynamodb: Ledger': ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'],
        'dynamodb: Ledger/index/due': ['Query'],
        'events: event bus default': ['PutEvents'],
        'sns: Topic': ['Publish'],
        'sqs: JobsFailedRuns': ['SendMessage'],
        'ssm: /m365-audit-lake/webhooks': ['GetParametersByPath'],
        'ssm: /m365-audit-lake/webhooks/*': ['GetParametersByPath'],
        'logs: NotifyLogs': ['CreateLogStream', 'PutLogEvents'],
      },
    },
    {
      role: 'Evidence/Manifest',
      may: {
        's3: Lake': ['ListBucket'],
        's3: Lake/raw/*': ['GetObject'],
        's3: Lake/manifests/*': ['GetObject', 'PutObject'],
        'dynamodb: Ledger/index/due': ['Query'],
        'dynamodb: Ledger': ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query'],
        'sqs: JobsFailedRuns': ['SendMessage'],
        'kms: Encryption': ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey'],
        'logs: ManifestLogs': ['CreateLogStream', 'PutLogEvents'],
      },
    },
    {
      role: 'Compaction/Compact',
      may: {
        's3: Lake': ['GetBucketLocation', 'ListBucket', 'ListBucketMultipartUploads'],
        's3: Lake/raw/*': ['GetObject'],
        's3: Lake/compacted/*': ['AbortMultipartUpload', 'DeleteObject', 'GetObject', 'ListMultipartUploadParts', 'PutObject'],
        's3: QueriesResults': ['GetBucketLocation'],
        's3: QueriesResults/compaction/*': ['GetObject', 'PutObject'],
        [inAccount('athena', 'workgroup/m365-audit-lake-compaction')]: ['GetQueryExecution', 'GetQueryResults', 'StartQueryExecution'],
        [inAccount('glue', 'catalog')]: ['CreateTable', ...ofTables, 'UpdateTable'],
        [inAccount('glue', 'database/m365_audit_lake')]: ['CreateTable', ...ofTables, 'UpdateTable'],
        [inAccount('glue', 'table/m365_audit_lake/*')]: [...ofTables, 'UpdateTable'],
        [inAccount('glue', 'table/m365_audit_lake/*_compacted')]: ['CreateTable', 'UpdateTable'],
        // Denied, see 'what compaction may not write' in headroom.test.ts.
        [inAccount('glue', 'table/m365_audit_lake/*_landed')]: ['UpdateTable'],
        [inAccount('glue', 'table/m365_audit_lake/*_raw')]: ['UpdateTable'],
        'dynamodb: Ledger': ['BatchGetItem', 'GetItem', 'PutItem'],
        'dynamodb: Ledger/index/due': ['Query'],
        'ssm: /m365-audit-lake/tenants': ['GetParametersByPath'],
        'ssm: /m365-audit-lake/tenants/*': ['GetParametersByPath'],
        'sqs: JobsFailedRuns': ['SendMessage'],
        'kms: Encryption': ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey'],
        'logs: CompactLogs': ['CreateLogStream', 'PutLogEvents'],
      },
    },
    { role: 'Federation', may: { 'sts: *': ['GetWebIdentityToken'] } },
  ])('$role may do this and nothing else', ({ role, may }) => {
    expect(rolesOf(whole)[role]).toEqual(may);
  });
});

describe('the policy of analysts', () => {
  const rights = (): Permissions => rolesOf(whole).Analysts ?? {};

  test('opens what landed, and writes results alone', () => {
    const may = rights();
    expect(may['s3: Lake/raw/*']).toEqual(['GetObject']);
    expect(may['s3: Lake/compacted/*']).toEqual(['GetObject']);
    const writing = Object.entries(may).filter(([, actions]) => actions.some((action) => action.startsWith('Put')));
    expect(writing.map(([where]) => where)).toEqual(['s3: QueriesResults/results/*']);
  });

  test('opens no credential: neither a parameter nor the key of credentials, and the other key by S3 alone', () => {
    const may = rights();
    const services = [...new Set(Object.keys(may).map((where) => where.split(':')[0]))].sort();
    expect(services).toEqual(['athena', 'glue', 'kms', 's3']);
    expect(Object.entries(may).filter(([where]) => where.startsWith('kms'))).toEqual([['kms: Encryption', ['Decrypt', 'GenerateDataKey']]]);
    const [policy] = Object.entries(whole.resources('AWS::IAM::ManagedPolicy')).filter(([id]) => id.startsWith('Analysts'));
    expect(JSON.stringify(policy)).toMatch(/"kms:ViaService":\{"Fn::Join":\["",\["s3\./);
  });
});

/** Every resource with a wildcard that any role has, and why it is one. */
const wildcards: Readonly<Record<string, string>> = {
  's3 raw/*': 'objects are named when they are written',
  's3 quarantine/*': 'objects are named when they are written',
  's3 rules/*': 'rule sets are named by their hashes',
  's3 manifests/*': 'manifests are named when they are written',
  's3 compacted/*': 'Iceberg names its files',
  's3 compaction/*': 'Athena names the results of statements',
  's3 results/*': 'Athena names results',
  'ssm tenants/*': 'tenants are added after the deployment; operators and compaction may read the configurations of every home',
  'ssm credentials/*': 'credentials are added after the deployment; operators may write those of every home',
  ...Object.fromEntries(homes.map((home) => [`ssm ${/[a-z]+$/.exec(home)?.[0] ?? home}/*`, 'tenants are added after the deployment'])),
  'ssm webhooks/*': 'webhooks are added after the deployment',
  'glue table/*': 'queries name any table of the one database',
  'glue table/*_compacted': 'compaction makes the tables that the settings ask for',
  'glue table/*_landed': 'compaction is denied to write tables over landed objects',
  'glue table/*_raw': 'compaction is denied to write tables over landed objects',
  'sts *': 'GetWebIdentityToken knows no resources; a condition limits it to Microsoft',
};

test('every resource with a wildcard is one of these', () => {
  const found = Object.values(rolesOf(whole))
    .flatMap((role) => Object.keys(role))
    .filter((where) => where.includes('*'))
    .map((where) => {
      const [service = '', resource = ''] = where.split(/: (.*)/);
      const table = /:table\/[a-z0-9_]+(\/[^"]+)/.exec(resource)?.[1];
      return `${service} ${table === undefined ? (/[a-z]+\/\*$/.exec(resource)?.[0] ?? resource) : `table${table}`}`;
    });
  expect([...new Set(found)].sort()).toEqual(Object.keys(wildcards).sort());
});

test('the role that federated tenants know has a name that never changes, and roles of functions alone may take it on', () => {
  const partition = { Ref: 'AWS::Partition' };
  whole.template.hasResourceProperties('AWS::IAM::Role', {
    RoleName: { 'Fn::Join': ['', ['m365-audit-lake-federation-', { Ref: 'AWS::Region' }]] },
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Action: 'sts:AssumeRole',
          Effect: 'Allow',
          Condition: {
            ArnLike: {
              'aws:PrincipalArn': {
                'Fn::Join': [
                  '',
                  ['arn:', partition, ':iam::', { Ref: 'AWS::AccountId' }, ':role/m365-audit-lake/', { Ref: 'AWS::Region' }, '/*'],
                ],
              },
            },
          },
        },
      ],
    },
  });
});

describe('stores', () => {
  test('the ledger keeps itself: on demand, restorable, protected, encrypted, with a sparse index of keys', () => {
    const { partitionKey, sortKey, ttlAttribute, dueIndex } = ledgerTable;
    whole.template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        TimeToLiveSpecification: { AttributeName: ttlAttribute, Enabled: true },
        KeySchema: [
          { AttributeName: partitionKey, KeyType: 'HASH' },
          { AttributeName: sortKey, KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          Match.objectLike({
            IndexName: dueIndex.name,
            KeySchema: [
              { AttributeName: dueIndex.partitionKey, KeyType: 'HASH' },
              { AttributeName: dueIndex.sortKey, KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          }),
        ],
      },
    });
  });

  /** A cache of the lake. */
  const sightings = () => Object.entries(whole.resources('AWS::DynamoDB::Table')).find(([id]) => id.startsWith('Sightings'))?.[1];

  test('what holds something outlives the stack', () => {
    const kept = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::KMS::Key'].flatMap((type) => Object.values(whole.resources(type)));
    expect(kept.filter(({ DeletionPolicy }) => DeletionPolicy !== 'Retain')).toEqual([sightings()]);
  });

  test('an object under raw/ cannot be put without If-None-Match, and nothing goes without TLS', () => {
    const denials = Object.entries(whole.resources('AWS::S3::BucketPolicy')).flatMap(([id, { Properties }]) => {
      const { Statement } = Properties.PolicyDocument as {
        Statement: { Sid?: string; Effect: string; Action: string; Condition: unknown; Resource: unknown }[];
      };
      return id.startsWith('LakeBucket') ? Statement.filter(({ Effect }) => Effect === 'Deny') : [];
    });
    const once = denials.find(({ Sid }) => Sid === 'RawIsWrittenOnce');
    expect(once).toMatchObject({
      Action: 's3:PutObject',
      Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
    });
    expect(JSON.stringify(once?.Resource)).toContain('/raw/*');
    expect(denials.map(({ Condition }) => Condition)).toContainEqual({ Bool: { 'aws:SecureTransport': 'false' } });
  });

  test('every bucket blocks the public, belongs to its owner, is encrypted and keeps versions', () => {
    const buckets = properties<Record<string, unknown>>('AWS::S3::Bucket');
    expect(buckets).toHaveLength(3);
    for (const bucket of buckets) {
      expect(bucket).toMatchObject({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: { ServerSideEncryptionConfiguration: expect.anything() as unknown },
      });
    }
  });

  test('the worker of content has six times its timeout, the worker of windows a little more than its own', () => {
    const queues = properties<{ FifoQueue?: boolean; VisibilityTimeout?: number; RedrivePolicy?: { maxReceiveCount: number } }>(
      'AWS::SQS::Queue',
    );
    const fed = queues.filter(({ RedrivePolicy }) => RedrivePolicy);
    expect(
      fed.map(({ FifoQueue = false, VisibilityTimeout, RedrivePolicy }) => [FifoQueue, VisibilityTimeout, RedrivePolicy?.maxReceiveCount]),
    ).toEqual([...Array.from({ length: 4 }, () => [false, 6 * 300, 5]), ...Array.from({ length: 3 }, () => [true, 70, 5])]);
    for (const queue of queues) expect(queue).toMatchObject({ KmsMasterKeyId: expect.anything() as unknown });
    for (const mapping of properties<Record<string, unknown>>('AWS::Lambda::EventSourceMapping')) {
      expect(mapping).toMatchObject({
        BatchSize: 1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 10 },
      });
    }
  });
});

interface GlueTable {
  readonly TableInput: {
    readonly Name: string;
    readonly TableType: string;
    readonly Parameters: Readonly<Record<string, string>>;
    readonly PartitionKeys: readonly unknown[];
    readonly ViewOriginalText?: string;
    readonly StorageDescriptor: {
      /** Without comments where a table steps aside for its view. */
      readonly Columns: readonly { Name: string; Type: string; Comment?: string }[];
      readonly Location: unknown;
    };
  };
}

describe('the lifecycle of the lake bucket', () => {
  interface Rule {
    readonly Prefix?: string;
    readonly ExpirationInDays?: number;
    readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
  }
  const rulesFor = (key: string, retention: object): Rule[] => {
    const { template } = deploy({ logTypes: ['audit-exchange'], retention });
    const buckets = Object.values(template.findResources('AWS::S3::Bucket')) as {
      Properties: { LifecycleConfiguration?: { Rules: Rule[] } };
    }[];
    const rules = buckets.map(({ Properties }) => Properties.LifecycleConfiguration?.Rules ?? []);
    return (rules.find((some) => some.some(({ Prefix }) => Prefix === 'raw/')) ?? []).filter(({ Prefix = '' }) => key.startsWith(Prefix));
  };

  test('never expires an object of a compacted table, and lets go for good what VACUUM removed', () => {
    const rules = rulesFor('compacted/msft_azure_ad_raw/data/a.parquet', { rawDays: 36 });
    expect(rules.filter(({ ExpirationInDays }) => ExpirationInDays !== undefined)).toEqual([]);
    expect(rules.flatMap(({ NoncurrentVersionExpiration: days }) => days ?? [])).toEqual([{ NoncurrentDays: 30 }]);
  });

  test.each([
    { retention: {}, days: [] },
    { retention: { rawDays: 400 }, days: [400] },
  ])('expires landed objects as $retention says', ({ retention, days }) => {
    expect(
      rulesFor('raw/msft_azure_ad_raw/dt=2026-11-20/hr=09/a.parquet', retention).flatMap((rule) => rule.ExpirationInDays ?? []),
    ).toEqual(days);
  });
});

describe('datasets', () => {
  const glueTable = (name: string): GlueTable['TableInput'] => {
    const found = properties<GlueTable>('AWS::Glue::Table').find(({ TableInput }) => TableInput.Name === name);
    if (!found) throw new Error(`no Glue table '${name}'`);
    return found.TableInput;
  };

  const landingPartition = [
    { Name: 'dt', Type: 'date', Comment: expect.any(String) as unknown },
    { Name: 'hr', Type: 'int', Comment: expect.any(String) as unknown },
  ];

  test.each(rawDatasets.map((name) => ({ name })))('$name has the columns of the catalog, with their meanings', ({ name }) => {
    const { StorageDescriptor, PartitionKeys, Parameters } = glueTable(name);
    expect(StorageDescriptor.Columns).toEqual(
      rawDataset(name).columns.map((column) => ({ Name: column.name, Type: glueType(column.type), Comment: column.meaning })),
    );
    expect(StorageDescriptor.Columns.slice(-2).map((column) => column.Name)).toEqual(['record_key', 'raw']);
    expect(PartitionKeys).toEqual(landingPartition);
    expect(Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.dt.type': 'date',
      'projection.dt.format': 'yyyy-MM-dd',
      'projection.dt.range': '2025-01-01,NOW',
      'projection.hr.type': 'integer',
      'projection.hr.range': '0,23',
      'projection.hr.digits': '2',
    });
    expect(JSON.stringify(Parameters['storage.location.template'])).toContain(`/raw/${name}/dt=\${dt}/hr=\${hr}/`);
  });

  test.each(knownDatasets.map((dataset) => ({ name: dataset.name, dataset })))(
    '$name is a view with the columns it declares, over the table of its objects',
    ({ name, dataset }) => {
      const columns = Object.entries(dataset.columns).map(([column, { type, meaning }]) => ({
        Name: column,
        Type: glueType(type),
        Comment: meaning,
      }));
      const { StorageDescriptor, PartitionKeys, Parameters } = glueTable(`${name}_landed`);
      expect(StorageDescriptor.Columns).toEqual(columns.map(({ Name, Type }) => ({ Name, Type })));
      expect(PartitionKeys).toEqual(landingPartition);
      expect(JSON.stringify(Parameters['storage.location.template'])).toContain(`/raw/${name}/dt=\${dt}/hr=\${hr}/`);
      expect(glueTable(name).TableType).toBe('VIRTUAL_VIEW');
      expect(glueTable(name).StorageDescriptor.Columns.slice(0, -1)).toEqual(columns);
    },
  );

  test.each(views.map((view) => ({ name: view.name, view })))('$name is a view, after the tables it reads', ({ name, view }) => {
    const { TableType, ViewOriginalText = '', StorageDescriptor } = glueTable(name);
    expect(TableType).toBe('VIRTUAL_VIEW');
    const encoded = /^\/\* Presto View: (.*) \*\/$/.exec(ViewOriginalText)?.[1] ?? '';
    const decoded = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { originalSql: string };
    const compacted = compactedTables.find((table) => table.view === name);
    expect(decoded.originalSql).toBe(compacted ? compactedViewSelect(compacted, undefined) : view.select);
    expect(StorageDescriptor.Columns.map((column) => column.Name)).toEqual(view.columns.map((column) => column.name));
    for (const read of view.reads) expect(glueTable(read).Name).toBe(read);
  });

  test("meanings fit into Glue's comments: 255 characters on one line", () => {
    const comments = properties<GlueTable>('AWS::Glue::Table').flatMap(({ TableInput }) =>
      TableInput.StorageDescriptor.Columns.flatMap(({ Comment }) => Comment ?? []),
    );
    expect(comments.filter((comment) => comment.length > 255 || comment.includes('\n'))).toEqual([]);
  });

  test.each(rawDatasets.map((name) => ({ name })))('beside $name stands a view that Athena can read', ({ name }) => {
    const { view, columns } = rawDataset(name);
    const { TableType, ViewOriginalText = '', StorageDescriptor } = glueTable(view);
    expect(TableType).toBe('VIRTUAL_VIEW');
    const encoded = /^\/\* Presto View: (.*) \*\/$/.exec(ViewOriginalText)?.[1] ?? '';
    const decoded = JSON.parse(Buffer.from(encoded, 'base64').toString()) as {
      originalSql: string;
      schema: string;
      columns: { name: string; type: string }[];
    };
    expect(decoded.schema).toBe('m365_audit_lake');
    expect(decoded.originalSql).toContain(`FROM "${name}"`);
    const names = [...columns.map((column) => column.name), 'dt'];
    expect(decoded.columns.map((column) => column.name)).toEqual(names);
    expect(StorageDescriptor.Columns.map((column) => column.Name)).toEqual(names);
    expect(decoded.columns).toEqual(
      expect.arrayContaining([
        { name: 'event_time', type: 'timestamp(6)' },
        { name: 'source_port', type: 'bigint' },
        { name: 'dt', type: 'date' },
      ]),
    );
  });

  test('a struct of a list is a row of an array to Athena', () => {
    const { ViewOriginalText = '' } = glueTable('msft_azure_ad_audit');
    const text = Buffer.from(/View: (.*) \*\//.exec(ViewOriginalText)?.[1] ?? '', 'base64').toString();
    expect(text).toMatch(/"type":"array\(row\(\\"id\\" varchar, \\"\w+\\" varchar/);
  });

  test('queries are limited and their results encrypted', () => {
    whole.template.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: Match.objectLike({
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 100 * 2 ** 30,
        ResultConfiguration: Match.objectLike({ EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: Match.anyValue() } }),
      }),
    });
  });
});

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly MetricName: string;
  readonly Namespace: string;
  readonly AlarmActions: readonly unknown[];
}

describe('alarms', () => {
  const runbook = readFileSync(resolve(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
  const anchors = [...runbook.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-'));

  test("every alarm's text links a paragraph of the runbook, and goes to the topic", () => {
    const alarms = properties<AlarmProperties>('AWS::CloudWatch::Alarm');
    const links = alarms.map(({ AlarmDescription }) => /What to do: docs\/runbook\.md#([\w-]+)$/.exec(AlarmDescription)?.[1]);
    expect(links.filter((link) => link === undefined || !anchors.includes(link))).toEqual([]);
    expect(alarms.filter(({ AlarmActions }) => AlarmActions.length === 0)).toEqual([]);
  });

  test('the runbook has no paragraph that no alarm links', () => {
    const texts = properties<AlarmProperties>('AWS::CloudWatch::Alarm').map(({ AlarmDescription }) => AlarmDescription);
    expect(anchors.filter((anchor) => !texts.some((text) => text.endsWith(`#${anchor}`)))).toEqual([]);
  });

  test('alarms read metrics that the functions write', () => {
    const own = properties<AlarmProperties>('AWS::CloudWatch::Alarm').filter(({ Namespace }) => Namespace === 'M365AuditLake');
    const written: string[] = [...Object.values(streamMetrics), ...Object.values(listMetrics)];
    expect(new Set(own.map(({ MetricName }) => MetricName))).toEqual(
      new Set([
        'StreamsFailed',
        'CursorLag',
        'TenantsBroken',
        'Gaps',
        'Expired',
        'Quarantined',
        'NearExpiry',
        'NotLanded',
        'Refused',
        'UndeliveredFindings',
      ]),
    );
    expect(own.filter(({ MetricName }) => !written.includes(MetricName))).toEqual([]);
  });

  test('what was tried in vain for hours raises one, whichever stream it is of', () => {
    whole.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'NotLanded',
      Dimensions: [{ Name: 'service', Value: 'm365-audit-lake' }],
      Statistic: 'Sum',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      Period: 3600,
      AlarmDescription: Match.stringLikeRegexp('published hours ago .* the log says why.*#not-landed$'),
    });
  });

  test('where all is well they read nothing that costs: whether a list runs is a metric that Lambda writes', () => {
    const alarms = Object.entries(whole.resources('AWS::CloudWatch::Alarm')).map(([id, { Properties }]) => ({ id, ...Properties }));
    const silences = alarms.filter(({ id }) => id.includes('Silence'));
    expect(silences).toHaveLength(listFunctions + 2);
    for (const alarm of silences)
      expect(alarm).toMatchObject({
        Namespace: 'AWS/Lambda',
        TreatMissingData: 'missing',
        InsufficientDataActions: [{ Ref: expect.anything() }],
      });
    const others = alarms.filter(({ id }) => !id.includes('Silence'));
    for (const alarm of others) expect(alarm).toMatchObject({ TreatMissingData: 'notBreaching' });
  });

  test.each([
    { listEveryMinutes: 1, seconds: 60, periods: 15 },
    { listEveryMinutes: 5, seconds: 300, periods: 3 },
    { listEveryMinutes: 30, seconds: 1800, periods: 2 },
  ])('with a list every $listEveryMinutes minutes, $periods of them in a row have to fail', ({ listEveryMinutes, seconds, periods }) => {
    const alarms = Object.values(deploy({ logTypes: ['audit-exchange'], listEveryMinutes }).resources('AWS::CloudWatch::Alarm'));
    expect(alarms.map(({ Properties }) => Properties)).toContainEqual(
      expect.objectContaining({ MetricName: 'StreamsFailed', Statistic: 'Minimum', Period: seconds, EvaluationPeriods: periods }),
    );
  });

  test('an alarm is quiet when it is made, and the topic is notified when one is over', () => {
    const topic = Object.keys(whole.template.findResources('AWS::SNS::Topic'));
    whole.template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: {
          previousState: { reason: [{ 'anything-but': { prefix: 'Unchecked: Initial alarm creation' } }] },
          state: { value: ['OK'] },
        },
      },
      Targets: [{ Arn: { Ref: topic[0] } }],
    });
    expect(properties<{ OKActions?: unknown }>('AWS::CloudWatch::Alarm').filter(({ OKActions }) => OKActions)).toEqual([]);
  });

  test('CloudWatch and its events may publish to the topic, which only takes TLS', () => {
    whole.template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
          }),
        ]),
      },
    });
  });
});

test('the days that settings allow are those that CloudWatch knows', () => {
  const known = Object.values(RetentionDays)
    .map(Number)
    .filter((days) => days < 9999);
  expect(known.map((logDays) => readSettings({ retention: { logDays } }, undefined).kind)).toEqual(known.map(() => 'settings'));
});

test("CDK's rules find nothing wrong with every optional setting in use", () => {
  const optional = {
    logTypes: ['audit-exchange', 'alerts'],
    vpcId: 'vpc-0123abcd',
    subnetIds: ['subnet-0123abcd'],
    kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000',
    bucketName: 'existing-lake',
    alarmEmail: 'soc@contoso.example',
    retention: { rawDays: 400 },
    simulatorUrl: 'http://127.0.0.1:9999',
  };
  expect(() => deploy(optional, { isValidated: true })).not.toThrow();
});

/** What CloudFormation does to make, change and remove a resource: by hand, from the pages of the types. */
const actionsToDeploy: Readonly<Record<string, readonly string[]>> = {
  'AWS::Athena::NamedQuery': ['athena:CreateNamedQuery', 'athena:GetNamedQuery', 'athena:DeleteNamedQuery'],
  'AWS::Athena::WorkGroup': ['athena:CreateWorkGroup', 'athena:UpdateWorkGroup', 'athena:DeleteWorkGroup', 'athena:GetWorkGroup'],
  // A nested stack is made by the execution role; its template is an asset, which the role reads.
  'AWS::CloudFormation::Stack': [
    'cloudformation:CreateStack',
    'cloudformation:UpdateStack',
    'cloudformation:DeleteStack',
    'cloudformation:DescribeStacks',
    's3:GetObject',
  ],
  'AWS::CloudWatch::Alarm': ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms', 'cloudwatch:DescribeAlarms'],
  'AWS::CloudWatch::Dashboard': ['cloudwatch:PutDashboard', 'cloudwatch:DeleteDashboards', 'cloudwatch:GetDashboard'],
  'AWS::Events::Rule': [
    'events:PutRule',
    'events:DeleteRule',
    'events:DescribeRule',
    'events:PutTargets',
    'events:RemoveTargets',
    'events:TagResource',
  ],
  'AWS::DynamoDB::Table': [
    'dynamodb:CreateTable',
    'dynamodb:DeleteTable',
    'dynamodb:DescribeTable',
    'dynamodb:UpdateContinuousBackups',
    'dynamodb:UpdateTimeToLive',
  ],
  'AWS::Glue::Database': ['glue:CreateDatabase', 'glue:DeleteDatabase', 'glue:GetDatabase'],
  'AWS::Glue::Table': ['glue:CreateTable', 'glue:UpdateTable', 'glue:DeleteTable'],
  'AWS::IAM::ManagedPolicy': [
    'iam:CreatePolicy',
    'iam:DeletePolicy',
    'iam:CreatePolicyVersion',
    'iam:AttachRolePolicy',
    'iam:DetachRolePolicy',
  ],
  'AWS::IAM::Role': ['iam:CreateRole', 'iam:DeleteRole', 'iam:GetRole', 'iam:PutRolePolicy', 'iam:PassRole', 'iam:ListRolePolicies'],
  'AWS::KMS::Key': ['kms:CreateKey', 'kms:PutKeyPolicy', 'kms:EnableKeyRotation', 'kms:DescribeKey', 'kms:CreateGrant'],
  'AWS::Lambda::EventSourceMapping': ['lambda:CreateEventSourceMapping', 'lambda:DeleteEventSourceMapping', 'lambda:GetEventSourceMapping'],
  'AWS::Lambda::EventInvokeConfig': ['lambda:PutFunctionEventInvokeConfig', 'lambda:DeleteFunctionEventInvokeConfig'],
  'AWS::Lambda::Function': [
    'lambda:CreateFunction',
    'lambda:UpdateFunctionCode',
    'lambda:DeleteFunction',
    'lambda:PutFunctionConcurrency',
    's3:GetObject',
  ],
  'AWS::Logs::LogGroup': ['logs:CreateLogGroup', 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'logs:AssociateKmsKey'],
  'AWS::S3::Bucket': [
    's3:CreateBucket',
    's3:PutBucketVersioning',
    's3:PutEncryptionConfiguration',
    's3:PutLifecycleConfiguration',
    's3:PutBucketPublicAccessBlock',
    's3:PutBucketLogging',
    's3:PutBucketOwnershipControls',
  ],
  'AWS::S3::BucketPolicy': ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:GetBucketPolicy'],
  'AWS::SNS::Topic': ['sns:CreateTopic', 'sns:DeleteTopic', 'sns:SetTopicAttributes', 'sns:GetTopicAttributes'],
  'AWS::SNS::TopicPolicy': ['sns:SetTopicAttributes'],
  'AWS::SQS::Queue': ['sqs:CreateQueue', 'sqs:DeleteQueue', 'sqs:SetQueueAttributes', 'sqs:GetQueueAttributes'],
  'AWS::SQS::QueuePolicy': ['sqs:SetQueueAttributes'],
  'AWS::SSM::Parameter': ['ssm:PutParameter', 'ssm:DeleteParameter', 'ssm:GetParameters', 'ssm:AddTagsToResource'],
  'AWS::Scheduler::Schedule': ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule', 'scheduler:DeleteSchedule', 'scheduler:GetSchedule'],
};

test('the policy for the deployer in docs/deploy.md allows what every resource of the template needs', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/deploy.md'), 'utf8').split('## What the deployer may do')[1] ?? '';
  const policy = JSON.parse(/```\n(\{ "Version"[\s\S]*?)```/.exec(page)?.[1] ?? '') as { Statement: { Action: string[] }[] };
  const allowed = policy.Statement.flatMap(({ Action }) => Action).map((action) => new RegExp(`^${action.replaceAll('*', '.*')}$`));
  const types = new Set(Object.values(whole.templates).flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)));
  expect([...types].filter((type) => !(type in actionsToDeploy))).toEqual([]);
  const needed = [...types].flatMap((type) => actionsToDeploy[type] ?? []);
  expect(needed.filter((action) => !allowed.some((pattern) => pattern.test(action)))).toEqual([]);
});

test('the app that cdk.json starts is there', () => {
  const { app } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../cdk.json'), 'utf8')) as { app: string };
  expect(app.split(' ').map((part) => existsSync(resolve(import.meta.dirname, '../..', part)))).toEqual([true, true]);
});
