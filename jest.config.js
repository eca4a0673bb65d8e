/** @type {import('jest').Config} */
const config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test', '<rootDir>/marbles'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // It only strips types, file by file; `npm run types` checks them.
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          // Nest's are those that stand on parameters too.
          transform: { legacyDecorator: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  // Sources import each other as NodeNext asks, with `.js`; the tests run the `.ts` beside it.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  errorOnDeprecated: true,
  // Bounded, but no test fails because the machine is busy.
  testTimeout: 60_000,
  // One worker less than there are cores would leave half of a small machine idle.
  maxWorkers: '100%',
};

export default config;
