/** The handler of manifests: every dataset of the deployment, as far as the time goes. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { openEvidence } from '../../shared/aws/evidence.ts';
import { chainedDatasets } from '../../shared/datasets/chained-datasets.ts';
import { minutes } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Evidence } from '../../shared/ports/evidence.ts';
import { lambdaClock } from '../clock.ts';
import { clientSettings, objectStoreSettings } from '../connect.ts';
import { manifestEnvironment, readEnvironment } from '../environment.ts';
import { makeManifests } from './make-manifests.ts';

/** What the handler calls. */
export interface ManifestAdapters {
  /** Anew for each run: it remembers what it has read. */
  readonly openEvidence: () => Evidence;
  readonly clock: Clock;
}

/** A manifest that was begun needs this long. */
const stepMs = minutes(2);

/** @throws At the end, when a dataset's manifests could not be made: those of the others were. */
export function makeManifestHandler(
  adapters: ManifestAdapters,
): (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<void> {
  return async (_event, context) => {
    const { clock } = adapters;
    const evidence = adapters.openEvidence();
    const asOf = clock.now();
    const endsAt = asOf + context.getRemainingTimeInMillis() - stepMs;
    const pending = await evidence.pendingHours();
    const troubles: string[] = [];
    for (const { dataset } of chainedDatasets) {
      const hours = { asOf, hours: pending.get(dataset) ?? new Set<string>() };
      await makeManifests(dataset, hours, { evidence, clock, isOver: () => clock.now() > endsAt }).catch((error: unknown) => {
        troubles.push(`${dataset}: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
    if (troubles.length > 0) throw new Error(`manifests need a person: ${troubles.join('; ')}`);
  };
}

let made: ReturnType<typeof makeManifestHandler> | undefined;

/** What Lambda calls. */
export async function handler(event: unknown, context: Context): Promise<void> {
  made ??= makeManifestHandler(connectEvidence());
  await made(event, context);
}

function connectEvidence(): ManifestAdapters {
  const { TABLE_NAME: name, BUCKET_NAME: bucket, OBJECT_LOCK: lock } = readEnvironment(manifestEnvironment, process.env);
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings), { marshallOptions: { removeUndefinedValues: true } });
  const s3 = new S3Client(objectStoreSettings());
  return { openEvidence: () => openEvidence({ table: { documents, name, clock: lambdaClock }, s3, bucket, lock }), clock: lambdaClock };
}
