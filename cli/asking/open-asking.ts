/** The engine that a command asks: DuckDB over a lake folder, Athena over the deployment. */

import type { Asking } from '../../shared/ports/asking.ts';
import { openLakeAsking, type LakeAskingLimits } from '../../local/asking/lake-asking.ts';
import { systemClock } from '../../local/clock.ts';
import { readDeployment, type AwsChoice } from '../aws/deployment.ts';
import type { LakeChoice } from '../commands/options.ts';

/** Opens it. The caller closes it. @throws UsageError when there is no lake or no deployment. */
export async function openAsking({ lake, aws }: LakeChoice & AwsChoice, limits: LakeAskingLimits = { atOnce: 1 }): Promise<Asking> {
  if (!aws) return openLakeAsking(lake, limits);
  const { AthenaClient } = await import('@aws-sdk/client-athena');
  const { openAthenaAsking } = await import('../../shared/aws/asking/athena-asking.ts');
  const { workgroupName: workgroup, databaseName: database } = await readDeployment();
  return openAthenaAsking({ client: new AthenaClient({}), workgroup, database }, systemClock);
}
