/** Interactive sign-ins made up for measuring: the fields and sizes of real ones. */

const cities = [
  ['Leipzig', 'Sachsen', 'DE', 51.34, 12.37],
  ['Lyon', 'Rhone', 'FR', 45.76, 4.84],
  ['Austin', 'Texas', 'US', 30.27, -97.74],
] as const;
const applications = ['Contoso Timesheets', 'Office 365 Exchange Online', 'Microsoft Teams', 'OfficeHome'] as const;
const agent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0';

/** @param at When it happened; milliseconds since 1970. */
export function signInRecord(at: number, random: () => number): object {
  const below = (limit: number): number => Math.floor(random() * limit);
  const guid = (): string => [8, 4, 4, 4, 12].map((digits) => hex(random, digits)).join('-');
  const person = Math.floor(3_000 * random() ** 3);
  const [city, state, country, latitude, longitude] = cities[below(3)] ?? cities[0];
  const application = applications[below(4)] ?? applications[0];
  const hasFailed = random() < 0.15;
  const time = new Date(at).toISOString();
  return {
    id: guid(),
    createdDateTime: time,
    userDisplayName: `Person ${String(person)}`,
    userPrincipalName: `person${String(person)}@contoso.example`,
    userId: `00000000-0000-4000-8000-${String(person).padStart(12, '0')}`,
    appId: `00000000-0000-4000-9000-${String(application.length).padStart(12, '0')}`,
    appDisplayName: application,
    ipAddress: `203.0.113.${String(below(256))}`,
    clientAppUsed: 'Browser',
    userAgent: agent,
    correlationId: guid(),
    conditionalAccessStatus: hasFailed ? 'notApplied' : 'success',
    originalRequestId: guid(),
    isInteractive: true,
    tokenIssuerType: 'AzureAD',
    authenticationRequirement: random() < 0.5 ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
    signInEventTypes: ['interactiveUser'],
    riskDetail: 'none',
    riskLevelAggregated: 'none',
    riskLevelDuringSignIn: 'none',
    riskState: 'none',
    riskEventTypes_v2: [],
    resourceDisplayName: 'Microsoft Graph',
    resourceId: '00000003-0000-0000-c000-000000000000',
    uniqueTokenIdentifier: hex(random, 22),
    autonomousSystemNumber: 64_500,
    userType: 'member',
    crossTenantAccessType: 'none',
    homeTenantId: '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31',
    status: hasFailed
      ? { errorCode: 50126, failureReason: 'Error validating credentials due to invalid username or password.', additionalDetails: null }
      : { errorCode: 0, failureReason: 'Other.', additionalDetails: 'MFA requirement satisfied by claim in the token' },
    deviceDetail: {
      deviceId: guid(),
      displayName: `LAPTOP-${String(person)}`,
      operatingSystem: 'Windows 11',
      browser: 'Edge 141.0.0',
      isCompliant: true,
      isManaged: true,
      trustType: 'Azure AD joined',
    },
    location: { city, state, countryOrRegion: country, geoCoordinates: { altitude: null, latitude, longitude } },
    appliedConditionalAccessPolicies: Array.from({ length: 8 }, (_, index) => ({
      id: `1f3d5b79-8a0c-4e26-b4d8-6f2e0c4a1b3${String(index)}`,
      displayName: `Policy ${String(index)} of the tenant`,
      enforcedGrantControls: ['Mfa'],
      enforcedSessionControls: [],
      result: index === 0 ? 'success' : 'notApplied',
      conditionsSatisfied: 'application,users',
      conditionsNotSatisfied: index === 0 ? 'none' : 'devicePlatform',
    })),
    authenticationDetails: ['Password', 'Mobile app notification'].map((method) => ({
      authenticationStepDateTime: time,
      authenticationMethod: method,
      authenticationMethodDetail: 'in the cloud',
      succeeded: !hasFailed,
      authenticationStepResultDetail: 'Correct',
      authenticationStepRequirement: 'Primary authentication',
    })),
    authenticationProcessingDetails: [{ key: 'Login Hint Present', value: 'True' }],
    networkLocationDetails: [{ networkType: 'trustedNamedLocation', networkNames: ['Leipzig office'] }],
  };
}

function hex(random: () => number, digits: number): string {
  let text = '';
  while (text.length < digits)
    text += Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, digits);
}
