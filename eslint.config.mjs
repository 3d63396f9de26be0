import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The core serves every host alike, so it may know none of them. */
const hosts = ['@jupyterlab/*', '@lumino/*', '@jupyter/*', 'vscode', '@diptych/jupyterlab'];

export default tseslint.config(
  {
    ignores: [
      '**/lib/**',
      '**/node_modules/**',
      '.venv/**',
      'py_backend/**',
      'test-results/**',
      'playwright-report/**',
      'dist/**'
    ]
  },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' }]
    }
  },
  {
    files: ['extension/core/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: hosts }] }
  },
  {
    // JupyterLab takes an extension's plugins from its default export, tools take their configuration and set-up from theirs.
    files: [
      'extension/jupyterlab/src/index.ts',
      'tests/ui/jupyter_server.ts',
      '**/*.config.ts',
      '**/*.config.mjs',
      '**/*.config.mts'
    ],
    rules: { 'no-restricted-syntax': 'off' }
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } }
  }
);
