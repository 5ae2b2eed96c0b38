import { describe } from '@jest/globals';
import { tenantsContract } from '../contracts/tenants-contract.ts';
import { MemoryTenants } from './memory-tenants.ts';

describe('the tenants in memory', () => {
  tenantsContract(() => {
    const tenants = new MemoryTenants();
    const known: string[] = [];
    return Promise.resolve({
      tenants,
      configure: (setups) => {
        for (const name of known.splice(0)) tenants.remove(name);
        for (const { name, config, secret } of setups) {
          tenants.put(name, config, secret);
          known.push(name);
        }
        return Promise.resolve();
      },
    });
  });
});
