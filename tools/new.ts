/**
 * `npm run new -- KIND NAME`: begins what CONTRIBUTING.md has a recipe for, with everything in its place and tests that pass.
 *
 * `npm run new` alone prints what there is.
 */

import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { applyEdits, type Edit } from './new/edit.ts';
import { newLogType } from './new/log-type.ts';
import { newCloud, newColumn, newDataset, newQuery } from './new/others.ts';
import { newRule } from './new/rule.ts';

const usage = `Usage: npm run new -- <kind> <name> [options]

  log-type ID --path auditLogs/things --time-field createdDateTime --permission Things.Read.All
  cloud ID --api graph --host graph.example.com --authority login.example.com
  query NAME
  rule NAME
  column LOG-TYPE NAME --from path.in.the.record
  dataset NAME --log-type LOG-TYPE

CONTRIBUTING.md says what to do next.
`;

const option = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    path: option,
    'time-field': option,
    permission: option,
    api: option,
    host: option,
    authority: option,
    from: option,
    'log-type': option,
  },
});
const [kind, name, second] = positionals;

const recipes: Readonly<Record<string, () => readonly Edit[]>> = {
  'log-type': () => newLogType({ id: name, path: needed('path'), timeField: needed('time-field'), permission: needed('permission') }),
  cloud: () => newCloud({ id: name, api: needed('api'), host: needed('host'), authority: needed('authority') }),
  query: () => newQuery({ name }),
  rule: () => newRule({ name, uuid: randomUUID() }),
  column: () => newColumn({ logType: name, name: second, from: needed('from') }),
  dataset: () => newDataset({ name, logType: needed('log-type') }),
};

function needed(key: keyof typeof values): string {
  const value = values[key];
  if (value === undefined) throw new Error(`--${key} is missing`);
  return value;
}

const root = join(import.meta.dirname, '..');
const recipe = kind === undefined ? undefined : new Map(Object.entries(recipes)).get(kind);
if (!recipe) {
  process.stderr.write(usage);
  process.exitCode = kind === undefined ? 0 : 2;
} else {
  try {
    const files = await applyEdits(root, recipe());
    // The lines are in the right place; prettier knows how long they may be.
    const formatted = files.filter((file) => file.endsWith('.ts') || file.endsWith('.yml'));
    spawnSync(process.execPath, [join(root, 'node_modules/prettier/bin/prettier.cjs'), '--write', '--log-level', 'warn', ...formatted], {
      cwd: root,
      stdio: 'inherit',
    });
    process.stdout.write(`${files.join('\n')}\nNext: the recipe in CONTRIBUTING.md, then npm run docs\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 2;
  }
}
