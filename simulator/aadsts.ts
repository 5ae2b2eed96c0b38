/** The errors of Entra's token endpoint, in the words and the shape that Microsoft uses. */

import { isoSeconds, type Instant } from '../shared/domain/window.ts';
import { json, type SimulatedAnswer } from './http-message.ts';
import { guidOf } from './random.ts';

interface TokenError {
  readonly status: number;
  readonly error: string;
  /** `{0}` is replaced by what the request named. */
  readonly text: string;
  readonly suberror?: string;
  readonly retryAfterSeconds?: number;
}

const invalidClient = (text: string): TokenError => ({ status: 401, error: 'invalid_client', text });
const badRequest = (error: string, text: string): TokenError => ({ status: 400, error, text });
const busy = (status: number, text: string): TokenError => ({ status, error: 'temporarily_unavailable', text, retryAfterSeconds: 10 });
const blocked = (text: string): TokenError => ({ status: 400, error: 'interaction_required', text, suberror: 'message_only' });

/** @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const tokenErrors: Readonly<Record<number, TokenError>> = {
  50000: badRequest('server_error', 'There was an error issuing a token or an issue with our sign-in service.'),
  90036: badRequest('server_error', 'An unexpected, non-retryable error stemming from the directory service has occurred.'),
  90006: busy(503, 'The service is temporarily unavailable. Please retry later.'),
  90012: busy(503, 'The request to the server has timed out.'),
  90024: busy(503, 'A transient error has occurred. Please try again.'),
  90033: busy(503, 'A transient error has occurred. Please try again.'),
  90090: busy(503, 'A transient error has occurred while calling the directory. Please try again.'),
  90055: { ...busy(429, 'There are too many incoming requests for this tenant.'), retryAfterSeconds: 15 },

  90002: badRequest(
    'invalid_request',
    "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.",
  ),
  90038: badRequest(
    'invalid_request',
    "The specified tenant '{0}' belongs to another National Cloud. Current cloud instance does not federate with it.",
  ),
  900382: badRequest('invalid_request', 'Confidential Client is not supported in Cross Cloud request.'),
  900432: badRequest('invalid_request', 'Confidential Client is not supported in Cross Cloud request.'),
  9001023: badRequest(
    'invalid_grant',
    'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.',
  ),
  90124: badRequest(
    'invalid_request',
    "Resource '{0}' is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.",
  ),
  90130: badRequest(
    'invalid_request',
    "Application '{0}' is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.",
  ),
  900144: badRequest('invalid_request', "The request body must contain the following parameter: '{0}'."),
  70003: badRequest('unsupported_grant_type', "The app requested an unsupported grant type '{0}'."),

  700016: badRequest(
    'unauthorized_client',
    "Application with identifier '{0}' was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
  ),
  700011: badRequest('unauthorized_client', "Application with identifier '{0}' was not found in the directory."),
  70001: badRequest('unauthorized_client', "Application with identifier '{0}' is disabled or was not found in the directory."),
  7000112: badRequest('unauthorized_client', "Application '{0}' is disabled."),
  7000215: invalidClient(
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{0}'.",
  ),
  7000222: invalidClient(
    "The provided client secret keys for app '{0}' are expired. Visit the Azure portal to create new keys for your app.",
  ),
  7000218: invalidClient("The request body must contain the following parameter: 'client_assertion' or 'client_secret'."),
  700025: invalidClient("Client is public so neither 'client_assertion' nor 'client_secret' should be presented."),

  700027: invalidClient(
    "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '{0}']",
  ),
  700030: invalidClient("Invalid certificate - subject name in certificate is not authorized. '{0}'"),
  50012: invalidClient('Client assertion contains an invalid signature. [Reason - The key used is expired.]'),
  50013: invalidClient(
    'Assertion failed signature validation. [Reason - The provided signature value did not match the expected signature value.]',
  ),
  500133: invalidClient(
    'Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token.',
  ),
  70021: badRequest(
    'invalid_client',
    "No matching federated identity record found for presented assertion. Assertion Issuer or Audience: '{0}'.",
  ),
  700213: invalidClient(
    "No matching federated identity record found for presented assertion subject '{0}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.",
  ),
  7002131: invalidClient("No matching federated identity record found for presented assertion. The subject '{0}' does not match in case."),

  70011: badRequest(
    'invalid_scope',
    "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {0} is not valid.",
  ),
  28002: badRequest('invalid_scope', "Provided value for the input parameter scope '{0}' is not valid when requesting an access token."),
  700022: badRequest(
    'invalid_request',
    "The provided value for the input parameter scope '{0}' is not valid because it contains more than one resource.",
  ),
  500011: badRequest(
    'invalid_resource',
    'The resource principal named {0} was not found in the tenant. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.',
  ),
  50001: badRequest('invalid_resource', 'The resource named {0} is disabled or was not found in the tenant.'),
  650057: badRequest(
    'invalid_resource',
    "Invalid resource. The client has requested access to a resource which is not listed in the requested permissions in the client's application registration. Resource value from request: {0}.",
  ),
  650052: badRequest(
    'access_denied',
    "The app is trying to access a service '{0}' that your organization lacks a service principal for. Contact your IT Admin to review the configuration of your service subscriptions.",
  ),
  65001: badRequest(
    'invalid_grant',
    "The user or administrator has not consented to use the application with ID '{0}'. Send an interactive authorization request for this user and resource.",
  ),
  90094: badRequest('invalid_grant', 'An admin consent is required.'),

  53003: blocked('Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.'),
  530032: blocked('Blocked by security policy.'),
  53000: blocked('Device is not in required device state: compliant.'),
};

/**
 * The answer of the token endpoint for an AADSTS code.
 *
 * @param named What the request named wrongly; never a secret.
 */
export function tokenError(code: number, named: string, now: Instant): SimulatedAnswer {
  const known = tokenErrors[code] ?? badRequest('invalid_request', 'The request failed.');
  const [traceId, correlationId] = [guidOf('trace', code, now), guidOf('correlation', code, now)];
  const timestamp = isoSeconds(now).replace('T', ' ');
  const text = known.text.replace('{0}', named);
  return json(
    known.status,
    {
      error: known.error,
      error_description: `AADSTS${String(code)}: ${text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${String(code)}`,
      ...(known.suberror === undefined ? {} : { suberror: known.suberror }),
    },
    known.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(known.retryAfterSeconds) },
    { isThrottled: known.status === 429 },
  );
}
