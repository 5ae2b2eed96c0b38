/** What Entra has to know of the role that a deployment proves to be. */

import { GetWebIdentityTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { z } from 'zod';
import type { Deployment } from '../../shared/domain/deployment.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { entraOf } from './permissions.ts';

/** The three values that Entra asks for. */
export interface FederatedCredential {
  /** The account's own issuer; absent when it could not be found out, and `toFindIssuer` says how. */
  readonly issuer?: string;
  readonly toFindIssuer?: string;
  /** Entra compares it letter by letter. */
  readonly subject: string;
  readonly audience: string;
}

/**
 * Issuer, subject and audience of the federated credential.
 *
 * Every token of an account has the same issuer, so that one of this command line's own role shows it. It is thrown away.
 */
export async function federatedCredential(
  tenant: Tenant,
  { federationRoleArn }: Deployment,
  sts = new STSClient({}),
): Promise<FederatedCredential> {
  const { federationAudience: audience } = entraOf(tenant);
  return { ...(await issuerOf(audience, sts)), subject: federationRoleArn, audience };
}

async function issuerOf(audience: string, sts: STSClient): Promise<Pick<FederatedCredential, 'issuer' | 'toFindIssuer'>> {
  try {
    const request = { Audience: [audience], SigningAlgorithm: 'RS256', DurationSeconds: 60 };
    const { WebIdentityToken: token = '' } = await sts.send(new GetWebIdentityTokenCommand(request));
    return { issuer: claims.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))).iss };
  } catch (error) {
    const isDisabled = error instanceof Error && error.name.startsWith('OutboundWebIdentityFederationDisabled');
    return {
      toFindIssuer: isDisabled ? 'aws iam enable-outbound-web-identity-federation' : 'aws iam get-outbound-web-identity-federation-info',
    };
  }
}

const claims = z.object({ iss: z.string() });
