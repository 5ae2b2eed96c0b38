/** What is wrong, in words for the person who tests a tenant: Microsoft's refusals, completed by what is known here. */

import { cloudById, clouds } from '../../shared/clouds.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { minutes, seconds, utcDate } from '../../shared/domain/window.ts';
import type { Permission } from '../../shared/log-types/log-type.ts';
import type { Refusal } from '../../shared/ports/microsoft.ts';
import { looksLikeSecret } from '../../shared/redact.ts';
import type { Problem } from './checked-tenant.ts';
import { cloudOf, hasAnswered, type CheckDeps, type Subject } from './checking.ts';

/** Codes that say more than that something is wrong. */
export const auditingOffCode = 'DataServiceException';
/** Microsoft's code for a tenant without a P1 or P2 licence, observed on sign-ins and audits. */
export const notPremiumCode = 'Authentication_RequestFromNonPremiumTenantOrB2CTenant';

/** What a refusal means for the subject. */
export function problemOf(refusal: Refusal, subject: Subject, deps: CheckDeps): Problem {
  const { code, message, cure } = refusal.cause;
  if (clockCodes.has(code)) return clockProblem(deps) ?? { code, message, cure, needs: 'person' };
  switch (refusal.kind) {
    case 'throttled':
      return { code, message, cure: `Nothing is wrong with the tenant: test again ${inTime(refusal.retryAfterMs)}`, needs: 'time' };
    case 'unavailable':
      return { code, message: `${hasAnswered(refusal) ? down : unreached}: ${message}`, cure: cure || waitCure, needs: 'time' };
    case 'not-offered':
      return notOffered(refusal, subject, deps);
    default:
      return refused(refusal, subject, deps);
  }
}

/** Entra forgives five minutes; so do the windows that are listed again. Undefined while the clocks agree. */
export function clockProblem({ microsoft }: Pick<CheckDeps, 'microsoft'>): Problem | undefined {
  const leadMs = microsoft.clockLeadMs() ?? 0;
  if (Math.abs(leadMs) <= minutes(5)) return undefined;
  const distance = `${String(Math.round(Math.abs(leadMs) / minutes(1)))} minutes ${leadMs > 0 ? 'ahead of' : 'behind'} Microsoft's`;
  return { code: 'clock', message: `the clock of this machine is ${distance}`, cure: 'Set the clock, by NTP say', needs: 'person' };
}

/** The token carries too little, as its `roles` say. */
export function missingProblem(
  missing: readonly Permission[],
  roles: readonly string[],
  { tenant, logType }: Subject,
  deps: Pick<CheckDeps, 'sameTenants'>,
): Problem {
  const names = missing.map(({ name }) => name).join(', ');
  const api = logType.source.kind === 'content' ? 'Office 365 Management APIs' : 'Microsoft Graph';
  const cure = `Add the application permission ${names} on ${api} and grant admin consent${consentLink(tenant, deps)}`;
  if (roles.length > 0) {
    const message = `the token lacks the role ${names} on ${api}; it carries ${roles.join(', ')}`;
    return { code: 'missing-role', message, cure, needs: 'person' };
  }
  const message = `nobody has consented to any permission on ${api}: the token carries no roles, ${logType.id} needs ${names}`;
  return { code: 'no-roles', message, cure, needs: 'person' };
}

function consentLink({ name }: Tenant, { sameTenants }: Pick<CheckDeps, 'sameTenants'>): string {
  return `; 'lake tenant permissions ${name}${sameTenants}' prints the link`;
}

/** Of a log type whose API has no rows any more; undefined while it is not retired. */
export function retiredProblem({ tenant, logType }: Subject, { clock, sameTenants }: CheckDeps): Problem | undefined {
  const { retired } = logType;
  if (!retired || clock.now() < retired.at) return undefined;
  const message = `Microsoft retired the API of ${logType.id} on ${utcDate(retired.at)}; it serves nothing`;
  const cure = `Replace it: lake tenant edit ${tenant.name}${sameTenants} --replace ${logType.id}=${retired.replacement}`;
  return { code: 'retired', message, cure, needs: 'person' };
}

