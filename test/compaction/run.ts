/**
 * `npm run proof:compaction -- [--hours] [--seeds N] [--base N] [--bugs]`: simulated runs of a lake folder that is compacted, or with
 * `--hours` of a dataset that an engine merges hour by hour; with `--bugs`, every planted bug has to be found.
 */

import { huntSeeds } from '../proof/seed-hunt.ts';
import { compactionBugs } from './planted-bugs.ts';
import { hourBugs } from './planted-hour-bugs.ts';

process.exitCode = await huntSeeds(['hours'], (set) =>
  set.has('hours')
    ? { simulation: new URL('./hours-simulation.ts', import.meta.url), bugs: hourBugs }
    : { simulation: new URL('./simulation.ts', import.meta.url), bugs: compactionBugs },
);
