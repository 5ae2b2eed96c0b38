import { directoryPlants } from './directory.ts';
import { filePlants } from './files.ts';
import { mailPlants } from './mail.ts';
import { otherPlants, overviewPlants } from './others.ts';
import type { Plants } from './plant.ts';
import { signInPlants } from './sign-ins.ts';

/** What is planted for each query of the library. */
export const plants: Plants = { ...signInPlants, ...directoryPlants, ...mailPlants, ...filePlants, ...otherPlants, ...overviewPlants };
