export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // Needs Python and the AWS emulator: npm run test:aws.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/aws/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' }, sourceMaps: 'inline' }],
  },
  // A test that hangs ends; none is about time.
  testTimeout: 60_000,
  // Jest leaves one processor alone, which of two is half.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1500MB',
  watchman: false,
};
