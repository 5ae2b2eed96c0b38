/** The rules of a lake folder, or of a deployment, and those that are added to them. */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ruleLibrary } from '../../rules/library.ts';
import { ruleSetOf, type RuleFiles, type RuleSet } from '../../shared/detections/rule-set.ts';
import { readDeployment, type AwsChoice } from '../aws/deployment.ts';
import type { LakeChoice } from '../commands/options.ts';
import { addedRules, rulesOfLake } from './rule-files.ts';

/** Our own rules, and those that were added; a file that was added takes the place of ours with its name. */
export async function rulesInForce({ lake, aws }: LakeChoice & AwsChoice): Promise<RuleSet> {
  if (!aws) return rulesOfLake(lake);
  const { place, objects } = await ruleObjects();
  return ruleSetOf({ ...ruleLibrary(), ...(await objects.addedRules(place)) });
}

/** Adds files; one that is there already is replaced. */
export async function addRuleFiles({ lake, aws }: LakeChoice & AwsChoice, files: RuleFiles): Promise<void> {
  if (aws) {
    const { place, objects } = await ruleObjects();
    return objects.writeAddedRules(place, { ...(await objects.addedRules(place)), ...files });
  }
  for (const [name, text] of Object.entries(files)) {
    const file = join(addedRules(lake), name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

async function ruleObjects() {
  const [{ S3Client }, objects] = await Promise.all([import('@aws-sdk/client-s3'), import('../../shared/aws/rule-objects.ts')]);
  const { bucketName: bucket } = await readDeployment();
  return { place: { client: new S3Client({}), bucket }, objects };
}
