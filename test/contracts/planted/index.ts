/** Every adapter that bugs are planted into, with the tests that hold it. */

import type { PlantedAdapter } from './adapter-bug.ts';
import { dynamoDbLedger } from './dynamodb-bugs.ts';
import { handlers } from './handler-bugs.ts';
import { disk, machine } from './machine-bugs.ts';
import { manifests } from './manifest-bugs.ts';
import { sqliteLedger } from './sqlite-bugs.ts';
import { landed, stations } from './station-bugs.ts';

/** In the order in which they are tried. */
export const plantedAdapters: readonly PlantedAdapter[] = [
  dynamoDbLedger,
  sqliteLedger,
  handlers,
  machine,
  disk,
  ...stations,
  landed,
  manifests,
];
