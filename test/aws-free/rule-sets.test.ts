/** Rules in a deployment: which are in force, and those that a job names. */

import { beforeEach, describe, expect, test } from '@jest/globals';
import { NoSuchKey, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import { addedRules, writeAddedRules } from '../../shared/aws/rule-objects.ts';
import { openRulesInForce, openRuleSets } from '../../shared/aws/rule-sets.ts';
import { ruleSetHash, ruleSetToJson } from '../../shared/detections/rule-set.ts';
import { minutes } from '../../shared/domain/window.ts';

const rule = (id: string) => `
title: ${id}
id: ${id}
logsource: {product: azure, service: auditlogs}
detection: {s: {OperationName: Bad}, condition: s}
`;
const library = { 'ours.yml': rule('ours') };
const added = { 'theirs.yml': rule('theirs') };

let objects: Map<string, string>;
let place: { client: S3Client; bucket: string };
let puts: number;
let now: number;
const clock = { now: () => now };

beforeEach(() => {
  [objects, puts, now] = [new Map<string, string>(), 0, 0];
  const send = ({ input }: { input: { Key: string; Body?: string; IfNoneMatch?: string } }) => {
    const refused = (name: string, status: number) =>
      Promise.reject(new S3ServiceException({ name, $fault: 'client', message: name, $metadata: { httpStatusCode: status } }));
    const found = objects.get(input.Key);
    if (input.Body === undefined) {
      if (found === undefined) return Promise.reject(new NoSuchKey({ message: 'none', $metadata: {} }));
      return Promise.resolve({ Body: { transformToString: () => Promise.resolve(found) } });
    }
    puts += 1;
    if (input.IfNoneMatch !== undefined && found !== undefined) return refused('PreconditionFailed', 412);
    objects.set(input.Key, input.Body);
    return Promise.resolve({});
  };
  place = { client: { send } as unknown as S3Client, bucket: 'lake' };
});

const titles = async (hash?: string): Promise<string[]> =>
  (await openRuleSets(place, library).read(hash)).detections.map(({ title }) => title).sort();

describe('the rules in force', () => {
  test('are our own, stored before they are named', async () => {
    const hash = await openRulesInForce(place, library, clock)();
    expect([hash, [...objects.keys()]]).toEqual([ruleSetHash(library), [`rules/${hash}.json`]]);
  });

  test('are those that were added as well, from ten minutes on, and a job of before names what it named', async () => {
    const inForce = openRulesInForce(place, library, clock);
    const before = await inForce();
    await writeAddedRules(place, added);
    expect(await inForce()).toBe(before);
    now += minutes(10);
    const after = await inForce();
    expect([await titles(before), await titles(after)]).toEqual([['ours'], ['ours', 'theirs']]);
    expect(await addedRules(place)).toEqual(added);
  });

  test('are stored once by each process, and left as they are', async () => {
    const hash = await openRulesInForce(place, library, clock)();
    const stored = objects.get(`rules/${hash}.json`);
    const again = openRulesInForce(place, library, clock);
    for (let time = 0; time < 3; time += 1) await again();
    expect([puts, objects.get(`rules/${hash}.json`)]).toEqual([2, stored]);
  });
});

describe('a set that a job names', () => {
  test('is our own where it names none, or one that is nowhere', async () => {
    expect([await titles(), await titles('0'.repeat(32))]).toEqual([['ours'], ['ours']]);
  });

  test('is refused where somebody has changed it', async () => {
    const hash = ruleSetHash(added);
    objects.set(`rules/${hash}.json`, ruleSetToJson({ files: library }));
    await expect(titles(hash)).rejects.toThrow('it was changed after it was written');
  });
});
