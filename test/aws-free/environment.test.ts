import { expect, test } from '@jest/globals';
import { fetchEnvironment, listEnvironment, manifestEnvironment, readEnvironment, sweepEnvironment } from '../../lambdas/environment.ts';
import { lockText } from '../../shared/domain/object-lock.ts';
import { lambdaLog } from '../../lambdas/log.ts';

const stores = {
  TABLE_NAME: 'ledger',
  QUEUE_URLS: 'enterprise=https://sqs.example/1/content us-gov-l4=https://sqs.example/1/windows.fifo?a=b',
};
const queues = { enterprise: 'https://sqs.example/1/content', 'us-gov-l4': 'https://sqs.example/1/windows.fifo?a=b' };

test('what the stack sets is read, with the defaults for what it leaves out', () => {
  expect(
    readEnvironment(listEnvironment, {
      ...stores,
      LOG_TYPE: 'alerts',
      CLOUD: 'us-gov-l4',
      CLOUDS: 'us-gov-l4,global',
      BUCKET_NAME: 'lake',
      FEDRAMP: 'true',
      PATH: '/bin',
    }),
  ).toEqual({
    ...stores,
    QUEUE_URLS: queues,
    CLOUDS: ['us-gov-l4', 'global'],
    CREDENTIALS_PREFIX: '/m365-audit-lake/credentials',
    DETECTIONS: false,
    LOG_TYPE: 'alerts',
    BUCKET_NAME: 'lake',
    CLOUD: 'us-gov-l4',
    FEDRAMP: true,
    TENANTS_PREFIX: '/m365-audit-lake/tenants',
  });
  expect(readEnvironment(sweepEnvironment, stores)).toEqual({ ...stores, QUEUE_URLS: queues });
});

test('a lock is read as the stack writes it, and nothing else is one', () => {
  const places = { TABLE_NAME: 'ledger', BUCKET_NAME: 'lake' };
  const lock = { mode: 'governance', days: 400 } as const;
  expect(readEnvironment(manifestEnvironment, { ...places, OBJECT_LOCK: lockText(lock) })).toEqual({ ...places, OBJECT_LOCK: lock });
  for (const text of ['', 'governance', 'GOVERNANCE:1', 'governance:0', 'legal:400', 'governance:1.5'])
    expect(() => readEnvironment(manifestEnvironment, { ...places, OBJECT_LOCK: text })).toThrow(
      'is no lock; an example is governance:365',
    );
});

test('every fault is named at once', () => {
  const wrong = {
    QUEUE_URLS: 'enterprise=content enterprize=https://sqs.example/1/content',
    CLOUDS: 'moon',
    LOG_TYPE: 'alert',
    CLOUD: 'moon',
    FEDRAMP: 'yes',
  };
  const read = () => readEnvironment(listEnvironment, wrong);
  for (const fault of [
    'TABLE_NAME is missing',
    "QUEUE_URLS 'content' is not a URL",
    "QUEUE_URLS unknown cloud 'enterprize'; did you mean 'enterprise'",
    "CLOUDS.0 unknown cloud 'moon'",
    "did you mean 'alerts'",
    "unknown cloud 'moon'",
    "FEDRAMP 'yes'",
  ]) {
    expect(read).toThrow(fault);
  }
  expect(() => readEnvironment(fetchEnvironment, { ...stores, BUCKET_NAME: '' })).toThrow('BUCKET_NAME is empty');
});

test('a secret that reaches the log is not written', () => {
  const lines: unknown[] = [];
  const keep = (...line: unknown[]) => void lines.push(line);
  const log = lambdaLog({ info: keep, warn: keep, error: keep });
  log.error('Bearer abcdefghijklmnop', {
    client_secret: 'hunter2',
    message: `token eyJhbGciOiJSUzI1NiJ9.${'x'.repeat(20)}.y`,
    tenant: 'contoso',
  });
  expect(JSON.stringify(lines)).not.toMatch(/hunter2|eyJ|abcdefghijklmnop/);
  expect(lines).toEqual([[expect.any(String), { client_secret: '[secret]', microsoftMessage: 'token [token]', tenant: 'contoso' }]]);
});
