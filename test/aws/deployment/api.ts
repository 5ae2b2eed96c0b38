/** The emulator's APIs that the product itself does not use, and so has no client for. */

import type { Emulator } from '../../../tools/aws-emulator.ts';

export interface Api {
  /** `Logs_20140328.FilterLogEvents`, `AWSGlue.GetTables`, `AmazonAthena.CreateNamedQuery` */
  call(service: string, target: string, body: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  /** `/2015-03-31/functions` of Lambda, whose API is made of paths. */
  post(service: string, path: string, body: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  /** Names of the functions that are deployed. */
  functions(): Promise<readonly string[]>;
  /** Invokes the function whose name has this in it, and waits for its end. */
  invoke(namePart: string): Promise<void>;
}

export function apiOf({ endpoint }: Pick<Emulator, 'endpoint'>): Api {
  const ask = async (path: string, service: string, init: RequestInit): Promise<Readonly<Record<string, unknown>>> => {
    // The emulator reads the service out of the signature and does not check it.
    const authorization = `AWS4-HMAC-SHA256 Credential=test/20261122/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=none`;
    const reply = await fetch(`${endpoint}${path}`, { ...init, headers: { ...(init.headers as Record<string, string>), authorization } });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${service} answered ${String(reply.status)}: ${text.slice(0, 500)}`);
    return (text === '' || text === 'null' ? {} : JSON.parse(text)) as Readonly<Record<string, unknown>>;
  };
  const functions = async (): Promise<readonly string[]> => {
    const { Functions } = await ask('/2015-03-31/functions/?MaxItems=50', 'lambda', { method: 'GET' });
    return (Functions as { FunctionName: string }[]).map(({ FunctionName }) => FunctionName);
  };
  return {
    functions,
    post: (service, path, body) => ask(path, service, { method: 'POST', body: JSON.stringify(body) }),
    call: (service, target, body) =>
      ask('/', service, {
        method: 'POST',
        headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(body),
      }),
    invoke: async (namePart) => {
      const found = (await functions()).find((name) => name.includes(namePart));
      if (found === undefined) throw new Error(`no function is called ${namePart}`);
      await ask(`/2015-03-31/functions/${found}/invocations`, 'lambda', { method: 'POST', body: '{}' });
    },
  };
}
