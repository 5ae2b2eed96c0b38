/** The errors of the Management Activity API: code, HTTP status and Microsoft's words. */

import type { Faults } from './faults.ts';
import { json, type AnswerFacts, type SimulatedAnswer } from './http-message.ts';

interface ManagementError {
  readonly status: number;
  /** `{0}` and `{1}` are replaced by what the request named. */
  readonly text: string;
}

const badRequest = (text: string): ManagementError => ({ status: 400, text });

/** @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#errors */
const errors: Readonly<Record<string, ManagementError>> = {
  // Observed with HTTP 401 and an empty list: microsoft/coe-starter-kit#3192.
  AF10001: { status: 401, text: 'The permission set ({0}) sent in the request does not include the expected permission.' },
  AF20001: badRequest('Missing parameter: {0}.'),
  AF20002: badRequest('Invalid parameter type: {0}. Expected type: {1}'),
  AF20010: badRequest('The tenant ID passed in the URL ({0}) does not match the tenant ID passed in the access token ({1}).'),
  AF20011: badRequest('Specified tenant ID ({0}) does not exist in the system or has been deleted.'),
  AF20012: badRequest('Specified tenant ID ({0}) is incorrectly configured in the system.'),
  AF20013: badRequest('The tenant ID passed in the URL ({0}) is not a valid GUID.'),
  AF20020: badRequest('The specified content type is not valid.'),
  AF20022: badRequest('No subscription found for the specified content type.'),
  // Observed without saying by whom: wazuh/wazuh#29674.
  AF20023: badRequest('The subscription was disabled.'),
  // Undocumented: microsoft/coe-starter-kit#2807.
  AF20024: badRequest('The subscription is already enabled. No property change.'),
  AF20030: badRequest(
    'Start time and end time must both be specified (or both omitted) and must be less than or equal to 24 hours apart, with the start time no more than 7 days in the past.',
  ),
  AF20031: badRequest('Invalid nextPage Input: {0}.'),
  AF20050: badRequest('The specified content ({0}) does not exist.'),
  AF20051: badRequest('Content requested with the key {0} has already expired. Content older than 7 days cannot be retrieved.'),
  AF20052: badRequest('Content ID {0} in the URL is invalid.'),
  AF20053: badRequest('Only one language may be present in the Accept-Language header.'),
  AF20054: badRequest('Invalid syntax in Accept-Language header.'),
  AF20055: badRequest(
    'Start time and end time must both be specified (or both omitted) and must be less than or equal to 24 hours apart, with the start time no more than 7 days in the past.',
  ),
  // A throttled request is HTTP 403, not 429.
  AF429: { status: 403, text: 'Too many requests. Method={0}, PublisherId={1}' },
  AF50000: { status: 500, text: 'An internal error occurred. Retry the request.' },
};

/** An error body. @param named Fills `{0}` and `{1}` of Microsoft's text. */
export function managementError(code: string, named: readonly string[] = [], facts: AnswerFacts = {}): SimulatedAnswer {
  const { status, text } = errors[code] ?? { status: 500, text: 'An internal error occurred. Retry the request.' };
  const message = named.reduce((filled, value, index) => filled.replace(`{${String(index)}}`, value), text);
  return json(status, { error: { code, message } }, {}, facts);
}

/** What a tenant with unified auditing switched off gets: an error that reads as if the tenant were wrong. */
export function auditingOffError(tenantId: string): SimulatedAnswer {
  const message = `Microsoft.Office.Compliance.Audit.DataServiceException: Tenant ${tenantId} does not exist.`;
  return json(500, { error: { code: 'AF50000', message } });
}

/** No token, a token of another API, or one that has expired. */
export function unauthorized(): SimulatedAnswer {
  return json(401, { Message: 'Authorization has been denied for this request.' }, { 'WWW-Authenticate': 'Bearer' });
}

/**
 * The same error in one of the shapes that clients have met: `{error: {code, message}}` as in the reference, without the `error` around it,
 * or with single quotes as in the troubleshooting page.
 */
export function reshaped(answer: SimulatedAnswer, shape: Faults['errorShape'], number: number): SimulatedAnswer {
  if (answer.status < 400 || shape === 'nested' || !answer.body.includes('"error":{"code"')) return answer;
  const { error } = JSON.parse(answer.body.toString()) as { error: { code: string; message: string } };
  const shapes = {
    nested: JSON.stringify({ error }),
    flat: JSON.stringify({ Code: error.code, Message: error.message }),
    quoted: `{'error':{'code':'${error.code}','message':'${error.message}'}}`,
  };
  const all = Object.values(shapes);
  return { ...answer, body: shape === 'mixed' ? (all[number % all.length] ?? shapes.nested) : shapes[shape] };
}
