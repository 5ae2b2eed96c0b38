import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';

const local = (path: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, '..', '..', 'local', path)).href);

/** A process that has no file left reads its tenants, and a secret. */
const script = `
  import { openSync, closeSync } from 'node:fs';
  import { LocalTenants } from ${local('tenants.ts')};
  import { readCredential } from ${local('tenant-credential.ts')};
  const place = { folder: '/', env: {} };
  const secret = { kind: 'secret', from: { file: '/etc/passwd' } };
  await new LocalTenants('/nowhere.json', {}).list().catch(() => undefined);
  await readCredential(secret, place);
  const open = [];
  try { for (;;) open.push(openSync('/dev/null')); } catch {}
  const tenants = await new LocalTenants('/etc/passwd', {}).list().catch((error) => error.message);
  const { fault } = await readCredential(secret, place);
  open.forEach((file) => closeSync(file));
  console.log(JSON.stringify({ tenants, fault }));`;

test('a process that has too many files open says so of its tenants file and of a secret, not that they should be made', () => {
  const command = 'ulimit -n 256; exec "$0" --input-type=module --eval "$1"';
  const { tenants, fault } = JSON.parse(execFileSync('sh', ['-c', command, process.execPath, script], { encoding: 'utf8' })) as {
    tenants: string;
    fault: string;
  };
  expect(tenants).toMatch(/^the tenants file '\/etc\/passwd' cannot be read: too many files are open.*ulimit -n/);
  expect(fault).toMatch(/^credential.secretFile: '\/etc\/passwd' cannot be read; too many files are open.*ulimit -n/);
});
