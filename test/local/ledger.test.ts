import { join } from 'node:path';
import { describe } from '@jest/globals';
import { openLedger } from '../../local/ledger.ts';
import { ledgerContract } from '../contracts/ledger-contract.ts';
import { temporaryFolders } from './temporary-folder.ts';

const makeFolder = temporaryFolders();

describe('the ledger on one machine', () => {
  ledgerContract(async () => openLedger(join(await makeFolder(), 'ledger.sqlite')));
});
