/** Several deployments in one account and region. */

import { expect, test } from '@jest/globals';
import { deploymentNames } from '../../shared/domain/deployment.ts';
import { deploy, type Deployment } from './deployment.ts';

/** What of a resource's properties is a name that an account has once, and where it stands. */
const namesOf: Readonly<Record<string, readonly string[]>> = {
  'AWS::Athena::WorkGroup': ['Name'],
  'AWS::CloudTrail::Trail': ['TrailName'],
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::CloudWatch::Dashboard': ['DashboardName'],
  'AWS::DynamoDB::Table': ['TableName'],
  'AWS::EC2::SecurityGroup': ['GroupName'],
  'AWS::Events::Rule': ['Name'],
  'AWS::Glue::Database': ['DatabaseInput.Name'],
  'AWS::Glue::Table': ['DatabaseName'],
  'AWS::IAM::ManagedPolicy': ['ManagedPolicyName'],
  'AWS::IAM::Role': ['RoleName', 'Path'],
  'AWS::KMS::Alias': ['AliasName'],
  'AWS::Lambda::Function': ['FunctionName'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SNS::Topic': ['TopicName'],
  'AWS::SQS::Queue': ['QueueName'],
  'AWS::SSM::Parameter': ['Name'],
  'AWS::Scheduler::Schedule': ['Name'],
};

/** Types without such a name: they live and die with what they belong to. */
const nameless = [
  'AWS::Athena::NamedQuery',
  'AWS::CloudFormation::Stack',
  'AWS::KMS::Key',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Permission',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
];

const usual = deploy({ alarmEmail: 'soc@contoso.example', auditTrail: 'all' });
const research = deploy({ alarmEmail: 'soc@contoso.example', auditTrail: 'all', deployment: 'research' });

test('two deployments in one account have no name in common', () => {
  const names = fixedNames(usual);
  const others = fixedNames(research);
  expect(names.length).toBeGreaterThan(5);
  expect(others).toHaveLength(names.length);
  expect(names.filter((name) => others.includes(name))).toEqual([]);
});

test('every resource that may have a name is looked at', () => {
  const types = Object.values(usual.templates).flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type));
  expect([...new Set(types)].filter((type) => !(type in namesOf) && !nameless.includes(type))).toEqual([]);
});

test('nothing of a deployment with a name speaks of the parts of the other', () => {
  const { parameter, tenantsPrefix, database, workgroup } = deploymentNames();
  const text = JSON.stringify(research.templates);
  const others = [parameter, tenantsPrefix, `"${database}"`, `"${workgroup}"`, 'm365-audit-lake-federation-'];
  expect(others.filter((name) => text.includes(name))).toEqual([]);
});

test.each(['Research', 'a-name-that-is-too-long', '-research', ''])('no deployment is called %p', (deployment) => {
  expect(() => deploy({ deployment })).toThrow(/^deployment: .* is not a name of at most 20 small letters/);
});

function fixedNames({ templates }: Deployment): string[] {
  const resources = Object.values(templates).flatMap(({ Resources }) => Object.values(Resources));
  const names = resources.flatMap(({ Type, Properties }) =>
    (namesOf[Type] ?? []).flatMap((path) => {
      const value = path.split('.').reduce<unknown>((from, key) => (from as Record<string, unknown> | undefined)?.[key], Properties);
      return value === undefined ? [] : [`${Type} ${JSON.stringify(value)}`];
    }),
  );
  return [...new Set(names)];
}

test("names of one deployment's alarms, which begin with its stack's, never begin like another's", () => {
  const stacks = [undefined, 'a', 'a-b', 'research'].map((name) => `${deploymentNames(name).stack}-`);
  expect(stacks.filter((one) => stacks.some((other) => other !== one && other.startsWith(one)))).toEqual([]);
});
