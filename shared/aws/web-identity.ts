import { GetWebIdentityTokenCommand, type STSClient } from '@aws-sdk/client-sts';
import { cloudById } from '../clouds.ts';
import type { Tenant } from '../domain/tenant.ts';
import { minutes, type Instant } from '../domain/window.ts';
import type { Clock } from '../ports/clock.ts';

/**
 * Proofs of identity that AWS signs for this function's role, in place of a secret of Microsoft's.
 *
 * @param client Of a region: the global endpoint does not sign.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html
 */
export function webIdentity(client: STSClient, clock: Clock): (tenant: Tenant) => Promise<string> {
  const kept = new Map<string, { readonly token: string; readonly until: Instant }>();
  return async (tenant) => {
    const audience = audienceOf(tenant);
    const known = kept.get(audience);
    if (known && clock.now() < known.until) return known.token;
    // Entra knows RS256 only.
    const request = { Audience: [audience], SigningAlgorithm: 'RS256', DurationSeconds: 300 };
    const { WebIdentityToken: token, Expiration } = await client.send(new GetWebIdentityTokenCommand(request));
    if (token === undefined || token === '')
      throw new Error('sts:GetWebIdentityToken answered without a token; enable outbound identity federation for the account');
    kept.set(audience, { token, until: (Expiration?.getTime() ?? 0) - minutes(1) });
    return token;
  };
}

/** A tenant lives in one Entra, whichever of its clouds names it. */
function audienceOf({ name, managementActivity, graph }: Tenant): string {
  const cloud = managementActivity?.cloud ?? graph?.cloud;
  if (cloud === undefined) throw new Error(`tenant '${name}' collects nothing, so its credential has no audience; choose a log type`);
  return cloudById(cloud).federationAudience;
}
