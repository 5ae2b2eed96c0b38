/** Rule sets in the lake's bucket: `rules/<hash>.json` each, and `rules/added.json`, the files that people have added to our own. */

import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import { ruleSetHash, ruleSetToJson, type RuleFiles } from '../detections/rule-set.ts';

/** Where rule sets lie. */
export interface RulePlace {
  readonly client: S3Client;
  readonly bucket: string;
}

/** What the keys of rules begin with. */
const rulesPrefix = 'rules/';
const addedKey = `${rulesPrefix}added.json`;
const keyOf = (hash: string): string => `${rulesPrefix}${hash}.json`;

/** The files that people have added; none where nobody has. @throws When S3 refuses, or the object is no set of files. */
export async function addedRules(place: RulePlace): Promise<RuleFiles> {
  const text = await read(place, addedKey);
  if (text === undefined) return {};
  const { files } = JSON.parse(text) as { readonly files?: unknown };
  if (!isFiles(files)) throw new Error(`${addedKey} has no files of rules: add them again with 'lake rules add --aws'`);
  return files;
}

const isFiles = (value: unknown): value is RuleFiles =>
  typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');

/** Replaces what people have added. */
export async function writeAddedRules({ client, bucket }: RulePlace, files: RuleFiles): Promise<void> {
  await client.send(
    new PutObjectCommand({ Bucket: bucket, Key: addedKey, Body: ruleSetToJson({ files }), ContentType: 'application/json' }),
  );
}

/** Stores a set under its hash, where it stays as it is. @returns The hash. */
export async function storeRuleSet({ client, bucket }: RulePlace, files: RuleFiles): Promise<string> {
  const hash = ruleSetHash(files);
  const object = { Bucket: bucket, Key: keyOf(hash), Body: ruleSetToJson({ files }), ContentType: 'application/json' };
  try {
    await client.send(new PutObjectCommand({ ...object, IfNoneMatch: '*' }));
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    // It is there, or another function is putting it at this moment.
    if (status !== 412 && status !== 409) throw error;
  }
  return hash;
}

/** The text of a stored set; undefined where there is none of this hash. */
export const storedRuleSet = (place: RulePlace, hash: string): Promise<string | undefined> => read(place, keyOf(hash));

async function read({ client, bucket }: RulePlace, key: string): Promise<string | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await Body?.transformToString('utf-8');
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
