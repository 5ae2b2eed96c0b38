/** `npm run copy-lake -- --from OLD --to NEW`: a lake's objects into another bucket, under its write-once policy (docs/runbook.md). */

import { parseArgs } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../local/clock.ts';
import { readLock, type ObjectLock } from '../shared/domain/object-lock.ts';
import { copyObjects } from './copy-lake/copy-objects.ts';

const { values } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' }, hold: { type: 'string' } } });
const { from, to, hold } = values;
if (from === undefined || to === undefined || from === to)
  throw new Error('name two buckets: npm run copy-lake -- --from OLD --to NEW [--hold governance:365]');

const { copied, same, other } = await copyObjects({ client: new S3Client({}), from, to, lock: lockOf(hold), clock: systemClock });
process.stdout.write(`${String(copied)} objects were copied, ${String(same)} were there already.\n`);
if (other.length > 0) {
  process.stderr.write(`Something else lies at ${String(other.length)} keys of ${to}, and was left there:\n${other.join('\n')}\n`);
  process.exitCode = 1;
}

function lockOf(text: string | undefined): ObjectLock | undefined {
  if (text === undefined) return undefined;
  const lock = readLock(text);
  if (!lock) throw new Error(`--hold is '${text}': give a mode and days, such as governance:365`);
  return lock;
}
