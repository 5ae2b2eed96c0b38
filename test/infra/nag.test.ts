import { describe, expect, test } from '@jest/globals';
import { reviewFindings } from '../../infra/nag-review.ts';
import { makeApp } from './deployment.ts';

const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000';

// List functions differ in their environment only, so two stand for all.
const logTypes = ['audit-exchange', 'alerts'];

describe.each([
  { name: 'as it comes', settings: { logTypes } },
  { name: 'in a VPC', settings: { logTypes, vpcId: 'vpc-0123abcd', subnetIds: ['subnet-0123abcd'] } },
  {
    name: 'with a lock, an administrator of evidence and a trail',
    settings: {
      logTypes,
      objectLock: { mode: 'compliance', days: 400 },
      auditTrail: 'all',
      evidenceAdminRole: 'arn:aws:iam::111122223333:role/evidence-admin',
    },
  },
  {
    name: "with the account's own bucket, ledger and keys, mail, traces, and no concurrency to spare",
    settings: {
      logTypes,
      bucketName: 'existing-lake',
      kmsKeyArn,
      credentialsKeyArn: kmsKeyArn,
      tableName: 'left-ledger',
      alarmEmail: 'soc@contoso.example',
      reserveConcurrency: false,
      tracing: true,
    },
  },
])('$name', ({ settings }) => {
  const review = () => reviewFindings(makeApp(settings).app);

  test('AwsSolutions, Serverless, NIST 800-53 R4 and R5, HIPAA and PCI DSS find nothing that is not acknowledged, and nothing is acknowledged for nothing', () => {
    const { left, stale, acknowledged } = review();
    expect({ left, stale }).toEqual({ left: [], stale: [] });
    expect(acknowledged.filter(({ reason }) => reason.length < 40)).toEqual([]);
    // At the construct that it is about, never at the stack.
    expect(acknowledged.flatMap(({ places }) => places).filter((place) => place.split('/').length < 3)).toEqual([]);
  });
});
