import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addAuthorities, wayOut } from '../../infra/way-out.ts';
import { readSettings } from '../../infra/settings.ts';
import { selfSigned } from '../helpers/self-signed.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'way-out-test-'));
  for (const name of ['light', 'fetch']) await mkdir(join(folder, name));
});
afterEach(() => rm(folder, { recursive: true }));

const bundles = () => ({ light: join(folder, 'light'), fetch: join(folder, 'fetch') });

test('a proxy and authorities become the environment of every function', () => {
  expect(wayOut({ httpsProxy: 'http://proxy.example:3128', noProxy: '.example', caFile: 'ca.pem' })).toEqual({
    HTTPS_PROXY: 'http://proxy.example:3128',
    NO_PROXY: '.example',
    NODE_EXTRA_CA_CERTS: '/var/task/authorities.pem',
  });
  expect(wayOut({})).toEqual({});
});

test('authorities stand beside the code, and are gone when the setting is', async () => {
  const pem = selfSigned('Example Root').certificate + selfSigned('Example Issuing').certificate;
  await writeFile(join(folder, 'ca.pem'), pem);
  await addAuthorities(bundles(), join(folder, 'ca.pem'));
  for (const name of ['light', 'fetch']) expect(await readFile(join(folder, name, 'authorities.pem'), 'utf8')).toBe(pem);
  await addAuthorities(bundles(), undefined);
  for (const name of ['light', 'fetch']) expect(await readdir(join(folder, name))).toEqual([]);
});

test.each([
  { name: 'is not there', text: undefined, fault: 'cannot be read (ENOENT)' },
  { name: 'holds nothing', text: 'hello', fault: 'holds no certificate' },
  { name: 'holds half a certificate', text: selfSigned('x').certificate.slice(0, 200), fault: 'block 1 of' },
  { name: 'holds a key', text: selfSigned('x').privateKey, fault: 'block 1 of' },
])('a file that $name ends the synthesis', async ({ text, fault }) => {
  if (text !== undefined) await writeFile(join(folder, 'ca.pem'), text);
  await expect(addAuthorities(bundles(), join(folder, 'ca.pem'))).rejects.toThrow(fault);
});

test('a proxy that is no URL is a fault of the settings, and does not repeat what may hold a password', () => {
  const read = readSettings({ httpsProxy: 'anna:hunter2@proxy:3128' }, 'us-east-1');
  expect(read).toEqual({ kind: 'faulty', faults: ['httpsProxy: is not the URL of a proxy, such as http://proxy.example:3128'] });
});
