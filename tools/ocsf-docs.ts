/** Writes docs/ocsf.md: `node tools/ocsf-docs.ts`. A test keeps it true. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ocsfPage } from './docs/ocsf-page.ts';

writeFileSync(join(import.meta.dirname, '..', 'docs', 'ocsf.md'), ocsfPage());
