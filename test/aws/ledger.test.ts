import { describe } from '@jest/globals';
import { systemClock } from '../../local/clock.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { ledgerContract } from '../contracts/ledger-contract.ts';
import { ledgerOperatorContract } from '../contracts/ledger-operator-contract.ts';
import { emulated, makeTable } from './emulated.ts';

const { clients } = emulated();

describe('the ledger in DynamoDB', () => {
  ledgerContract(async () => openLedger(clients().dynamodb, await makeTable(clients().dynamodb), systemClock));
  ledgerOperatorContract(async () => openLedger(clients().dynamodb, await makeTable(clients().dynamodb), systemClock));
});
