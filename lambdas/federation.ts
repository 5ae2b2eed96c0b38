import type { STSClientConfig } from '@aws-sdk/client-sts';
import { stsAs } from '../shared/aws/assumed-role.ts';
import { webIdentity } from '../shared/aws/web-identity.ts';
import type { Tenant } from '../shared/domain/tenant.ts';
import type { Clock } from '../shared/ports/clock.ts';

/** Proofs of the one role that federated tenants know, whichever function asks. */
export function federation(
  { FEDERATION_ROLE_ARN: roleArn }: { readonly FEDERATION_ROLE_ARN?: string | undefined },
  settings: STSClientConfig,
  clock: Clock,
): (tenant: Tenant) => Promise<string> {
  if (roleArn !== undefined) return webIdentity(stsAs(roleArn, settings), clock);
  return ({ name }) =>
    Promise.reject(new Error(`tenant '${name}' is federated, and this function has no FEDERATION_ROLE_ARN: deploy the stack again`));
}
