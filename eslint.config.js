import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { importDirection } from './scripts/lint/import-direction.mjs';

export default defineConfig(
  { ignores: ['**/node_modules/', '**/dist/', '**/build/', '.cache/', 'demo-output/', 'coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      // There are no enums (below), and looking for them takes seconds of every run.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-expressions': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      // `return settle(error);` as an early end reads well.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // An empty environment variable or string counts as not given.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true, boolean: true } }],
      // Inside its bounds a typed array gives a number, which noUncheckedIndexedAccess cannot know: `as number` says so, `!` hides it.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // Numbers in messages are the point of the messages.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Export by name: the same thing then has one name everywhere.',
        },
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals, or a table with `as const`.' },
      ],
    },
  },
  {
    files: ['{protocol,native,daemon,plugins,demo,theory,bench,examples,test}/**/*.{ts,tsx,js}'],
    ignores: ['daemon/bin/**'],
    plugins: { locscale: { rules: { 'import-direction': importDirection } } },
    rules: { 'locscale/import-direction': 'error' },
  },
  // Programs write to the terminal; libraries return.
  {
    files: [
      'demo/**',
      'theory/src/main.ts',
      'bench/**',
      'examples/**',
      'scripts/**',
      'daemon/bin/**',
      'protocol/src/generate.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  // The tools load these by their default export.
  { files: ['eslint.config.js', '**/vitest.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  // vitest's matchers (`expect.any(Number)`) are of type any.
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  // Plain JavaScript: types stand in JSDoc and tsc checks them, so rules that want annotations in the code cannot be met.
  {
    files: ['**/*.{js,mjs}'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
