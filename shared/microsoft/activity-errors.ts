import type { ErrorRow } from './error-row.ts';

const ourBug = 'Report this as a bug of m365-audit-lake, with the code';
const otherTenant = "Check tenantDomain and cloud in the tenant's configuration";

/** Unified auditing is off. Microsoft reports it only by the text of an error about a tenant that does not exist. */
export const auditingIsOff: ErrorRow = {
  kind: 'refused',
  message: 'Microsoft has no audit store for this tenant; unified auditing is most likely switched off',
  cure: 'Turn auditing on in the Microsoft Purview portal (Audit, Start recording); it can take 60 minutes to act',
};

/** The subscription exists and is enabled: what start was asked for. Microsoft does not document it. */
export const alreadyEnabled = 'AF20024';

/** The page token is not valid (any more): the list begins again. */
export const badPageToken = 'AF20031';

/**
 * Codes of the Management Activity API.
 *
 * @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#errors
 */
export const activityErrors: Readonly<Record<string, ErrorRow>> = {
  AF10001: {
    kind: 'refused',
    message: 'the token lacks a permission on Office 365 Management APIs',
    cure: "Add the application permission ActivityFeed.Read (and ActivityFeed.ReadDlp for DLP's sensitive values) and grant admin consent",
    isAboutPermission: true,
  },
  AF20001: { kind: 'refused', message: 'a parameter is missing in the request', cure: ourBug },
  AF20002: { kind: 'refused', message: 'a parameter of the request has the wrong type', cure: ourBug },
  AF20003: { kind: 'refused', message: 'the expiration of a webhook lies in the past', cure: ourBug },
  AF20010: { kind: 'refused', message: 'the token belongs to another tenant than the request', cure: otherTenant },
  AF20011: {
    kind: 'refused',
    message: 'Microsoft does not know the tenant, or it was deleted',
    cure: `${otherTenant}; where both are right, turn on unified auditing in the Microsoft Purview portal`,
  },
  AF20012: {
    kind: 'refused',
    message: 'the tenant is not set up correctly at Microsoft',
    cure: 'Open a support request with Microsoft for the Management Activity API',
  },
  AF20013: { kind: 'refused', message: 'the tenant in the request is not a GUID', cure: ourBug },
  AF20020: { kind: 'refused', message: 'Microsoft does not know the content type', cure: ourBug },
  AF20021: { kind: 'refused', message: 'a webhook could not be validated', cure: ourBug },
  AF20022: { kind: 'not-subscribed', message: 'there is no subscription for the content type', cure: 'It is started by the next list' },
  AF20023: {
    kind: 'not-subscribed',
    message: 'the subscription was disabled, by an administrator of the tenant or of the service',
    cure: 'It is started again by the next list; where that does not last, ask who disables it',
  },
  [alreadyEnabled]: { kind: 'unavailable', message: 'the subscription is enabled already', cure: '' },
  AF20030: {
    kind: 'out-of-range',
    message: 'the window is older than 7 days, longer than 24 hours, or reversed',
    cure: 'Check the clock of this machine',
  },
  [badPageToken]: { kind: 'unavailable', message: 'Microsoft did not accept its own page token, twice', cure: '' },
  AF20050: { kind: 'missing', message: 'the content blob is not there', cure: '' },
  AF20051: { kind: 'expired', message: 'the content blob has expired; Microsoft keeps it for 7 days', cure: '' },
  AF20052: { kind: 'missing', message: 'Microsoft does not accept the content id', cure: '' },
  AF20053: { kind: 'refused', message: 'more than one language was asked for', cure: ourBug },
  AF20054: { kind: 'refused', message: 'the language asked for is not valid', cure: ourBug },
  AF20055: {
    kind: 'out-of-range',
    message: 'the window is older than 7 days, longer than 24 hours, or reversed',
    cure: 'Check the clock of this machine',
  },
  AF429: { kind: 'throttled', message: 'too many requests for this tenant and publisher', cure: '' },
  // Internal errors: one is documented, the others were seen; all of them pass, some after hours.
  AF50000: { kind: 'unavailable', message: 'an error inside Microsoft', cure: '' },
  AF50005: { kind: 'unavailable', message: 'an error inside Microsoft', cure: '' },
  AF50006: { kind: 'unavailable', message: 'an error inside Microsoft', cure: '' },
};
