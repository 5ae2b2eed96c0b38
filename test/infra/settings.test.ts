import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { settingKeys } from '../../infra/settings-shape.ts';
import { readSettings, type Settings } from '../../infra/settings.ts';
import { logTypes } from '../../shared/log-types/index.ts';

function settings(context: Readonly<Record<string, unknown>> = {}, region?: string): Settings {
  const read = readSettings(context, region);
  if (read.kind === 'faulty') throw new Error(read.faults.join('; '));
  return read.settings;
}

function faults(context: Readonly<Record<string, unknown>>, region?: string): readonly string[] {
  const read = readSettings(context, region);
  return read.kind === 'faulty' ? read.faults : [];
}

const named = ({ streams }: Settings): string[] => streams.map(({ logType, cloud }) => `${logType.id} ${cloud}`);

describe('without any setting', () => {
  test('every log type but the retired one is listed in the world-wide clouds, every five minutes', () => {
    const given = settings();
    expect(given.listEveryMinutes).toBe(5);
    expect(given.architecture).toBe('arm64');
    expect(given.retention).toEqual({ quarantineDays: 365, logDays: 90 });
    expect(given.streams.map(({ logType }) => logType.id)).toEqual(logTypes.map(({ id }) => id).filter((id) => id !== 'alerts-legacy'));
    expect(new Set(given.streams.map(({ cloud }) => cloud))).toEqual(new Set(['enterprise', 'global']));
  });

  test.each([
    { region: 'us-gov-west-1', fedramp: true },
    { region: 'us-gov-east-1', fedramp: true },
    { region: 'us-east-1', fedramp: false },
    { region: undefined, fedramp: false },
  ])('region $region is a FedRAMP deployment: $fedramp', ({ region, fedramp }) => {
    const given = settings({}, region);
    expect(given.fedramp).toBe(fedramp);
    expect(named(given).some((name) => name.startsWith('sign-ins'))).toBe(!fedramp);
  });
});

describe('settings that are given', () => {
  test('lay compacted tables out by day, or by tenant and day, and in no other way', () => {
    expect([settings(), settings({ compactedBy: 'tenant-and-day' })].map(({ compactedBy }) => compactedBy)).toEqual([
      'day',
      'tenant-and-day',
    ]);
    expect(readSettings({ compactedBy: 'tenants-and-day' }, undefined)).toMatchObject({
      faults: [expect.stringContaining("did you mean 'tenant-and-day'")],
    });
  });

  test('a log type is listed in every chosen cloud that offers it, and in no other', () => {
    const clouds = { managementActivity: ['gcc', 'gcc-high'], graph: ['us-gov-l4'] };
    expect(named(settings({ clouds, logTypes: ['audit-exchange', 'alerts'] }))).toEqual([
      'audit-exchange gcc',
      'audit-exchange gcc-high',
      'alerts us-gov-l4',
    ]);
  });

  test('one API alone may be collected', () => {
    expect(named(settings({ clouds: { graph: [] }, logTypes: ['dlp-all'] }))).toEqual(['dlp-all enterprise']);
  });

  test('what the command line gives as text is read as what it is', () => {
    const given = settings({ listEveryMinutes: '1', logTypes: '["alerts"]', fedramp: 'false', architecture: 'x64', runbookUrl: '7' });
    expect(given).toMatchObject({ listEveryMinutes: 1, fedramp: false, architecture: 'x64', runbookUrl: '7' });
    expect(named(given)).toEqual(['alerts global']);
  });

  test("CDK's own context is left alone", () => {
    expect(faults({ '@aws-cdk/core:x': true, 'aws:cdk:y': 1, 'availability-zones:account=1:region=x': [] })).toEqual([]);
  });

  test('sign-ins may be chosen in a government region outside of FedRAMP', () => {
    expect(faults({ fedramp: false, logTypes: ['sign-ins-interactive'], clouds: { graph: ['us-gov-l4'] } }, 'us-gov-west-1')).toEqual([]);
  });
});

