import base from './jest.config.js';

/** `npm run test:aws`: the tests that need the AWS emulator, one after the other. */
export default { ...base, roots: ['<rootDir>/test/aws'], testPathIgnorePatterns: ['/node_modules/'], maxWorkers: 1, testTimeout: 60_000 };
