import { describe } from '@jest/globals';
import { systemClock } from '../../local/clock.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { openStreamStates } from '../../shared/aws/stream-states.ts';
import { streamStatesContract } from '../contracts/stream-states-contract.ts';
import { emulated, makeTable } from './emulated.ts';

const { clients } = emulated();

describe('the states of streams in DynamoDB', () => {
  streamStatesContract(async () => {
    const table = await makeTable(clients().dynamodb);
    return {
      ledger: openLedger(clients().dynamodb, table, systemClock),
      states: openStreamStates(clients().dynamodb, table, systemClock),
    };
  });
});
