// Faults, not style: Prettier has the style.
import js from '@eslint/js';

const globals = (names, writable = 'readonly') =>
  Object.fromEntries(names.split(' ').map((name) => [name, writable]));

// What sluice defines, in lib/internal/start/globals.js and for each module.
const sluice = {
  ...globals(
    'require module exports __filename __dirname global process console Buffer Task ARGUMENT',
  ),
  ...globals('setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate'),
  ...globals('queueMicrotask structuredClone performance atob btoa Blob File URL URLPattern'),
  ...globals(
    'URLSearchParams TextEncoder TextDecoder Event EventTarget CustomEvent AbortController AbortSignal',
  ),
  ...globals('DOMException WebAssembly MessageChannel MessagePort BroadcastChannel'),
  ...globals('MessageEvent CloseEvent ErrorEvent fetch FormData Headers Request Response'),
  ...globals('navigator Navigator QuotaExceededError crypto'),
  ...globals('EventSource WebSocket ReadableStream WritableStream TransformStream'),
  ...globals('PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver'),
};

// What tools/embed.mjs wraps around built-in modules.
const builtin = {
  ...globals('binding builtin'),
  ...globals('exports', 'writable'),
};

const node = globals('process console Buffer URL setTimeout clearTimeout');

const rules = {
  ...js.configs.recommended.rules,
  'array-callback-return': 'error',
  'default-case-last': 'error',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-control-regex': 'off',
  'no-empty': ['error', { allowEmptyCatch: true }],
  'no-fallthrough': 'error',
  'no-implicit-globals': 'error',
  'no-shadow-restricted-names': 'error',
  'no-template-curly-in-string': 'error',
  'no-throw-literal': 'error',
  'no-unreachable-loop': 'error',
  'no-unused-expressions': ['error', { allowShortCircuit: true, allowTernary: true }],
  'no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true },
  ],
  'no-use-before-define': ['error', { functions: false, classes: false, variables: false }],
  'no-var': 'error',
  'prefer-const': ['error', { destructuring: 'all' }],
  'require-atomic-updates': 'off',
  'symbol-description': 'error',
};

export default [
  { ignores: ['build*/**', 'node_modules/**', '**/fixtures/**', 'test/types/programs/**'] },
  {
    files: [
      'lib/**/*.js',
      'test/**/*.js',
      'examples/**/*.js',
      'bench/**/*.js',
      'packaging/**/*.js',
    ],
    languageOptions: { ecmaVersion: 2025, sourceType: 'commonjs', globals: sluice },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules,
  },
  { files: ['lib/**/*.js'], languageOptions: { globals: builtin } },
  // Tests are about odd values and getters too.
  {
    files: ['test/**/*.js'],
    rules: {
      'getter-return': 'off',
      'no-sparse-arrays': 'off',
      'no-throw-literal': 'off',
      'no-unreachable-loop': 'off',
      'no-unused-expressions': 'off',
      'symbol-description': 'off',
      'valid-typeof': 'off',
    },
  },
  {
    files: ['packaging/dashboard/*.js'],
    languageOptions: {
      sourceType: 'module',
      globals: globals('document getComputedStyle matchMedia ResizeObserver'),
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { ecmaVersion: 2025, sourceType: 'module', globals: node },
    rules,
  },
];
