/**
 * `npm run proof:detections -- [--seeds N] [--base N] [--bugs]`: simulated runs of a tenant whose records are evaluated as they land; with
 * `--bugs`, every planted bug has to be found.
 */

import { huntSeeds } from '../proof/seed-hunt.ts';
import { detectionBugs } from './planted-bugs.ts';

process.exitCode = await huntSeeds([], () => ({ simulation: new URL('./simulation.ts', import.meta.url), bugs: detectionBugs }));
