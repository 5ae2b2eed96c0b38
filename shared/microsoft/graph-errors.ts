import type { ErrorRow } from './error-row.ts';

/** The code for tenants without Entra ID P1 or P2, and now and then of tenants that have it. */
export const notPremium = 'Authentication_RequestFromNonPremiumTenantOrB2CTenant';

/**
 * Codes of Microsoft Graph that say what to do.
 *
 * @see https://learn.microsoft.com/graph/errors
 */
export const graphErrors: Readonly<Record<string, ErrorRow>> = {
  [notPremium]: {
    kind: 'refused',
    // Which log type and licence it is, api-call.ts adds from the declaration.
    message: 'the tenant lacks a licence that Microsoft asks for',
    cure: "Add the licence to the tenant, or take the log type out of the tenant's configuration",
  },
  Authentication_MSGraphPermissionMissing: {
    kind: 'refused',
    message: 'the token lacks a permission on Microsoft Graph',
    cure: "Add the log type's application permissions and grant admin consent",
    isAboutPermission: true,
  },
  Authentication_ApplicationHasNoDirectoryReadAccess: {
    kind: 'refused',
    message: "the licence check may not read the tenant's directory",
    cure: 'Add the application permission Directory.Read.All and grant admin consent',
    isAboutPermission: true,
  },
  Forbidden: {
    kind: 'refused',
    message: 'the token lacks an application role',
    cure: "Add the log type's application permissions and grant admin consent",
    isAboutPermission: true,
  },
  Authorization_RequestDenied: {
    kind: 'refused',
    message: 'the application may not read this',
    cure: "Add the log type's application permissions and grant admin consent",
    isAboutPermission: true,
  },
  InvalidAuthenticationToken: {
    kind: 'refused',
    message: 'Microsoft Graph refused a token that was just issued',
    cure: "Check cloud in the tenant's configuration and that the application is enabled",
  },
  TooManyRequests: { kind: 'throttled', message: 'too many requests for this application and tenant', cure: '' },
  activityLimitReached: { kind: 'throttled', message: 'too many requests for this application and tenant', cure: '' },
};

/** Answers that share the code `BadRequest` and differ in their words only; the first that matches counts. */
export const graphErrorTexts: readonly (ErrorRow & { readonly text: RegExp })[] = [
  { text: /skip ?token/i, kind: 'unavailable', message: 'Microsoft Graph did not accept its own page token, twice', cure: '' },
  {
    text: /invalid filter clause/i,
    kind: 'out-of-range',
    message: 'Microsoft Graph refuses the time filter, as it does for times older than it keeps',
    cure: 'Check the clock of this machine and collectFrom of the tenant',
  },
  {
    text: /resource not found for the segment/i,
    kind: 'not-offered',
    message: 'this cloud does not offer the collection',
    cure: "Take the log type out of the tenant's configuration",
  },
];
