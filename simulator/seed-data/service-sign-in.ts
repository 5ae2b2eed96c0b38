/** Sign-ins of service principals and managed identities: no user, and for managed identities no address. */

import type { ServiceIdentity } from '../people.ts';
import { locationOf, type Place } from '../places.ts';
import { sevenDigits, type JsonRecord, type Moment } from './maker.ts';

/** What a sign-in says that the rest of it does not follow from. */
export interface ServiceSignIn {
  readonly service: ServiceIdentity;
  readonly address: string;
  readonly place: Place | undefined;
  readonly errorCode: number;
  readonly eventType: 'servicePrincipal' | 'managedIdentity';
}

/** A record of `auditLogs/signIns` as beta sends it. */
export function serviceSignIn({ chance, company, at }: Moment, what: ServiceSignIn): JsonRecord {
  const { service, errorCode, eventType } = what;
  const id = chance.guid();
  const isManaged = eventType === 'managedIdentity';
  const isFederated = service.name === 'github-actions-oidc';
  return {
    id,
    createdDateTime: sevenDigits(at, chance.hex(8).replaceAll(/\D/g, '3')),
    userDisplayName: null,
    userPrincipalName: null,
    userId: '',
    appId: service.appId,
    appDisplayName: null,
    ipAddress: what.address,
    ipAddressFromResourceProvider: null,
    clientAppUsed: null,
    userAgent: null,
    correlationId: chance.guid(),
    conditionalAccessStatus: 'notApplied',
    originalRequestId: '',
    isInteractive: false,
    tokenIssuerName: null,
    tokenIssuerType: 'AzureAD',
    clientCredentialType: isManaged ? 'managedIdentity' : isFederated ? 'federatedIdentityCredential' : 'clientSecret',
    processingTimeInMilliseconds: 0,
    riskDetail: 'none',
    riskLevelAggregated: 'none',
    riskLevelDuringSignIn: 'none',
    riskState: 'none',
    riskEventTypes_v2: [],
    resourceDisplayName: chance.pick([
      'Microsoft Graph',
      'Azure Key Vault',
      'Windows Azure Service Management API',
      'Office 365 Management APIs',
    ]),
    resourceId: chance.pick([
      '00000003-0000-0000-c000-000000000000',
      'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
      'c5393580-f805-4401-95e8-94b7a6ef2fc2',
    ]),
    resourceTenantId: company.tenantId,
    homeTenantId: company.tenantId,
    homeTenantName: '',
    authenticationMethodsUsed: [],
    authenticationRequirement: 'singleFactorAuthentication',
    azureResourceId: isManaged ? service.resourceId : '',
    federatedCredentialId: isFederated ? service.keyId : '',
    signInIdentifier: '',
    signInIdentifierType: null,
    servicePrincipalName: service.name,
    signInEventTypes: [eventType],
    servicePrincipalId: service.servicePrincipalId,
    userType: null,
    flaggedForReview: false,
    isTenantRestricted: false,
    autonomousSystemNumber: what.place?.autonomousSystemNumber ?? null,
    crossTenantAccessType: 'none',
    servicePrincipalCredentialKeyId: isManaged || isFederated ? null : service.keyId,
    servicePrincipalCredentialThumbprint: '',
    uniqueTokenIdentifier: chance.hex(22),
    incomingTokenType: 'none',
    authenticationProtocol: 'none',
    resourceServicePrincipalId: chance.guid(),
    signInTokenProtectionStatus: 'none',
    originalTransferMethod: 'none',
    sessionId: null,
    status: { errorCode, failureReason: errorCode === 0 ? 'Other.' : 'Invalid client credential.', additionalDetails: null },
    deviceDetail: {
      deviceId: '',
      displayName: null,
      operatingSystem: '',
      browser: '',
      browserId: null,
      isCompliant: null,
      isManaged: null,
      trustType: null,
    },
    location: locationOf(what.place),
    mfaDetail: null,
    appliedConditionalAccessPolicies: [],
    authenticationContextClassReferences: [],
    authenticationProcessingDetails: [
      { key: 'Azure AD App Authentication Library', value: 'Family: MSAL Library: MSAL.JS 7.2.1 Platform: JS' },
    ],
    networkLocationDetails: [],
    authenticationDetails: [],
    authenticationRequirementPolicies: [],
    sessionLifetimePolicies: [],
    privateLinkDetails: { policyId: '', policyName: '', resourceId: '', policyTenantId: '' },
    appliedEventListeners: [],
    managedServiceIdentity: isManaged
      ? { msiType: 'systemAssigned', associatedResourceId: service.resourceId, federatedTokenId: '', federatedTokenIssuer: '' }
      : null,
    agent: { agentType: 'notAgentic', parentAppId: null },
  };
}

/** Risk was assessed, and the time that it took is known. */
export function correctServiceSignIn(record: JsonRecord, { chance }: Moment): JsonRecord {
  return { ...record, processingTimeInMilliseconds: chance.int(1, 90), riskLevelAggregated: 'low', riskLevelDuringSignIn: 'low' };
}
