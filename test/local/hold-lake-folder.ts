/** Opens a lake folder exclusively, says so, and stays until it is killed. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLakeFolder } from '../../local/lake-folder.ts';

const folder = await openLakeFolder(process.argv[2] ?? '', { exclusive: true });
writeFileSync(join(folder.objectsTemp, 'half-written'), 'half');
console.log('open');
setInterval(() => undefined, 1_000);