/** The credential could not be read, or AWS would not sign for the federated one. */
export function credentialProblem(error: unknown): Problem {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const isDisabled = name === 'OutboundWebIdentityFederationDisabledException';
  const cure = isDisabled
    ? 'Enable it once for the AWS account: aws iam enable-outbound-web-identity-federation'
    : 'Correct what the message names, then test again';
  const words = looksLikeSecret(message) ? 'its reason is not repeated here, for it looks like a secret' : message;
  return { code: name === 'Error' ? 'credential' : name, message: `the credential cannot be had: ${words}`, cure, needs: 'person' };
}

const clockCodes: ReadonlySet<string> = new Set(['AADSTS500133', 'AADSTS700024', 'AF20030', 'AF20055']);
const [down, unreached] = ['Microsoft is down', 'Microsoft cannot be reached'];
const waitCure = 'Test again later; https://status.cloud.microsoft says whether Microsoft knows of it';
const reportCure = 'Test again; where it lasts, report it as a bug of m365-audit-lake, with the code';

function inTime(retryAfterMs: number | undefined): string {
  return retryAfterMs === undefined ? 'in a minute or two' : `in ${String(Math.ceil(retryAfterMs / seconds(1)))} s`;
}

function notOffered({ cause }: Refusal, subject: Subject, deps: CheckDeps): Problem {
  const retired = retiredProblem(subject, deps);
  if (retired) return retired;
  const message = `cloud '${cloudOf(subject)}' does not offer ${subject.logType.id}`;
  return { code: cause.code, message, cure: cause.cure, needs: 'person' };
}

function refused({ cause }: Refusal, subject: Subject, deps: CheckDeps): Problem {
  const elsewhere = cause.code === 'AADSTS90002' ? otherCloud(subject) : undefined;
  const value = valueByCode[cause.code]?.(subject);
  const message = value === undefined ? cause.message : `${cause.message}; ${value}`;
  const link = consentCodes.has(cause.code) ? consentLink(subject.tenant, deps) : '';
  return { code: cause.code, message, cure: `${cause.cure || reportCure}${link}`, needs: 'person', ...elsewhere };
}

const consentCodes: ReadonlySet<string> = new Set(['AADSTS65001', 'AADSTS90094', 'AADSTS650057', 'AADSTS500011', 'AADSTS700016']);

/** The value of the configuration that Microsoft refused. */
const valueByCode: Readonly<Record<string, (subject: Subject) => string>> = {
  AADSTS90002: ({ tenant }) => `tenantDomain is '${tenant.tenantDomain}'`,
  AADSTS90038: (subject) => `cloud is '${cloudOf(subject)}'`,
  AADSTS900382: (subject) => `cloud is '${cloudOf(subject)}'`,
  AADSTS900432: (subject) => `cloud is '${cloudOf(subject)}'`,
  AADSTS700016: ({ tenant }) => `clientId is '${tenant.clientId}'`,
  AADSTS700011: ({ tenant }) => `clientId is '${tenant.clientId}'`,
};

/** A cloud knows nothing of the tenants of others, but the first domain of each shows where it lives. */
function otherCloud(subject: Subject): Pick<Problem, 'message' | 'cure'> | undefined {
  const { tenantDomain } = subject.tenant;
  const cloud = cloudById(cloudOf(subject));
  const home = clouds.find((one) => tenantDomain.endsWith(`.${one.tenantDomain}`));
  if (!home || home.authority === cloud.authority) return undefined;
  const message = `the tenant lives in another national cloud: '${tenantDomain}' is of ${home.nationalCloud}, cloud is '${cloud.id}'`;
  return { message, cure: "Change cloud in the tenant's configuration; GCC High and DoD have clouds of their own" };
}
