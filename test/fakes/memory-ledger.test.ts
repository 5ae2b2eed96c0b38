import { describe } from '@jest/globals';
import { ledgerContract } from '../contracts/ledger-contract.ts';
import { ledgerOperatorContract } from '../contracts/ledger-operator-contract.ts';
import { outboxContract } from '../contracts/outbox-contract.ts';
import { MemoryLedger } from './memory-ledger.ts';

describe('the ledger in memory', () => {
  ledgerContract(() => Promise.resolve(new MemoryLedger()));
  outboxContract(() => {
    const ledger = new MemoryLedger();
    return Promise.resolve({ ledger, outbox: ledger });
  });
  ledgerOperatorContract(() => Promise.resolve(new MemoryLedger()));
});
