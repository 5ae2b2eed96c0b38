import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ocsfPage } from '../../../../tools/docs/ocsf-page.ts';

test('docs/ocsf.md says what the mapping says: run node tools/ocsf-docs.ts after changing it', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../../docs/ocsf.md'), 'utf8');
  expect(page).toBe(ocsfPage());
});
