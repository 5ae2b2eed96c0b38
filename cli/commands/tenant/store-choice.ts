/** The store that a command's options mean: the tenants file, or the deployment's parameters. */

import { stdin, stderr } from 'node:process';
import { tenantNameFaults } from '../../../shared/tenant-config.ts';
import { systemClock } from '../../../local/clock.ts';
import { readDeployment } from '../../aws/deployment.ts';
import { auditInTable, callerArn } from '../../aws/tenant-audit.ts';
import type { CheckPlace } from '../../tenants/check-place.ts';
import type { CredentialPlaces } from '../../tenants/credential-input.ts';
import { openFileStore } from '../../tenants/file-store.ts';
import { openParameterStore } from '../../tenants/parameter-store.ts';
import { personAt } from '../../tenants/person.ts';
import { audited, auditBeside, noteTo, personHere, type Note, type TenantAudit } from '../../tenants/tenant-audit.ts';
import type { TenantStore } from '../../tenants/tenant-store.ts';
import { UsageError } from '../../../local/exit.ts';
import { sameTenants, tenantsFileOf, type TenantsChoice } from './tenants-choice.ts';

/** Where the tenants of a command are stored and tested. */
export interface ChosenStore {
  readonly store: TenantStore;
  /** Where the tenant is tested: where it is collected. */
  readonly checkPlace: CheckPlace;
  /** Who changed what; the store's changes are written to it by themselves. */
  readonly audit: TenantAudit;
  readonly note: Note;
}

/** The store that the options name: the deployment with `--aws`, else the tenants file. @throws UsageError when there is no deployment. */
export async function chooseStore(options: TenantsChoice & { readonly simulator?: string }): Promise<ChosenStore> {
  if (options.aws) {
    const deployment = await readDeployment();
    const audit = auditInTable(deployment.tableName, systemClock);
    const note = noteTo(audit, systemClock, () => callerArn());
    return { store: audited(openParameterStore(deployment), note), checkPlace: { kind: 'aws', deployment }, audit, note };
  }
  const tenantsFile = tenantsFileOf(options);
  const simulator = options.simulator === undefined ? {} : { simulator: options.simulator };
  const audit = auditBeside(tenantsFile);
  const note = noteTo(audit, systemClock, () => Promise.resolve(personHere(process.env)));
  const store = audited(openFileStore(tenantsFile, process.env, sameTenants(options)), note);
  return { store, checkPlace: { kind: 'machine', tenantsFile, sameTenants: store.sameTenants, ...simulator }, audit, note };
}

/** @throws UsageError for a name that could not be part of a path; nothing is read or written by such a name. */
export function checkedName(name: string): string {
  const faults = tenantNameFaults(name);
  if (faults.length > 0) throw new UsageError(faults.join('; '));
  return name;
}

/** This process' own terminal; questions go to stderr, for stdout is for answers. */
export function thisTerminal(): CredentialPlaces {
  return { person: personAt({ input: stdin, output: stderr }), env: process.env, stdin };
}
