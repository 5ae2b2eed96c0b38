/** Which tenants a command of `lake tenant` works on: those of a file, or those of the deployment in AWS. */

import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { awsOption, type AwsChoice } from '../../aws/deployment.ts';
import { shellWord } from '../../terminal/shell-word.ts';
import { lakeOption, type LakeChoice } from '../options.ts';

/** What `--tenants`, `--lake` and `--aws` set. */
export interface TenantsChoice extends AwsChoice, LakeChoice {
  readonly tenants?: string;
}

/** Adds `--lake`, `--tenants` and `--aws` to a command. */
export function addTenantsOptions(command: Command): Command {
  return command
    .addOption(lakeOption())
    .addOption(new Option('--tenants <file>', "the tenants file (default: 'tenants.json' of the lake folder)").conflicts('aws'))
    .addOption(awsOption());
}

/** The tenants file that the options name: `--tenants`, else `tenants.json` in the lake folder. */
export function tenantsFileOf({ tenants, lake }: TenantsChoice): string {
  return tenants ?? join(lake, 'tenants.json');
}

/** The options that lead another command to the same tenants and lake, after a space; empty for the usual lake folder. */
export function sameTenants({ aws, tenants, lake }: TenantsChoice): string {
  if (aws) return ' --aws';
  const file = tenants === undefined ? '' : ` --tenants ${shellWord(tenants)}`;
  return lake === '.lake' ? file : `${file} --lake ${shellWord(lake)}`;
}
