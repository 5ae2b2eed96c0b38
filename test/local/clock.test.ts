import { describe } from '@jest/globals';
import { systemClock } from '../../local/clock.ts';
import { clockContract } from '../contracts/clock-contract.ts';

describe("the machine's clock", () => {
  clockContract(() => ({ clock: systemClock, pass: () => Promise.resolve() }));
});
