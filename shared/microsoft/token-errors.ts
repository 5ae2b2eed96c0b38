import type { ErrorRow } from './error-row.ts';

const notFound: ErrorRow = {
  kind: 'refused',
  message: 'the application is not known in this tenant',
  cure: 'Check clientId, tenantDomain and cloud, and that the application was consented to in this tenant',
};
const isDisabled: ErrorRow = {
  kind: 'refused',
  message: 'the application is disabled',
  cure: 'Enable the enterprise application in the Entra portal',
};
const noCredential: ErrorRow = {
  kind: 'refused',
  message: 'the request for a token carried no credential',
  cure: "Store the tenant's credential; its kind has to be the one named in the configuration",
};
const otherCloud: ErrorRow = {
  kind: 'refused',
  message: 'the tenant lives in another national cloud',
  cure: "Change cloud in the tenant's configuration; GCC High and DoD have clouds of their own",
};
const noResource: ErrorRow = {
  kind: 'refused',
  message: 'the API is not known in the tenant, or its permission was never asked for',
  cure: 'Add the API permissions to the application and grant admin consent; where they are there, check cloud (a GCC tenant may need enterprise)',
};
const noConsent: ErrorRow = {
  kind: 'refused',
  message: 'nobody has consented to the permissions',
  cure: 'Grant admin consent in the Entra portal',
};
const badScope: ErrorRow = {
  kind: 'refused',
  message: 'the scope asked for is not valid',
  cure: 'Report this as a bug of m365-audit-lake, with the code',
};
const badCertificate: ErrorRow = {
  kind: 'refused',
  message: 'Microsoft cannot verify what the certificate signed',
  cure: "Upload the certificate to the application and compare its SHA-256 thumbprint with the tenant's credential",
};
const badSignature: ErrorRow = {
  kind: 'refused',
  message: 'Microsoft cannot verify the signature of the assertion',
  cure: 'Store the private key of the certificate that the application has; of a federated credential, check that its issuer is the one named here',
};
const outOfDate: ErrorRow = {
  kind: 'refused',
  message: 'the signed assertion is out of date, or not valid yet',
  cure: 'Check the clock of this machine',
};
const noFederation: ErrorRow = {
  kind: 'refused',
  message: 'no federated credential of the application matches',
  cure: 'Make issuer, subject and audience of the federated credential exactly equal to those named here; a new one takes some minutes to act',
};
const conditionalAccess: ErrorRow = {
  kind: 'refused',
  message: 'a Conditional Access policy blocks the application',
  cure: "Exclude the application from the policy, or add the collector's egress addresses to a named location",
};
const commonAuthority: ErrorRow = {
  kind: 'refused',
  message: 'the token was not asked of a tenant',
  cure: "Set tenantDomain in the tenant's configuration",
};
const busy: ErrorRow = { kind: 'unavailable', message: 'Microsoft Entra cannot issue a token at the moment', cure: '' };

/** AADSTS number of a client secret that is wrong: Microsoft does not distinguish a Secret ID from a mistyped Value. */
export const wrongSecret = 7000215;

/**
 * AADSTS numbers and what to do. Microsoft may change numbers; others count by their status.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const tokenErrors: ReadonlyMap<number, ErrorRow> = new Map<number, ErrorRow>([
  [
    wrongSecret,
    { kind: 'refused', message: 'the client secret is wrong', cure: "Store the secret's Value, not its Secret ID, and check clientId" },
  ],
  [
    7000222,
    {
      kind: 'refused',
      message: 'the client secret has expired',
      cure: 'Create a new client secret, or change to a certificate or federation',
    },
  ],
  [7000218, noCredential],
  [900144, noCredential],
  [700016, notFound],
  [700011, notFound],
  [70001, isDisabled],
  [7000112, isDisabled],
  [
    90002,
    {
      kind: 'refused',
      message: 'Microsoft does not know the tenant',
      cure: 'Check tenantDomain, and cloud: each cloud knows its own tenants only',
    },
  ],
  [90038, otherCloud],
  [900382, otherCloud],
  [900432, otherCloud],
  [500011, noResource],
  [50001, noResource],
  [650057, noResource],
  [
    650052,
    { kind: 'refused', message: 'the organization has not subscribed to the service', cure: 'Add the licence that brings the service' },
  ],
  [65001, noConsent],
  [90094, noConsent],
  [70011, badScope],
  [28002, badScope],
  [700022, badScope],
  [700027, badCertificate],
  [50012, badCertificate],
  [700030, badCertificate],
  [50013, badSignature],
  [500133, outOfDate],
  [700024, outOfDate],
  [70021, noFederation],
  [700211, noFederation],
  [700212, noFederation],
  [700213, noFederation],
  [7002131, noFederation],
  [700025, { kind: 'refused', message: 'the application is a public client', cure: "Switch 'Allow public client flows' off" }],
  [53003, conditionalAccess],
  [530032, conditionalAccess],
  [53000, conditionalAccess],
  [9001023, commonAuthority],
  [90124, commonAuthority],
  [90130, commonAuthority],
  [90055, { kind: 'throttled', message: 'too many requests for tokens of this tenant', cure: '' }],
  [90006, busy],
  [90012, busy],
  [90024, busy],
  [90033, busy],
  [90090, busy],
  [50000, busy],
  [90036, busy],
]);

/** What a GUID in the place of a secret is, when it is refused: Microsoft has one number for this and for any other wrong secret. */
export const secretIdRow: ErrorRow = {
  kind: 'refused',
  message: "the stored client secret is a Secret ID, not the secret's Value",
  cure: 'Store the Value, which the portal shows only once; where it is gone, create a new client secret and store its Value',
};

/** Numbers after which the certificate is to be compared with the application's. */
export const certificateErrors: ReadonlySet<number> = new Set([700027, 50012, 700030, 50013]);

/** Numbers after which another credential may help: the one in hand was refused. */
export const credentialErrors: ReadonlySet<number> = new Set([wrongSecret, 7000222, 700027, 50012, 700030, 50013, 500133, 700024]);
