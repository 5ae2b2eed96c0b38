import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { logTypes } from '../../shared/log-types/index.ts';
import { simulatedLogTypes } from '../../simulator/log-types/index.ts';
import { routes } from '../../simulator/routes.ts';

const simulated = new Set(simulatedLogTypes.map(({ id }) => id));
const known = new Set<string>(logTypes.map(({ id }) => id));

test('the simulator has every log type of the catalog, and no other', () => {
  const missing = [...known].filter((id) => !simulated.has(id));
  const unknown = [...simulated].filter((id) => !known.has(id));
  expect([
    ...missing.map(
      (id) =>
        `'${id}' is not simulated: add simulator/log-types/${id}.ts and its line in simulator/log-types/index.ts (CONTRIBUTING.md, a log type)`,
    ),
    ...unknown.map(
      (id) => `'${id}' is simulated and not in the catalog: add shared/log-types/${id}.ts and its line in shared/log-types/index.ts`,
    ),
  ]).toEqual([]);
});

test('every log type is a file of its own, named by its id', async () => {
  const files = await readdir(join(import.meta.dirname, '..', '..', 'simulator', 'log-types'));
  const ids = files.filter((file) => file !== 'index.ts' && file !== 'log-type.ts').map((file) => file.replace('.ts', ''));
  expect(ids.sort()).toEqual([...simulated].sort());
});

test('each collection of Graph is a route, beside those of the token endpoint and the Management Activity API', () => {
  expect(new Set(routes).size).toBe(routes.length);
  expect(routes).toEqual(
    expect.arrayContaining(['token', 'content-list', 'content-fetch', 'sign-ins', 'directory-audits', 'alerts', 'other']),
  );
});
