/** The table of import arrows in eslint.config.js really refuses: each folder is tried with an import it may not have. */

import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ESLint } from 'eslint';

const root = join(import.meta.dirname, '..');

/** The messages about import arrows for a file that imports `from`. */
async function complaints(file: string, from: string, rule = 'import-x/no-restricted-paths'): Promise<string[]> {
  // Arrows need no types; building the program would take half a minute.
  const overrideConfig = { languageOptions: { parserOptions: { projectService: false } } };
  const eslint = new ESLint({ cwd: root, overrideConfig, ruleFilter: ({ ruleId }) => ruleId === rule });
  const [result] = await eslint.lintText(`import * as it from '${from}';\nexport const kept = it;\n`, { filePath: join(root, file) });
  return (result?.messages ?? []).map(({ message }) => message);
}

test.each([
  { file: 'shared/domain/window.ts', from: '../ports/clock.ts', isAllowed: false },
  { file: 'shared/domain/window.ts', from: '../clouds.ts', isAllowed: true },
  { file: 'shared/log-types/alerts.ts', from: '../microsoft/graph.ts', isAllowed: false },
  { file: 'shared/microsoft/graph.ts', from: '../../local/lake.ts', isAllowed: false },
  { file: 'lambdas/list/list.ts', from: '../fetch/fetch.ts', isAllowed: false },
  { file: 'lambdas/check/check.ts', from: '../list/list.ts', isAllowed: false },
  { file: 'lambdas/fetch/fetch.ts', from: '../../shared/microsoft/graph.ts', isAllowed: false },
  { file: 'lambdas/fetch/fetch.ts', from: '../../shared/log-types/index.ts', isAllowed: true },
  { file: 'infra/alarms.ts', from: '../lambdas/list/list.ts', isAllowed: false },
  { file: 'infra/alarms.ts', from: '../shared/microsoft/graph.ts', isAllowed: false },
  { file: 'infra/alarms.ts', from: '../shared/log-types/index.ts', isAllowed: true },
  { file: 'shared/aws/jobs.ts', from: '../../infra/settings.ts', isAllowed: false },
  { file: 'local/lake.ts', from: '../test/fakes/memory-lake.ts', isAllowed: false },
  { file: 'local/collector.ts', from: '../lambdas/fetch/fetch.ts', isAllowed: true },
  { file: 'local/lake.ts', from: '../cli/command-line.ts', isAllowed: false },
  { file: 'console/page/screens/health.tsx', from: '../../../cli/command-line.ts', isAllowed: false },
  { file: 'console/page/screens/health.tsx', from: '../parts/basics.tsx', isAllowed: true },
  { file: 'local/lake.ts', from: '../simulator/world.ts', isAllowed: false },
  { file: 'simulator/world.ts', from: '../shared/clouds.ts', isAllowed: true },
  { file: 'simulator/world.ts', from: '../shared/log-types/index.ts', isAllowed: false },
  { file: 'simulator/world.ts', from: '../local/clock.ts', isAllowed: false },
  { file: 'cli/main.ts', from: '../simulator/world.ts', isAllowed: true },
  { file: 'shared/landing/engine/engine.ts', from: '../land.ts', isAllowed: false },
  { file: 'shared/redact.ts', from: '../local/lake.ts', isAllowed: false },
  { file: 'shared/redact.ts', from: './ports/log.ts', isAllowed: true },
  { file: 'shared/file-digest.ts', from: '../local/lake.ts', isAllowed: false },
  { file: 'shared/certificate.ts', from: '../cli/main.ts', isAllowed: false },
  { file: 'shared/printable.ts', from: '../simulator/world.ts', isAllowed: false },
  { file: 'shared/metric-names.ts', from: '../infra/settings.ts', isAllowed: false },
  { file: 'shared/tenant-config.ts', from: './microsoft/graph.ts', isAllowed: false },
  { file: 'lambdas/connect.ts', from: '../cli/main.ts', isAllowed: false },
  { file: 'lambdas/connect.ts', from: '../infra/settings.ts', isAllowed: false },
  { file: 'lambdas/connect.ts', from: '../shared/microsoft/connect.ts', isAllowed: true },
  { file: 'lambdas/log.ts', from: '../test/fakes/memory-lake.ts', isAllowed: false },
  { file: 'lambdas/list/handler.ts', from: '../../cli/command-line.ts', isAllowed: false },
  { file: 'lambdas/list/handler.ts', from: '../fetch/fetch.ts', isAllowed: false },
  { file: 'lambdas/list/handler.ts', from: './list.ts', isAllowed: true },
  { file: 'lambdas/list/handler.ts', from: '../connect.ts', isAllowed: true },
  { file: 'tools/cost.ts', from: '../infra/settings.ts', isAllowed: true },
  { file: 'tools/cost.ts', from: '../test/fakes/memory-lake.ts', isAllowed: false },
  { file: 'bench/run.ts', from: '../cli/terminal/table.ts', isAllowed: true },
  { file: 'bench/run.ts', from: '../infra/settings.ts', isAllowed: false },
])(
  '$file may import $from: $isAllowed',
  async ({ file, from, isAllowed }) => {
    expect((await complaints(file, from)).length === 0).toBe(isAllowed);
  },
  30_000,
);

test('a file that imports what imports it is refused', async () => {
  expect(await complaints('simulator/management-api.ts', './content-api.ts', 'import-x/no-cycle')).not.toEqual([]);
  expect(await complaints('simulator/management-api.ts', './world.ts', 'import-x/no-cycle')).toEqual([]);
}, 30_000);
