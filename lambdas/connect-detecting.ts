/** What evaluating rules needs in a deployment. Only the fetch worker's bundle has it. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { DuckDBConnection } from '@duckdb/node-api';
import { openIndicators } from '../shared/aws/indicators.ts';
import { openRuleSets } from '../shared/aws/rule-sets.ts';
import { openSightings } from '../shared/aws/sightings.ts';
import { openFindingFiles } from '../shared/landing/finding-files.ts';
import { openIndexFile } from '../shared/landing/index-file.ts';
import { connectDuckDb } from '../shared/landing/landing.ts';
import { readRows } from '../shared/landing/read-rows.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Detecting } from '../shared/ports/detecting.ts';
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
