import { directoryPlants } from './directory.ts';
import { filePlants } from './files.ts';
import { mailPlants } from './mail.ts';
import { managementOnlyPlants } from './management-only.ts';
import { newInDirectoryPlants } from './new-in-directory.ts';
import { otherPlants, overviewPlants } from './others.ts';
import type { Plants } from './plant.ts';
import { signInPlants } from './sign-ins.ts';

const byQuery: Plants = {
  ...signInPlants,
  ...directoryPlants,
  ...newInDirectoryPlants,
  ...mailPlants,
  ...filePlants,
  ...otherPlants,
  ...overviewPlants,
};

/** What is planted for each query of the library. */
export const plants: Plants = Object.fromEntries(
  Object.entries(byQuery).map(([name, plant]) => {
    const managementOnly = managementOnlyPlants[name];
    return [name, managementOnly ? { ...plant, managementOnly } : plant];
  }),
);
