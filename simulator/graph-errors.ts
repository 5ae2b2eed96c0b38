/** Errors of Microsoft Graph, in its shape. */

import { iso } from '../shared/domain/window.ts';
import { header, json, type AnswerFacts, type SimulatedAnswer, type SimulatedRequest } from './http-message.ts';
import { guidOf } from './random.ts';

/** An error body with the ids that support asks for. */
export function graphError(
  request: SimulatedRequest,
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  facts: AnswerFacts = {},
): SimulatedAnswer {
  const ids = requestIds(request);
  const innerError = { date: iso(request.now).slice(0, 19), ...ids };
  return json(status, { error: { code, message, innerError } }, { ...ids, ...headers }, facts);
}

/** Headers that every answer of Graph carries; support asks for them. */
export function requestIds(request: SimulatedRequest): { readonly 'request-id': string; readonly 'client-request-id': string } {
  const requestId = guidOf('request', request.path, request.query.toString(), request.now);
  return { 'request-id': requestId, 'client-request-id': header(request, 'client-request-id') ?? requestId };
}

/** Observed on answers of every status. */
export const diagnostics = {
  'x-ms-ags-diagnostic': '{"ServerInfo":{"DataCenter":"Simulated","Slice":"E","Ring":"5","ScaleUnit":"001","RoleInstance":"SIM00000001"}}',
};
