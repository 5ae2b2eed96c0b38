/** Writes docs/queries.md from the query library: `node tools/query-docs.ts`. A test keeps it true. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { queryDocs } from '../queries/query-docs.ts';

writeFileSync(join(import.meta.dirname, '..', 'docs', 'queries.md'), queryDocs());
