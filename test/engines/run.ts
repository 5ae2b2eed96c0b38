/**
 * `npm run test:engines`: what docs/engines.md says of DuckDB's command line, its Python, pandas and polars, as it stands there.
 *
 * A small lake is landed, compacted in part, and written as a database. Then the page's blocks of Python run one after the other in the lake's
 * folder, and its statement on DuckDB's command line: each sets `answer`, which must be what `lake query` says. The packages of
 * requirements.txt are installed from PyPI into build/engines once; it needs Python 3.11 or later.
 */

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../local/clock.ts';
import { compactLake } from '../../local/compaction/compact-lake.ts';
import { writeDuckDbFile } from '../../local/duckdb-file.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { plantLake } from '../queries/planted-lake.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = await mkdtemp(join(tmpdir(), 'engines-test-'));
try {
  const python = await preparePython();
  const lake = join(folder, 'lake');
  await plantLake(lake, { only: ['forwarding-inbox-rules', 'password-spray'] });
  const opened = await openLakeFolder(lake, { exclusive: true });
  await compactLake(opened, { clock: systemClock });
  opened.close();
  // This tenant's records are in no compacted file.
  await plantLake(lake, { only: ['mfa-fatigue'] });
  await writeDuckDbFile({ path: lake });
  const page = await readFile(join(root, 'docs', 'engines.md'), 'utf8');
  const outcomes = [...(await askPython(python, lake, page)), await askCommandLine(python, lake, page)];
  for (const { name, got, wanted } of outcomes)
    console.log(`${got === wanted ? 'ok' : 'DIFFERENT'} ${name}: ${got}, lake query: ${wanted}`);
  const passed = outcomes.filter(({ got, wanted }) => got === wanted && Number(wanted) > 0).length;
  console.log(`${String(passed)} passed, ${String(outcomes.length - passed)} failed`);
  if (passed < outcomes.length || outcomes.length < 4) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

interface Outcome {
  readonly name: string;
  readonly got: string;
  readonly wanted: string;
}

/** Every block of Python in one process: a later one may use what an earlier one has made. Each says in its first line what it answers. */
async function askPython(python: string, lake: string, page: string): Promise<Outcome[]> {
  const blocks = [...page.matchAll(/```python\n# (.*)\n([\s\S]*?)```/g)].map(([, sql = '', code = '']) => ({ sql, code }));
  const program = blocks.map(({ code }) => `${code}\nprint('answer', answer)\n`).join('\n');
  await writeFile(join(folder, 'page.py'), program);
  const output = execFileSync(python, [join(folder, 'page.py')], { cwd: lake, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const answers = [...output.matchAll(/^answer (.*)$/gm)].map(([, answer = '']) => answer);
  return Promise.all(
    blocks.map(async ({ sql, code }, index) => ({
      name: /^import (\w+)/m.exec(code)?.[1] ?? `block ${String(index + 1)}`,
      got: answers[index] ?? 'nothing',
      wanted: await answerOf(lake, sql),
    })),
  );
}

/** The statement of the page's `duckdb lake.duckdb "..."`. */
async function askCommandLine(python: string, lake: string, page: string): Promise<Outcome> {
  const [, sql = ''] = /^duckdb lake\.duckdb "(.*)"$/m.exec(page) ?? [];
  const output = execFileSync(join(python, '..', 'duckdb'), ['-readonly', '-noheader', '-list', 'lake.duckdb', sql], {
    cwd: lake,
    encoding: 'utf8',
  });
  return { name: "DuckDB's command line", got: output.trim(), wanted: await answerOf(lake, sql) };
}

async function answerOf(lake: string, sql: string): Promise<string> {
  const reader = await openLakeReader(lake, sql);
  const [[value] = []] = await (await reader.query(sql)).getRows();
  await reader.close();
  return String(value);
}

/** The interpreter of an environment with the packages; made when it is not there, or when the list has changed. */
async function preparePython(): Promise<string> {
  const list = await readFile(join(import.meta.dirname, 'requirements.txt'), 'utf8');
  const place = join(root, 'build', 'engines');
  const [python, stamp] = [join(place, 'bin', 'python'), join(place, 'requirements.txt')];
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === list) return python;
  await rm(place, { recursive: true, force: true });
  execFileSync('python3', ['-m', 'venv', place]);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', join(import.meta.dirname, 'requirements.txt')];
  execFileSync(python, install, { stdio: 'inherit' });
  await writeFile(stamp, list);
  return python;
}
