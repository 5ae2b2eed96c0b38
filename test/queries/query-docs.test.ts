import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { queryDocs } from '../../queries/query-docs.ts';

test('docs/queries.md says what the headers say: run node tools/query-docs.ts after changing one', async () => {
  expect(await readFile(join(import.meta.dirname, '../../docs/queries.md'), 'utf8')).toBe(queryDocs());
});
