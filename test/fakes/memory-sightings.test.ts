import { describe } from '@jest/globals';
import { sightingsContract } from '../contracts/sightings-contract.ts';
import { MemorySightings } from './memory-sightings.ts';

describe('sightings in memory', () => {
  sightingsContract(() => Promise.resolve({ sightings: new MemorySightings() }));
});
