import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const shared = (path: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, '..', '..', '..', 'shared', path)).href);

/** A process that has no file left asks for a token: by a socket that it cannot open, or with an error of its disk's. */
const script = (http: string): string => `
  import { openSync, closeSync } from 'node:fs';
  import { connectHttp } from ${shared('microsoft/http.ts')};
  import { defaultLimits } from ${shared('microsoft/limits.ts')};
  import { requestToken } from ${shared('microsoft/token-request.ts')};
  import { cloudById } from ${shared('clouds.ts')};
  const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
  const id = '11111111-2222-4333-8444-555555555555';
  const tenant = { name: 'contoso', tenantDomain: id, clientId: id, credentialKind: 'secret' };
  const ask = (http) => requestToken(tenant, cloudById('enterprise'), { kind: 'secret', secret: 'x' }, { http, clock, limits: defaultLimits });
  const real = connectHttp(clock, defaultLimits, { override: { baseUrl: 'http://127.0.0.1:9' } });
  await ask(real).catch(() => undefined);
  const open = [];
  try { for (;;) open.push(openSync('/dev/null')); } catch {}
  const outcome = await ask(${http}).then(({ answer }) => answer, (error) => ({ thrown: error.message, code: error.code }));
  open.forEach((file) => closeSync(file));
  console.log(JSON.stringify(outcome));`;

const outcomeOf = (http: string): unknown => {
  const command = 'ulimit -n 256; exec "$0" --input-type=module --eval "$1"';
  return JSON.parse(execFileSync('sh', ['-c', command, process.execPath, script(http)], { encoding: 'utf8' }));
};

test('a process that can open no connection for a token says so, and what to do', () => {
  expect(outcomeOf('real')).toMatchObject({
    kind: 'unavailable',
    cause: {
      code: 'EMFILE',
      message: expect.stringContaining('too many files') as unknown,
      cure: expect.stringContaining('ulimit -n') as unknown,
    },
  });
});

test("an error of the disk's while a token is asked for is thrown as it is, not as MSAL's network_error", () => {
  const full = "{ send: () => Promise.reject(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', syscall: 'write' })) }";
  expect(outcomeOf(full)).toEqual({ thrown: 'ENOSPC: no space left', code: 'ENOSPC' });
});
