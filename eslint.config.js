import { defineConfig, globalIgnores } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import jsdoc from 'eslint-plugin-jsdoc';
import rxjsX from 'eslint-plugin-rxjs-x';
import tseslint from 'typescript-eslint';

/** Folders of `src` that only see what comes to them: no promises, no timers, no network. */
const SYNCHRONOUS = ['src/{events,errors,schema,rx,json,wire,fold,codecs,detect,operators,pictures}/**/*.ts'];

const PUBLIC_FUNCTION = ['ExportNamedDeclaration > FunctionDeclaration'];

/** The arguments of a call lie on the stack, which a list of a hundred thousand fills. */
const SPREAD = {
  selector: 'CallExpression[callee.property.name=/^(?:push|unshift)$/] > SpreadElement',
  message: 'Push one by one: a long list of arguments fills the stack.',
};

const NOT_SYNCHRONOUS = 'Only src/sources may await, keep time or use the network.';

export default defineConfig(
  globalIgnores([
    '**/dist/',
    'coverage/',
    '**/node_modules/',
    '**/.angular/',
    'bench/peers/',
    'examples/angular/',
    'site/pages/',
    'site/.vitepress/',
  ]),

  {
    name: 'every file',
    linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.js'],
          extensionAlias: { '.js': ['.ts', '.js'] },
          tsconfig: { configFile: 'tsconfig.json' },
        }),
      ],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      'import-x/first': 'error',
      'import-x/newline-after-import': 'error',
      'import-x/no-duplicates': 'error',
      'import-x/no-mutable-exports': 'error',
      'import-x/no-self-import': 'error',
      'import-x/order': [
        'error',
        {
          groups: ['builtin', 'external', 'internal', 'parent', 'sibling', 'index'],
          'newlines-between': 'never',
        },
      ],
    },
  },

  {
    name: 'typescript',
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^rxjs/(?!testing$)', message: "Import from 'rxjs', or 'rxjs/testing'." }] },
      ],
    },
  },

  {
    // Its rules ask what is an Observable, and wait for the compiler: tests and programs do without.
    name: 'what composes, and what shows how',
    files: ['{src,marbles,examples,playground}/**/*.ts'],
    extends: [rxjsX.configs.strict],
    languageOptions: { parserOptions: { project: ['tsconfig.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      // It takes `throwError(make)` for an attempt to throw the function, and an `unknown` passed on for a throw.
      'rxjs-x/throw-error': 'off',
    },
  },

  {
    name: 'the library',
    files: ['src/**/*.ts'],
    plugins: { jsdoc },
    settings: { jsdoc: { mode: 'typescript', tagNamePreference: { template: 'typeParam' } } },
    rules: {
      'no-restricted-syntax': ['error', SPREAD],
      'import-x/no-default-export': 'error',
      'import-x/no-extraneous-dependencies': ['error', { devDependencies: false, peerDependencies: true }],
      'import-x/no-nodejs-modules': 'error',
      'jsdoc/check-alignment': 'error',
      'jsdoc/check-param-names': ['error', { checkDestructured: false, disableMissingParamChecks: true }],
      'jsdoc/check-tag-names': ['error', { typed: true }],
      'jsdoc/check-template-names': 'error',
      'jsdoc/empty-tags': 'error',
      'jsdoc/no-types': 'error',
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          require: { ClassDeclaration: true, FunctionDeclaration: true },
          contexts: ['TSInterfaceDeclaration', 'TSTypeAliasDeclaration'],
        },
      ],
      'jsdoc/require-description': [
        'error',
        { contexts: ['ClassDeclaration', 'TSInterfaceDeclaration', 'TSTypeAliasDeclaration'] },
      ],
      'jsdoc/require-hyphen-before-param-description': 'error',
      'jsdoc/require-param-description': 'error',
      'jsdoc/require-returns-check': 'error',
      'jsdoc/require-returns-description': 'error',
      'jsdoc/require-throws-description': 'error',
      'jsdoc/tag-lines': ['error', 'never', { startLines: 1 }],
    },
  },

  {
    // What they use of zod is built in: see docs/decisions/0014-zod-is-built-in.md.
    name: 'the codecs',
    files: ['src/codecs/**/*.ts'],
    rules: {
      'import-x/no-extraneous-dependencies': [
        'error',
        { peerDependencies: true, whitelist: ['zod', 'zod/mini'] },
      ],
    },
  },

  {
    name: 'what needs Node',
    files: ['src/testing/network/mockServer.ts'],
    rules: { 'import-x/no-nodejs-modules': 'off' },
  },

  {
    name: 'what an application calls',
    files: [
      'src/operators/*.ts',
      'src/sources/{from,stream}*.ts',
      'src/sources/angular/from*.ts',
      'src/wire/{ndjson,sse}.ts',
      'src/codecs/{decode,encode}.ts',
    ],
    rules: {
      'jsdoc/require-description': ['error', { contexts: PUBLIC_FUNCTION }],
      'jsdoc/require-param': ['error', { contexts: PUBLIC_FUNCTION, checkDestructuredRoots: false }],
      'jsdoc/require-returns': ['error', { contexts: PUBLIC_FUNCTION }],
    },
  },

  {
    name: 'the synchronous layers',
    files: SYNCHRONOUS,
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
          'setTimeout',
          'setInterval',
          'setImmediate',
          'queueMicrotask',
          'fetch',
          'Promise',
          'performance',
        ].map((name) => ({ name, message: NOT_SYNCHRONOUS })),
      ],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: NOT_SYNCHRONOUS }],
      'no-restricted-syntax': [
        'error',
        { selector: ':function[async=true]', message: NOT_SYNCHRONOUS },
        { selector: 'NewExpression[callee.name="Date"]', message: NOT_SYNCHRONOUS },
        { selector: 'NewExpression[callee.name="Observable"]', message: 'Compose operators of rxjs.' },
        SPREAD,
      ],
    },
  },

  {
    // The one operator that is not composed: see docs/decisions/0007-one-to-many.md.
    name: 'one to many',
    files: ['src/rx/transform.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },

  {
    // What is merged there gives an answer or fails; a default would be a made-up answer.
    name: 'the answer of a mock',
    files: ['src/testing/network/mockFetch.ts'],
    rules: { 'rxjs-x/no-ignored-default-value': 'off' },
  },

  {
    name: 'drawings and examples',
    files: ['{marbles,examples}/**/*.ts'],
    rules: {
      // A test that fails to expect an error fails by it.
      'rxjs-x/no-ignored-error': 'off',
      'rxjs-x/no-ignored-default-value': 'off',
      'rxjs-x/no-implicit-any-catch': 'off',
    },
  },
);
