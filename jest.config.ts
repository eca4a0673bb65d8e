import type { Config } from 'jest';
import { createDefaultEsmPreset } from 'ts-jest';

const preset = createDefaultEsmPreset({ tsconfig: { isolatedModules: true } });

const config: Config = {
  ...preset,
  testEnvironment: 'node',
  roots: ['<rootDir>/test', '<rootDir>/marbles'],
  testMatch: ['**/*.test.ts'],
  // Sources import each other as NodeNext asks, with `.js`; the tests run the `.ts` beside it.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  errorOnDeprecated: true,
  // One worker less than there are cores would leave half of a small machine idle.
  maxWorkers: '100%',
};

export default config;
