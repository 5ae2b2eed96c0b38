/** The desk that a command's options mean: the tenants file, or the deployment's parameters. */

import { stdin, stderr } from 'node:process';
import { tenantNameFaults } from '../../../shared/tenant-config.ts';
import { readDeployment } from '../../aws/deployment.ts';
import type { CheckPlace } from '../../tenants/check-tenant.ts';
import type { CredentialPlaces } from '../../tenants/credential-input.ts';
import { openFileDesk } from '../../tenants/file-desk.ts';
import { openParameterDesk } from '../../tenants/parameter-desk.ts';
import { personAt } from '../../tenants/person.ts';
import type { TenantDesk } from '../../tenants/tenant-desk.ts';
import { UsageError } from '../../../local/exit.ts';
import { tenantsFileOf, type TenantsChoice } from './tenants-choice.ts';

export interface Desk {
  readonly desk: TenantDesk;
  /** Where the tenant is tested: where it is collected. */
  readonly checkPlace: CheckPlace;
}

export async function openDesk(options: TenantsChoice & { readonly simulator?: string }): Promise<Desk> {
  if (options.aws) {
    const deployment = await readDeployment();
    return { desk: openParameterDesk(deployment), checkPlace: { kind: 'aws', deployment } };
  }
  const tenantsFile = tenantsFileOf(options);
  const simulator = options.simulator === undefined ? {} : { simulator: options.simulator };
  return { desk: openFileDesk(tenantsFile, process.env), checkPlace: { kind: 'machine', tenantsFile, ...simulator } };
}

/** @throws UsageError for a name that could not be part of a path; nothing is read or written by such a name. */
export function goodName(name: string): string {
  const faults = tenantNameFaults(name);
  if (faults.length > 0) throw new UsageError(faults.join('; '));
  return name;
}

/** This process' own terminal; questions go to stderr, for stdout is for answers. */
export function whoeverIsThere(): CredentialPlaces {
  return { person: personAt({ input: stdin, output: stderr }), env: process.env, stdin };
}

/** Of the other commands' lines: the options that lead to the same tenants. */
export function sameTenants(options: TenantsChoice): string {
  if (options.aws) return ' --aws';
  if (options.tenants !== undefined) return ` --tenants ${options.tenants}`;
  return options.lake === '.lake' ? '' : ` --lake ${options.lake}`;
}
