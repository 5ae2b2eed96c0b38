import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import type { Cloud } from '../clouds.ts';
import type { Clock } from '../ports/clock.ts';
import type { Answer } from '../ports/microsoft.ts';
import type { Http, HttpReply, HttpRequest } from './http.ts';
import { jsonOf } from './json.ts';
import type { Limits } from './limits.ts';
import { withQuickRetries } from './quick-retries.ts';
import { guardTokenEndpoint } from './url-guard.ts';

/**
 * MSAL's way to the network: our own, with its timeouts and limits, and only to the cloud's token endpoint.
 *
 * What came back is remembered: MSAL's errors differ in shape from case to case, and some are made without any request.
 */
export interface MsalNetwork extends INetworkModule {
  /** Undefined when MSAL sent nothing. */
  lastAnswer(): Answer<HttpReply> | undefined;
  /** What a request failed with that is ours, and which MSAL hides behind an error of its own; undefined when nothing did. */
  ownError(): unknown;
}

/** The network of one token request. @throws From its methods, for an endpoint that is not the cloud's. */
export function msalNetwork(http: Http, clock: Clock, cloud: Cloud, limits: Limits): MsalNetwork {
  let last: Answer<HttpReply> | undefined;
  let own: unknown;
  const send = async <T>(method: 'GET' | 'POST', endpoint: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> => {
    const guarded = guardTokenEndpoint(endpoint, cloud);
    if (guarded.kind !== 'safe') throw new Error(`token request refused; ${guarded.why}`);
    const request: HttpRequest = {
      method,
      url: guarded.url,
      headers: { ...options?.headers },
      into: { kind: 'memory', maxBytes: limits.smallBytes },
      ...(options?.body === undefined ? {} : { body: options.body }),
    };
    try {
      last = await withQuickRetries(clock, limits, () => http.send(request));
    } catch (error) {
      own = error;
      throw error;
    }
    return toMsal<T>(last);
  };
  return {
    lastAnswer: () => last,
    ownError: () => own,
    sendGetRequestAsync: (endpoint, options) => send('GET', endpoint, options),
    sendPostRequestAsync: (endpoint, options) => send('POST', endpoint, options),
  };
}

/** MSAL wants an object as body whatever came. */
function toMsal<T>(answer: Answer<HttpReply>): NetworkResponse<T> {
  if (answer.kind !== 'ok') return { status: 503, headers: {}, body: { error: 'no_answer' } as T };
  const { status, headers, body } = answer.value;
  const named = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return { status, headers: Object.fromEntries(named), body: asObject(body) as T };
}

function asObject(body: Buffer): object {
  const json = jsonOf(body);
  // An HTML page of a proxy, say: the status is all there is to know.
  return typeof json === 'object' && json !== null ? json : { error: 'not_json' };
}
