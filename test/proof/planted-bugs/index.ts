/** Every bug that is planted to see whether the simulation finds it. */

import { detectionBugs } from './detection-bugs.ts';
import { fleetBugs } from './fleet-bugs.ts';
import { keptBugs } from './kept-bugs.ts';
import { landingBugs } from './landing-bugs.ts';
import { listBugs } from './list-bugs.ts';
import { passBugs } from './pass-bugs.ts';
import type { PlantedBug } from './planted-bug.ts';
import { restoreBugs } from './restore-bugs.ts';
import { ruleBugs } from './rule-bugs.ts';
import { troubleBugs } from './trouble-bugs.ts';
import { retryBugs } from './retry-bugs.ts';

/** Every planted bug, in the order of the table. */
export const plantedBugs: readonly PlantedBug[] = [
  ...listBugs,
  ...landingBugs,
  ...retryBugs,
  ...passBugs,
  ...restoreBugs,
  ...troubleBugs,
  ...fleetBugs,
  ...ruleBugs,
  ...keptBugs,
  ...detectionBugs,
];
