/** What evaluating rules needs in a deployment. Only the fetch worker's bundle has it. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DuckDBConnection } from '@duckdb/node-api';
import { openEvidence } from '../shared/aws/evidence.ts';
import { openIndicators } from '../shared/aws/indicators.ts';
import { notingLake } from '../shared/aws/noting-lake.ts';
import { openOutbox } from '../shared/aws/outbox.ts';
import { addedRules } from '../shared/aws/rule-objects.ts';
import { openRuleSets } from '../shared/aws/rule-sets.ts';
import { openSightings } from '../shared/aws/sightings.ts';
import { ruleSetOf, type RuleSet } from '../shared/detections/rule-set.ts';
import { openFindingFiles } from '../shared/landing/finding-files.ts';
import { openIndexFile } from '../shared/landing/index-file.ts';
import { connectDuckDb } from '../shared/landing/landing.ts';
import { readRows } from '../shared/landing/read-rows.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Detecting, RuleSets } from '../shared/ports/detecting.ts';
import type { Lake } from '../shared/ports/lake.ts';
import { bundledRules } from './bundled-rules.ts';
import { clientSettings } from './connect.ts';

/** Where things are, and what is there already. */
export interface DetectingPlaces {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly tableName: string;
  readonly spillFolder: string;
  readonly clock: Clock;
}

/** What writing findings may hold in memory, in MB: they are few. */
const memoryMb = 64;

/** Everything that evaluating rules needs, over these places. */
export function connectDetecting({ s3, bucket, tableName, spillFolder, clock }: DetectingPlaces): Detecting {
  let connection: Promise<DuckDBConnection> | undefined;
  return {
    rules: openRuleSets({ client: s3, bucket }, bundledRules()),
    indicators: openIndicators({ client: s3, bucket }, spillFolder, clock, openIndexFile),
    sightings: openSightings(new DynamoDBClient(clientSettings), tableName, clock),
    readRows,
    files: openFindingFiles(() => (connection ??= connectDuckDb({ memoryMb, spillFolder }))),
  };
}

/** The rules in force now, of our own and added: no job names those of absences. */
export function rulesNow({ s3, bucket }: Pick<DetectingPlaces, 's3' | 'bucket'>): RuleSets {
  const place = { client: s3, bucket };
  const read = async (): Promise<RuleSet> => ruleSetOf({ ...bundledRules(), ...(await addedRules(place)) });
  return { read, current: () => Promise.resolve(undefined) };
}

/** Where absences land: in no job, so that each object is noted for the manifests. @param places Of the ledger's table. */
export function connectAbsences({ s3, bucket, tableName: name, clock, lake }: DetectingPlaces & { readonly lake: Lake }) {
  const dynamodb = new DynamoDBClient(clientSettings);
  const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const evidence = openEvidence({ table: { documents, name, clock }, s3, bucket });
  return { outbox: openOutbox(dynamodb, name, clock), lake: notingLake(lake, { evidence, clock, because: 'an absence' }) };
}
