import { expect, test } from '@jest/globals';
import { deploy } from './deployment.ts';

const logTypes = ['audit-exchange', 'alerts'];

test('in AWS GovCloud no ARN is of another partition, and sign-ins are not there', () => {
  const { templates, resources } = deploy({}, { region: 'us-gov-west-1' });
  const text = JSON.stringify(templates);
  expect(text).not.toContain('arn:aws:');
  expect(text).toContain('arn:aws-us-gov:');
  // The saved queries may name them: they are the same everywhere.
  expect(JSON.stringify([resources('AWS::Lambda::Function'), resources('AWS::Scheduler::Schedule')])).not.toContain('sign-ins-');
  expect(text).toContain('"FEDRAMP":"true"');
});

test('where the region is not known, ARNs take the partition from where they are deployed', () => {
  expect(JSON.stringify(deploy({ logTypes }).templates)).not.toContain('arn:aws:');
});

test('an existing bucket is landed in and otherwise left alone', () => {
  const { resources, template } = deploy({ logTypes, bucketName: 'existing-lake' });
  expect(Object.keys(resources('AWS::S3::Bucket')).filter((id) => id.startsWith('Lake'))).toEqual([]);
  expect(JSON.stringify(template.toJSON())).toContain('"BUCKET_NAME":"existing-lake"');
});

test('raw objects are deleted, and no longer looked for, after the days that are set', () => {
  const { resources } = deploy({ logTypes, retention: { rawDays: 400, quarantineDays: 30, logDays: 14 } });
  expect(JSON.stringify(resources('AWS::S3::Bucket'))).toContain('"ExpirationInDays":400');
  expect(JSON.stringify(resources('AWS::Glue::Table'))).toContain('"projection.dt.range":"NOW-401DAYS,NOW"');
  for (const { Properties } of Object.values(resources('AWS::Logs::LogGroup'))) expect(Properties).toMatchObject({ RetentionInDays: 14 });
});

test('traces are a setting, and with them what writing them needs', () => {
  const text = (settings: object) => JSON.stringify(deploy({ logTypes, ...settings }).templates);
  expect(text({})).not.toContain('xray:');
  expect(text({ tracing: true })).toContain('"TracingConfig":{"Mode":"Active"}');
  expect(text({ tracing: true })).toContain('xray:PutTraceSegments');
});

test("EventBridge gets an event for every object where that is set, by the bucket's own property and no function more", () => {
  const [plain, notifying] = [deploy({ logTypes }), deploy({ logTypes, bucketEvents: true })];
  const enabled = '"NotificationConfiguration":{"EventBridgeConfiguration":{"EventBridgeEnabled":true}}';
  expect(JSON.stringify(plain.templates)).not.toContain('EventBridgeEnabled');
  expect(JSON.stringify(notifying.templates).split(enabled)).toHaveLength(2);
  expect(Object.keys(notifying.resources('AWS::Lambda::Function'))).toEqual(Object.keys(plain.resources('AWS::Lambda::Function')));
});

test('in a VPC every function stands in its subnets and reaches HTTPS only', () => {
  const { template, resources } = deploy({ logTypes, vpcId: 'vpc-0123abcd', subnetIds: ['subnet-0123abcd'] });
  for (const { Properties } of Object.values(resources('AWS::Lambda::Function')))
    expect(Properties).toMatchObject({ VpcConfig: { SubnetIds: ['subnet-0123abcd'] } });
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }],
  });
});

test('the functions of a test deployment know the simulator', () => {
  const { resources } = deploy({ logTypes, simulatorUrl: 'http://127.0.0.1:9999', architecture: 'x64', listEveryMinutes: 1 });
  const functions = Object.values(resources('AWS::Lambda::Function')).map(({ Properties }) => JSON.stringify(Properties));
  expect(functions.filter((text) => text.includes('"SIMULATOR_URL":"http://127.0.0.1:9999"'))).toHaveLength(2 + 2 + 1);
  expect(functions.filter((text) => text.includes('"x86_64"'))).toHaveLength(functions.length);
  expect(JSON.stringify(resources('AWS::Scheduler::Schedule'))).not.toContain('cron');
});

test('a template that was made without DuckDB for the platform refuses to be deployed, with the reason', () => {
  const { template } = deploy({ logTypes }, { incomplete: 'go online and synthesize again' });
  expect(template.toJSON().Rules).toMatchObject({
    CompleteBundles: { Assertions: [{ AssertDescription: 'go online and synthesize again' }] },
  });
  expect(Object.keys(deploy({ logTypes }).template.toJSON().Rules as object)).not.toContain('CompleteBundles');
});
