/** Sign-ins of people, interactive and not, as beta sends them (v1.0 is a part of it, see sign-in-collection.ts). */

import type { Person } from '../people.ts';
import { locationOf, type Place } from '../places.ts';
import { authenticationSteps, conditionalAccess, policies } from './sign-in-details.ts';
import { sevenDigits, type JsonRecord, type Moment } from './maker.ts';

/** What a sign-in says that the rest of it does not follow from. */
export interface SignIn {
  readonly person: Person;
  readonly address: string;
  readonly place: Place;
  readonly errorCode: number;
  readonly isInteractive: boolean;
  readonly clientAppUsed?: string;
  readonly protocol?: string;
  readonly userAgent?: string;
  readonly risk?: 'none' | 'low' | 'medium' | 'high';
  readonly riskEvent?: string;
}

/** A record of `auditLogs/signIns` as beta sends it. */
export function personSignIn(moment: Moment, what: SignIn): JsonRecord {
  const { chance, company, at } = moment;
  const { person, errorCode, isInteractive } = what;
  const id = chance.guid();
  const app = chance.pick(company.apps);
  const resource = chance.pick(resources);
  const created = sevenDigits(at, chance.hex(8).replaceAll(/\D/g, '7'));
  const isKnownDevice = what.userAgent === undefined;
  const isMfa = isInteractive && chance.chance(0.7);
  return {
    id,
    createdDateTime: created,
    userDisplayName: person.displayName,
    userPrincipalName: person.userPrincipalName.toLowerCase(),
    userId: person.objectId,
    appId: app.appId,
    appDisplayName: app.displayName,
    ipAddress: what.address,
    ipAddressFromResourceProvider: null,
    clientAppUsed: what.clientAppUsed ?? app.clientAppUsed,
    userAgent: what.userAgent ?? person.device.userAgent,
    correlationId: chance.guid(),
    conditionalAccessStatus: conditionalAccess(errorCode),
    originalRequestId: id,
    isInteractive,
    tokenIssuerName: '',
    tokenIssuerType: 'AzureAD',
    clientCredentialType: 'none',
    processingTimeInMilliseconds: chance.int(40, 900),
    ...risk(what),
    resourceDisplayName: resource.name,
    resourceId: resource.id,
    resourceTenantId: company.tenantId,
    homeTenantId: company.tenantId,
    homeTenantName: '',
    authenticationMethodsUsed: [],
    authenticationRequirement: isMfa ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
    azureResourceId: '',
    federatedCredentialId: '',
    signInIdentifier: person.userPrincipalName,
    signInIdentifierType: null,
    servicePrincipalName: null,
    signInEventTypes: [isInteractive ? 'interactiveUser' : 'nonInteractiveUser'],
    servicePrincipalId: '',
    userType: person.isGuest ? 'guest' : 'member',
    flaggedForReview: false,
    isTenantRestricted: false,
    autonomousSystemNumber: what.place.autonomousSystemNumber,
    crossTenantAccessType: person.isGuest ? 'b2bCollaboration' : 'none',
    servicePrincipalCredentialKeyId: null,
    servicePrincipalCredentialThumbprint: '',
    uniqueTokenIdentifier: chance.hex(22),
    incomingTokenType: isInteractive ? 'none' : chance.pick(['primaryRefreshToken', 'refreshToken']),
    authenticationProtocol: what.protocol ?? 'none',
    resourceServicePrincipalId: chance.guid(),
    signInTokenProtectionStatus: 'none',
    originalTransferMethod: 'none',
    isThroughGlobalSecureAccess: false,
    globalSecureAccessIpAddress: null,
    sessionId: chance.guid(),
    appOwnerTenantId: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a',
    resourceOwnerTenantId: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a',
    status: {
      errorCode,
      failureReason: failureReasons[errorCode] ?? 'Other.',
      additionalDetails: errorCode === 0 && isMfa ? 'MFA requirement satisfied by claim in the token' : null,
    },
    deviceDetail: deviceDetail(person, isKnownDevice),
    location: locationOf(what.place),
    mfaDetail: null,
    appliedConditionalAccessPolicies: policies(moment, errorCode, isMfa),
    authenticationContextClassReferences: [],
    authenticationProcessingDetails: [
      { key: 'Legacy TLS (TLS 1.0, 1.1, 3DES)', value: 'False' },
      { key: 'Oauth Scope Info', value: '["Files.Read","User.Read","openid","profile"]' },
      { key: 'Is CAE Token', value: chance.chance(0.5) ? 'True' : 'False' },
    ],
    networkLocationDetails: what.address.startsWith('198.51.100.')
      ? [{ networkType: 'trustedNamedLocation', networkNames: ['Büros'] }]
      : [],
    authenticationDetails: isInteractive ? authenticationSteps(moment, created, errorCode, isMfa) : [],
    authenticationRequirementPolicies: isMfa ? [{ requirementProvider: 'multiConditionalAccess', detail: 'Conditional Access' }] : [],
    sessionLifetimePolicies: [],
    privateLinkDetails: { policyId: '', policyName: '', resourceId: '', policyTenantId: '' },
    appliedEventListeners: [],
    authenticationAppDeviceDetails: null,
    authenticationAppPolicyEvaluationDetails: [],
    managedServiceIdentity: null,
    tokenProtectionStatusDetails: { signInSessionStatus: 'unbound', signInSessionStatusCode: 1002 },
  };
}

