import { defineConfig } from 'eslint/config';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import jsdoc from 'eslint-plugin-jsdoc';
import tseslint from 'typescript-eslint';

/**
 * The import arrows. A folder imports what it is allowed here and nothing else of the project; packages are not restricted.
 *
 * clouds <- domain <- log-types, datasets <- detections <- ports <- microsoft, aws <- connect; domain <- landing/engine <- landing/parquet <- landing;
 * stations import ports, domain and catalog only, and never each other (a handler.ts is the door of its station and connects it); infra
 * imports the catalog, clouds and domain; tools alone import infra, tools and bench alone cli, tests alone test.
 */
const catalog = ['shared/clouds.ts', 'shared/domain', 'shared/log-types', 'shared/datasets'];
const detections = [...catalog, 'shared/detections'];
const notifications = ['shared/notifications'];
const ports = [...detections, 'shared/ports'];
const stations = ['list', 'fetch', 'sweep', 'compact', 'check', 'notify', 'manifest'];
const arrows = [
  { folder: 'shared/clouds.ts', mayImport: [] },
  { folder: 'shared/domain', mayImport: ['shared/clouds.ts', 'shared/domain'] },
  { folder: 'shared/log-types', mayImport: ['shared/clouds.ts', 'shared/domain', 'shared/log-types'] },
  { folder: 'shared/datasets', mayImport: ['shared/clouds.ts', 'shared/domain', 'shared/log-types', 'shared/datasets'] },
  { folder: 'shared/detections', mayImport: detections },
  { folder: 'shared/ports', mayImport: ports },
  { folder: 'shared/notifications', mayImport: [...detections, 'shared/printable.ts', ...notifications] },
  { folder: 'shared/channels', mayImport: [...ports, ...notifications, 'shared/channels'] },
  { folder: 'shared/*.ts', mayImport: ports },
  { folder: 'shared/landing/engine', mayImport: ['shared/clouds.ts', 'shared/domain', 'shared/landing/engine'] },
  { folder: 'shared/landing/parquet', mayImport: ['shared/clouds.ts', 'shared/domain', 'shared/landing/engine', 'shared/landing/parquet'] },
  { folder: 'shared/landing/*.ts', mayImport: [...ports, 'shared/landing'] },
  { folder: 'shared/microsoft', mayImport: [...ports, 'shared/microsoft'] },
  {
    folder: 'shared/aws',
    mayImport: [
      ...ports,
      ...notifications,
      'shared/channels',
      'shared/tenant-config.ts',
      'shared/certificate.ts',
      'shared/file-digest.ts',
      'shared/aws',
    ],
  },
  ...['list', 'fetch', 'sweep', 'compact', 'manifest'].map((station) => ({
    folder: `lambdas/${station}/!(handler).ts`,
    mayImport: [...ports, `lambdas/${station}`],
  })),
  { folder: 'lambdas/notify/!(handler).ts', mayImport: [...ports, ...notifications, 'lambdas/notify'] },
  { folder: 'lambdas/check/!(handler).ts', mayImport: [...ports, 'shared/redact.ts', 'lambdas/check'] },
  { folder: 'lambdas/*.ts', mayImport: ['shared', 'lambdas'] },
  { folder: 'lambdas/*/handler.ts', mayImport: ['shared', 'lambdas'] },
  {
    folder: 'infra',
    mayImport: [
      ...catalog,
      'shared/metric-names.ts',
      'shared/aws/ledger-table.ts',
      'shared/aws/sightings-table.ts',
      'queries',
      'rules',
      'shared/detections',
      'infra',
    ],
  },
  { folder: 'simulator', mayImport: ['shared/clouds.ts', 'shared/domain', 'shared/ports/clock.ts', 'simulator'] },
  { folder: 'local', mayImport: ['shared', 'lambdas', 'local'] },
  { folder: 'cli', mayImport: ['shared', 'lambdas', 'queries', 'rules', 'simulator', 'local', 'console/api', 'cli'] },
  // The page runs in a browser: it knows the API and nothing else of the project.
  { folder: 'console', mayImport: ['console'] },
  { folder: 'queries', mayImport: [...catalog, 'queries'] },
  { folder: 'rules', mayImport: [...detections, 'rules'] },
  { folder: 'tools', mayImport: ['shared', 'lambdas', 'queries', 'rules', 'simulator', 'local', 'console', 'cli', 'infra', 'tools'] },
  { folder: 'bench', mayImport: ['shared', 'lambdas', 'queries', 'rules', 'simulator', 'local', 'console', 'cli', 'bench'] },
];
const message = 'Import arrows point one way; eslint.config.js has their table.';
const zones = [
  ...arrows.map(({ folder, mayImport }) => ({
    target: `./${folder}`,
    from: '.',
    except: ['./node_modules', ...mayImport.map((path) => `./${path}`)],
    message,
  })),
  ...stations.map((station) => ({
    target: `./lambdas/${station}/handler.ts`,
    from: stations.filter((other) => other !== station).map((other) => `./lambdas/${other}`),
    message,
  })),
];

/** Time, chance and timers come in through ports; these places implement them. */
const ambient = [
  { object: 'Date', property: 'now', message: 'Take the time from the Clock port.' },
  { object: 'Math', property: 'random', message: 'Derive it from what is given, so that a run can be repeated.' },
  { object: 'crypto', property: 'randomUUID', message: 'Derive it from what is given, so that a run can be repeated.' },
];

export default defineConfig(
  { ignores: ['node_modules', '.lake', 'build', 'dist', 'cdk.out', 'coverage'] },
  {
    // AssemblyScript: TypeScript's grammar with types of its own, so nothing that asks for types; decorators of functions are no TypeScript.
    files: ['engine/*.ts'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    languageOptions: { parserOptions: { allowInvalidAST: true } },
    rules: {
      // The type of a number matters there; a null that was checked in another function cannot be shown to the compiler otherwise.
      '@typescript-eslint/no-inferrable-types': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'angle-bracket' }],
      // "// @ts-ignore: decorator" is how AssemblyScript tells editors of its decorators.
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-ignore': 'allow-with-description' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.ts', 'console/page/**/*.tsx'],
    ignores: ['engine/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    // Without the extensions import-x takes no .ts file for a module, and no-cycle finds nothing.
    settings: { 'import-x/extensions': ['.ts', '.tsx'], 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-cycle': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    // Every export is documented, in tests too where others build on them.
    files: ['**/*.ts', 'console/page/**/*.tsx'],
    ignores: ['bench/**', 'test/!(proof|fakes|contracts|lambdas)/**', 'test/*.ts'],
    plugins: { jsdoc },
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          require: { ArrowFunctionExpression: true, ClassDeclaration: true, FunctionDeclaration: true, FunctionExpression: true },
          contexts: [
            'ExportNamedDeclaration > TSInterfaceDeclaration',
            'ExportNamedDeclaration > TSTypeAliasDeclaration',
            'ExportNamedDeclaration > VariableDeclaration',
          ],
          enableFixer: false,
        },
      ],
    },
  },
  {
    files: ['**/*.ts', 'console/page/**/*.tsx'],
    ignores: ['engine/*.ts'],
    rules: { 'import-x/no-restricted-paths': ['error', { zones }] },
  },
  {
    files: ['shared/**/*.ts', 'lambdas/**/*.ts', 'local/**/*.ts', 'simulator/**/*.ts', 'cli/**/*.ts'],
    ignores: ['local/clock.ts', 'lambdas/clock.ts'],
    rules: {
      'no-restricted-properties': ['error', ...ambient],
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'setImmediate'],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take the time from the Clock port.' },
      ],
    },
  },
);
