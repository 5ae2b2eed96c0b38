import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openFileStore } from '../../../cli/tenants/file-store.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const config = {
  enabled: false,
  tenantDomain: 'contoso.onmicrosoft.com',
  clientId: '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84',
  credential: { kind: 'secret' },
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange'] },
};

async function open(text?: string) {
  const folder = join(await makeFolder(), 'lake');
  const file = join(folder, 'tenants.json');
  const store = openFileStore(file, {});
  if (text !== undefined) {
    await store.save('any', config, 'new');
    await writeFile(file, text);
  }
  const written = async (): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));
  return { store, folder, file, written };
}

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('tenants in a file', () => {
  test('a new one stands there without its secret, which only the owner can read', async () => {
    const { store, folder, file, written } = await open();
    await store.save('contoso', config, 'new', ' hunter2 \n');
    expect(await written()).toEqual({ contoso: { ...config, credential: { kind: 'secret', secretFile: 'credentials/contoso.secret' } } });
    expect(await readFile(join(folder, 'credentials/contoso.secret'), 'utf8')).toBe('hunter2\n');
    const modes = await Promise.all([file, folder, join(folder, 'credentials'), join(folder, 'credentials/contoso.secret')].map(modeOf));
    expect(modes).toEqual([0o600, 0o700, 0o700, 0o600]);
    expect(await store.credential('contoso')).toBe("in the file 'credentials/contoso.secret'");
  });

  test('the file keeps its mode, and other tenants every key, known or not', async () => {
    const other = { tenantDomain: 'fabrikam.example', misspelt: [1, { a: null }], credential: { kind: 'secret', secretEnv: 'S' } };
    const { store, file, written } = await open(JSON.stringify({ fabrikam: other }));
    const before = await modeOf(file);
    await store.save('contoso', config, 'new');
    await store.save('contoso', { ...config, enabled: true }, 'replace');
    expect(await written()).toEqual({ fabrikam: other, contoso: { ...config, enabled: true } });
    expect(await modeOf(file)).toBe(before);
    await store.remove('contoso');
    expect(await written()).toEqual({ fabrikam: other });
  });

  test('a tenant that is there already is not added again, and keeps its secret', async () => {
    const { store, folder } = await open();
    await store.save('contoso', config, 'new', 'first');
    await expect(store.save('contoso', config, 'new', 'second')).rejects.toThrow("there is a tenant 'contoso' in");
    expect(await readFile(join(folder, 'credentials/contoso.secret'), 'utf8')).toBe('first\n');
  });

  test('of many that are added at once none is lost without a word', async () => {
    const { store, written } = await open();
    const names = Array.from({ length: 8 }, (_, index) => `tenant-${String(index)}`);
    const ended = await Promise.allSettled(names.map((name) => store.save(name, config, 'new')));
    const added = names.filter((_, index) => ended[index]?.status === 'fulfilled');
    expect(Object.keys((await written()) as object).sort()).toEqual(added);
    for (const one of ended) if (one.status === 'rejected') expect(String(one.reason)).toContain('is being changed by somebody else');
    expect(added.length).toBeGreaterThan(0);
  });

  test('what a change leaves that was cut off is named, and nothing is changed', async () => {
    const { store, file, written } = await open();
    await store.save('contoso', config, 'new');
    await writeFile(`${file}.new`, '');
    await expect(store.save('fabrikam', config, 'new')).rejects.toThrow(`'${file}.new' is there`);
    expect(Object.keys((await written()) as object)).toEqual(['contoso']);
  });

  test('a change leaves nothing beside the file', async () => {
    const { store, folder } = await open();
    await store.save('contoso', config, 'new', 'hunter2');
    await store.save('contoso', config, 'replace', 'hunter3');
    expect((await readdir(folder, { recursive: true })).sort()).toEqual(['credentials', 'credentials/contoso.secret', 'tenants.json']);
  });

  test.each(['{ "contoso": hunter2', '[]', 'null'])('a file that is no JSON object (%s) is refused and left as it is', async (text) => {
    const { store, file } = await open(text);
    await expect(store.save('contoso', config, 'new')).rejects.toThrow('is no JSON object; mend it');
    await expect(store.config('contoso')).rejects.not.toThrow('hunter2');
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test.each(['__proto__', 'constructor', 'toString'])('%s is no tenant', async (name) => {
    expect(await (await open('{}')).store.config(name)).toBeUndefined();
  });

  test('a removed tenant takes its credential along, but none that somebody else has put there', async () => {
    const { store, folder, written } = await open();
    await store.save('contoso', config, 'new', 'hunter2');
    expect(await store.remove('contoso')).toEqual([]);
    expect(await readdir(join(folder, 'credentials'))).toEqual([]);
    await store.save('own', { ...config, credential: { kind: 'secret', secretFile: '../secret' } }, 'new');
    expect(await store.remove('own')).toEqual(["its credential is still in '../secret': delete it if nothing else uses it"]);
    await store.save('env', { ...config, credential: { kind: 'secret', secretEnv: 'S' } }, 'new');
    expect(await store.remove('env')).toEqual(['its secret is still in the environment variable S']);
    expect(await written()).toEqual({});
  });

  test('tenants that are switched off are entries as well, with the faults they would have', async () => {
    const { store } = await open();
    await store.save('contoso', config, 'new', 'hunter2');
    await store.save('bare', config, 'new');
    expect((await store.entries()).map((entry) => [entry.kind, entry.kind === 'broken' ? entry.faults : []])).toEqual([
      ['tenant', []],
      ['broken', [expect.stringContaining('credential: does not say where the secret is')]],
    ]);
  });
});
