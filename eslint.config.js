import js from '@eslint/js';
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
    extends: [js.configs.recommended],
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
      eqeqeq: 'error',
      'no-console': 'error',
      'object-shorthand': 'error',
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
    extends: [tseslint.configs.strictTypeChecked, rxjsX.configs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A name of its own, for an editor to show.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // It does not see what an `await` or a callback changes, nor where the types of the platform say too much.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // A string spread gives its code points, as it is meant to.
      '@typescript-eslint/no-misused-spread': 'off',
      // The one way to hold a subscription before a synchronous source begins; every 7.x has its constructor.
      '@typescript-eslint/no-deprecated': [
        'error',
        { allow: [{ from: 'package', package: 'rxjs', name: 'Subscriber' }] },
      ],
      // JSON forbids control characters; its grammar is spelled as it is.
      'no-control-regex': 'off',
      // It takes `throwError(make)` for an attempt to throw the function, and an `unknown` passed on for a throw.
      'rxjs-x/throw-error': 'off',
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^rxjs/(?!testing$)', message: "Import from 'rxjs', or 'rxjs/testing'." }] },
      ],
    },
  },

  {
    name: 'the library',
    files: ['src/**/*.ts'],
    plugins: { jsdoc },
    settings: { jsdoc: { mode: 'typescript', tagNamePreference: { template: 'typeParam' } } },
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      'no-restricted-syntax': ['error', SPREAD],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
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
    name: 'where a literal may have more fields than its constraint names',
    files: ['src/sources/stream*.ts'],
    rules: { '@typescript-eslint/no-unnecessary-type-parameters': 'off' },
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
    name: 'tests, drawings, programs',
    files: ['{test,marbles,bench,examples,scripts,site}/**/*.ts', '*.ts'],
    rules: {
      // A test that fails to expect an error fails by it.
      'rxjs-x/no-ignored-error': 'off',
      'rxjs-x/no-ignored-default-value': 'off',
      'rxjs-x/no-implicit-any-catch': 'off',
      // `const value: Shape = JSON.parse(…)` says what a fixture holds.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // Tests look at methods and proxies from all sides, and their generators stand for asynchronous sources.
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // Type tests compare types, and cases hold words that no version knows.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
    },
  },

  {
    name: 'programs',
    files: ['{bench,examples,scripts,site}/**/*.ts', 'marbles/draw.ts'],
    rules: { 'no-console': 'off' },
  },
);
