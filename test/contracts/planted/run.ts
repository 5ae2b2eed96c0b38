/**
 * Plants bugs into adapters, one at a time, and runs the tests that hold them: each has to be found.
 *
 * `npm run proof:adapters [-- NAME [TEXT]]` (only bugs whose name has the text) exits with 1 when a bug survives, or when the tests fail without any.
 * `--some N --drawn-from TEXT` takes N of all bugs, which ones a commit id decides.
 */

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCLI } from 'jest';
import { hash32 } from '../../proof/random.ts';
import type { CodeBug } from '../../proof/planted-bugs/planted-bug.ts';
import type { PlantedAdapter } from './adapter-bug.ts';
import { plantedAdapters } from './index.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const unchanged: CodeBug = { name: 'no bug', edits: [] };

/** What became of one project of jest's. */
type Outcome = 'found' | 'survived' | 'broken';

/** One project for each bug; the code as it is is one as well. */
function projectsOf(adapter: PlantedAdapter, bugs: readonly CodeBug[]): object[] {
  return bugs.map((bug) => ({
    displayName: bug.name,
    rootDir: root,
    roots: ['cli', 'lambdas', 'local', 'shared', 'test'].map((folder) => join(root, folder)),
    testEnvironment: 'node',
    testMatch: testsFor(adapter, bug).map((test) => join(root, test)),
    extensionsToTreatAsEsm: ['.ts'],
    transform: { '\\.ts$': [join(import.meta.dirname, 'transform.js'), { edits: bug.edits }] },
  }));
}

/** The tests that hold what a bug is planted into. */
function testsFor({ tests, testsOf = {} }: PlantedAdapter, { edits }: CodeBug): readonly string[] {
  if (edits.length === 0) return tests;
  return [...new Set(edits.flatMap(({ file }) => testsOf[file] ?? tests))];
}

/** So many bugs in one run of jest: to start one for each would take three times as long, and after all of them nothing would be shown until the end. */
const bugsAtOnce = 6;

async function runJest(adapter: PlantedAdapter): Promise<readonly Outcome[]> {
  const all = [unchanged, ...adapter.bugs];
  const outcomes: Outcome[] = [];
  for (let from = 0; from < all.length; from += bugsAtOnce) outcomes.push(...(await runSome(adapter, all.slice(from, from + bugsAtOnce))));
  return outcomes;
}

async function runSome(adapter: PlantedAdapter, bugs: readonly CodeBug[]): Promise<readonly Outcome[]> {
  const config = JSON.stringify({ projects: projectsOf(adapter, bugs), testTimeout: 20_000, rootDir: root });
  const { results } = await runCLI(
    { _: [], $0: '', config, silent: true, reporters: [], maxWorkers: '100%', workerIdleMemoryLimit: '600MB' },
    [root],
  );
  const byBug = Map.groupBy(results.testResults, ({ displayName }) => displayName?.name);
  // Files that do not even load are in nobody's results.
  for (const { failureMessage } of byBug.get(undefined) ?? []) process.stdout.write(`${String(failureMessage)}\n`);
  return bugs.map((bug) => {
    const { name } = bug;
    const found = byBug.get(name) ?? [];
    const outcome = outcomeOf(found, testsFor(adapter, bug).length);
    process.stdout.write(`${outcome === 'found' ? '✓ ' : '  '}${adapter.name}: ${name}: ${outcome}${firstFailure(found)}\n`);
    return outcome;
  });
}

type TestResult = Awaited<ReturnType<typeof runCLI>>['results']['testResults'][number];

/** A bug is found by a test that fails; a file that does not load finds nothing. */
function outcomeOf(results: readonly TestResult[], files: number): Outcome {
  if (results.length < files) return 'broken';
  return results.some(({ numFailingTests }) => numFailingTests > 0) ? 'found' : 'survived';
}

function firstFailure(results: readonly TestResult[]): string {
  const failed = results.flatMap(({ testResults }) => testResults.find(({ status }) => status === 'failed') ?? []);
  return failed[0] ? ` by '${failed[0].fullName}'` : '';
}

// Somewhere else than where days begin at midnight UTC: what takes a time without zone as local is found too.
process.env.TZ = 'America/New_York';
const { values, positionals } = parseArgs({
  options: { some: { type: 'string' }, 'drawn-from': { type: 'string' } },
  allowPositionals: true,
});
const chosen = choose(positionals, values.some, values['drawn-from']);
let isHeld = chosen.length > 0;
for (const adapter of chosen) {
  const [asItIs, ...outcomes] = await runJest(adapter);
  const found = outcomes.filter((outcome) => outcome === 'found').length;
  process.stdout.write(
    `${adapter.name}: ${String(found)} of ${String(outcomes.length)} planted bugs found; without any: ${asItIs === 'survived' ? 'all tests pass' : 'TESTS FAIL'}\n`,
  );
  isHeld &&= asItIs === 'survived' && found === outcomes.length;
}
process.exitCode = isHeld ? 0 : 1;

/** The bugs of an adapter whose names have a text; or so many of all, which ones a text decides. */
function choose([name, text = '']: readonly string[], some = 'Infinity', drawnFrom = ''): PlantedAdapter[] {
  const named = plantedAdapters.filter((adapter) => name === undefined || adapter.name === name);
  const placeOf = (adapter: PlantedAdapter, bug: CodeBug): number => hash32(`${drawnFrom} ${adapter.name} ${bug.name}`);
  const places = named.flatMap((adapter) => adapter.bugs.map((bug) => placeOf(adapter, bug))).sort((a, b) => a - b);
  const last = places[Number(some) - 1] ?? Infinity;
  return named
    .map((adapter) => ({ ...adapter, bugs: adapter.bugs.filter((bug) => bug.name.includes(text) && placeOf(adapter, bug) <= last) }))
    .filter(({ bugs }) => bugs.length > 0);
}
