import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { engineModule, engineModulePath } from '../../tools/engine.ts';

test('the committed engine is what engine/ compiles to; npm run engine writes it', async () => {
  expect(await readFile(engineModulePath, 'utf8')).toBe(await engineModule());
}, 60_000);