describe('a fault is named with its path, the value got and what to do', () => {
  test.each([
    {
      name: 'a misspelt setting',
      context: { listEveryMinuts: 5 },
      fault: /^listEveryMinuts: unknown setting 'listEveryMinuts'; did you mean 'listEveryMinutes'\?/,
    },
    {
      name: 'a misspelt setting of a group',
      context: { retention: { logDay: 5 } },
      fault: /^retention\.logDay: unknown setting 'logDay'; did you mean 'logDays'\?/,
    },
    {
      name: 'a misspelt log type',
      context: { logTypes: ['audit-exchagne'] },
      fault: /^logTypes\.0: unknown log type 'audit-exchagne'; did you mean 'audit-exchange'\?/,
    },
    {
      name: 'mail',
      context: { logTypes: ['emails'] },
      fault: /^logTypes\.0: log type 'emails' is not collected here; use a dedicated mail collector/,
    },
    { name: 'no log type', context: { logTypes: [] }, fault: /^logTypes: is empty/ },
    { name: 'a log type twice', context: { logTypes: ['alerts', 'alerts'] }, fault: /^logTypes\.1: 'alerts' is listed twice/ },
    { name: 'log types that are no list', context: { logTypes: 'alerts' }, fault: /^logTypes: "alerts" is not a list/ },
    {
      name: 'sign-ins in FedRAMP',
      context: { fedramp: true, logTypes: ['sign-ins-interactive'] },
      fault: /^logTypes\.0: 'sign-ins-interactive' is not offered in a FedRAMP deployment, where sign-in logs are out of scope/,
    },
    {
      name: 'a log type without a cloud',
      context: { clouds: { graph: [] }, logTypes: ['dlp-all', 'alerts'] },
      fault: /^logTypes\.1: 'alerts' is in no chosen cloud; it is offered in global/,
    },
    { name: 'no cloud at all', context: { clouds: { managementActivity: [], graph: [] } }, fault: /^clouds: no cloud is chosen/ },
    {
      name: 'a misspelt cloud',
      context: { clouds: { managementActivity: ['gcc-hihg'] } },
      fault: /^clouds\.managementActivity\.0: unknown cloud 'gcc-hihg'; did you mean 'gcc-high'\?/,
    },
    {
      name: "the other API's cloud",
      context: { clouds: { graph: ['dod'] } },
      fault: /^clouds\.graph\.0: cloud 'dod' belongs to the other API; here are global/,
    },
    { name: 'an odd period', context: { listEveryMinutes: 7 }, fault: /^listEveryMinutes: 7 does not divide the hour; allowed are 1, 2/ },
    { name: 'a period that is text', context: { listEveryMinutes: 'often' }, fault: /^listEveryMinutes: "often" is not a number/ },
    {
      name: 'log days CloudWatch has not',
      context: { retention: { logDays: 100 } },
      fault: /^retention\.logDays: 100 days are not offered by CloudWatch; allowed are 1, 3/,
    },
    {
      name: 'raw kept too short',
      context: { retention: { rawDays: 35 } },
      fault: /^retention\.rawDays: 35 is not a whole number of days from 36/,
    },
    { name: 'an alias for a key', context: { kmsKeyArn: 'alias/mine' }, fault: /^kmsKeyArn: 'alias\/mine' is not a key's ARN/ },
    { name: 'a wrong address', context: { alarmEmail: 'soc' }, fault: /^alarmEmail: 'soc' is not an e-mail address/ },
    {
      name: 'another processor',
      context: { architecture: 'arm' },
      fault: /^architecture: unknown architecture 'arm'; did you mean 'arm64'\?/,
    },
    { name: 'a VPC without subnets', context: { vpcId: 'vpc-0123abcd' }, fault: /^subnetIds: is missing, and vpcId is given/ },
    { name: 'subnets without a VPC', context: { subnetIds: ['subnet-0123abcd'] }, fault: /^vpcId: is missing, and subnetIds is given/ },
    { name: 'a wrong subnet', context: { vpcId: 'vpc-0123abcd', subnetIds: ['net'] }, fault: /^subnetIds\.0: 'net' is not a subnet's id/ },
    { name: 'a wrong bucket', context: { bucketName: 'My Bucket' }, fault: /^bucketName: 'My Bucket' is not a bucket's name/ },
    {
      name: 'a lock without days',
      context: { objectLock: { mode: 'governance' } },
      fault: /^objectLock\.days: undefined is not a number/,
    },
    {
      name: 'a lock of no known mode',
      context: { objectLock: { mode: 'complience', days: 400 } },
      fault: /^objectLock\.mode: unknown mode 'complience'; did you mean 'compliance'\?/,
    },
    {
      name: 'a lock that outlasts what it holds',
      context: { objectLock: { mode: 'compliance', days: 400 }, retention: { rawDays: 365 } },
      fault: /^retention\.rawDays: objects are deleted after 365 days, and held for 400 by objectLock; make rawDays 400 or more/,
    },
    {
      name: 'an administrator of evidence that is no role',
      context: { evidenceAdminRole: 'arn:aws:iam::111122223333:user/ann' },
      fault: /^evidenceAdminRole: 'arn:aws:iam::111122223333:user\/ann' is not a role's ARN/,
    },
    {
      name: "an administrator of evidence for a bucket whose policy is not the stack's",
      context: { evidenceAdminRole: 'arn:aws:iam::111122223333:role/evidence-admin', bucketName: 'existing-lake' },
      fault: /^evidenceAdminRole: the policy of the bucket that bucketName names is yours/,
    },
    {
      name: 'too many workers',
      context: { fetchConcurrency: 1001 },
      fault: /^fetchConcurrency: 1001 is not a whole number of workers from 2 to 1000/,
    },
    { name: 'a simulator that is no URL', context: { simulatorUrl: 'localhost' }, fault: /^simulatorUrl: 'localhost' is not a URL/ },
  ])('$name', ({ context, fault }) => {
    const found = faults(context);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(fault);
  });

  test('all of them at once', () => {
    const found = faults({ fedramp: true, logTypes: ['sign-ins-interactive'], listEveryMinutes: 7, retention: { logDays: 100 }, x: 1 });
    expect(found.map((fault) => fault.split(':')[0])).toEqual(
      expect.arrayContaining(['logTypes.0', 'listEveryMinutes', 'retention.logDays', 'x']),
    );
  });
});

test('every setting has its row in docs/deploy.md', () => {
  const page =
    readFileSync(resolve(import.meta.dirname, '../../docs/deploy.md'), 'utf8')
      .split('\n## Settings\n')[1]
      ?.split('\n## ')[0] ?? '';
  const rows = [...page.matchAll(/^\| (`.*?`) +\|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`([\w.]+)`/g)].map(([, name]) => name),
  );
  const known = settingKeys.at('').flatMap((key) => (key === 'retention' ? settingKeys.at(key).map((part) => `retention.${part}`) : [key]));
  expect(new Set(rows)).toEqual(new Set(known));
});