function risk({ risk: level = 'none', riskEvent }: SignIn): JsonRecord {
  const events = riskEvent === undefined ? [] : [riskEvent];
  return {
    riskDetail: 'none',
    riskLevelAggregated: level,
    riskLevelDuringSignIn: level,
    riskState: level === 'none' ? 'none' : 'atRisk',
    riskEventTypes: events,
    riskEventTypes_v2: events,
  };
}

function deviceDetail({ device }: Person, isKnown: boolean): JsonRecord {
  if (!isKnown)
    return {
      deviceId: '',
      displayName: '',
      operatingSystem: 'Linux',
      browser: 'Firefox 128.0',
      isCompliant: false,
      isManaged: false,
      trustType: '',
    };
  const { deviceId, displayName, operatingSystem, browser, isCompliant, trustType } = device;
  return { deviceId, displayName, operatingSystem, browser, browserId: null, isCompliant, isManaged: deviceId !== '', trustType };
}

const failureReasons: Readonly<Record<number, string>> = {
  50053: 'The account is locked, you have tried to sign in too many times with an incorrect user ID or password.',
  50074: 'Strong Authentication is required.',
  50126: 'Error validating credentials due to invalid username or password.',
  50140: "This error occurred due to 'Keep me signed in' interrupt when the user was signing-in.",
  50173: 'The provided grant has expired due to it being revoked, a fresh auth token is needed.',
  53003: 'Access has been blocked by Conditional Access policies.',
  65001: 'The user or administrator has not consented to use the application.',
  500121: 'Authentication failed during strong authentication request.',
  700082: 'The refresh token has expired due to inactivity.',
};

const resources = [
  { name: 'Office 365 Exchange Online', id: '00000002-0000-0ff1-ce00-000000000000' },
  { name: 'Microsoft Graph', id: '00000003-0000-0000-c000-000000000000' },
  { name: 'Windows Azure Service Management API', id: '797f4846-ba00-4fd7-ba43-dac1f8f63013' },
] as const;

/** Details that were incomplete at first: the method is known now, and risk was assessed. */
export function correctSignIn(record: JsonRecord, { chance, at }: Moment): JsonRecord {
  const isRisky = chance.chance(0.2);
  const step = {
    authenticationStepDateTime: sevenDigits(at, '0000'),
    authenticationMethod: 'Previously satisfied',
    authenticationMethodDetail: null,
    succeeded: true,
    authenticationStepResultDetail: 'MFA requirement satisfied by claim in the token',
    authenticationStepRequirement: 'Multifactor authentication',
  };
  return {
    ...record,
    ...(isRisky
      ? {
          riskLevelAggregated: 'medium',
          riskLevelDuringSignIn: 'low',
          riskState: 'atRisk',
          riskEventTypes: ['unfamiliarFeatures'],
          riskEventTypes_v2: ['unfamiliarFeatures'],
        }
      : {}),
    status: { errorCode: 0, failureReason: 'Other.', additionalDetails: 'MFA completed in Azure AD' },
    authenticationDetails: [step],
  };
}
