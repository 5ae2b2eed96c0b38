import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe } from '@jest/globals';
import { openFolderToVerify } from '../../cli/evidence/verify-place.ts';
import { makeLakeManifests } from '../../local/evidence/manifests-of-lake.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { LocalLake } from '../../local/lake.ts';
import { openLedger } from '../../local/ledger.ts';
import { at } from '../contracts/samples.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';
import { finishAll, landFour } from './tamper-helpers.ts';
import { tamperingContract, type TamperStage } from './tampering-contract.ts';

const makeFolder = temporaryFolders();

describe('a lake folder', () => {
  tamperingContract(async (): Promise<TamperStage> => {
    const [path, folder] = [await makeFolder(), await makeFolder()];
    const jobs = await landFour(path);
    const opened = await openLakeFolder(path, { exclusive: true });
    const ledger = openLedger(opened.ledgerFile);
    await finishAll(jobs, ledger, new LocalLake({ root: opened.path, temp: opened.objectsTemp }));
    ledger.close();
    opened.close();
    let copies = 0;
    return {
      jobs,
      folder,
      makeManifests: async (time) => {
        const lake = await openLakeFolder(path, { exclusive: true });
        await makeLakeManifests(lake, { clock: { now: () => at(time), sleep: () => Promise.resolve() } });
        lake.close();
      },
      read: async (key) => {
        copies += 1;
        const copy = join(folder, `copy-${String(copies)}`);
        await copyFile(join(path, key), copy);
        return copy;
      },
      overwrite: async (key, file) => {
        await mkdir(dirname(join(path, key)), { recursive: true });
        await copyFile(file, join(path, key));
      },
      remove: (key) => rm(join(path, key)),
      place: () => openFolderToVerify(path, { exclusive: true }),
    };
  });
});
