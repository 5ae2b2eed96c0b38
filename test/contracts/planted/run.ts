/**
 * Plants bugs into adapters, one at a time, and runs the tests that hold them: each has to be found.
 *
 * `npm run proof:adapters [-- NAME [TEXT]]` (only bugs whose name has the text) exits with 1 when a bug survives, or when the tests fail without any.
 */

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdapterBug, PlantedAdapter } from './adapter-bug.ts';
import { dynamoDbLedger } from './dynamodb-bugs.ts';
import { handlers } from './handler-bugs.ts';
import { sqliteLedger } from './sqlite-bugs.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const adapters: readonly PlantedAdapter[] = [dynamoDbLedger, sqliteLedger, handlers];
const unchanged: AdapterBug = { name: 'no bug', edits: [] };

/** What became of one project of jest's. */
type Outcome = 'found' | 'survived' | 'broken';

interface TestResult {
  readonly name: string;
  readonly status: 'passed' | 'failed';
  readonly message: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

/** One project for each bug, and one for the code as it is. */
function projectsOf({ tests, bugs }: PlantedAdapter): object[] {
  return [unchanged, ...bugs].map(({ name, edits }) => ({
    displayName: name,
    rootDir: root,
    testEnvironment: 'node',
    testMatch: tests.map((test) => join(root, test)),
    extensionsToTreatAsEsm: ['.ts'],
    transform: { '\\.ts$': [join(import.meta.dirname, 'transform.js'), { edits }] },
  }));
}

async function runJest(adapter: PlantedAdapter): Promise<readonly Outcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'planted-'));
  try {
    const [config, output] = [join(folder, 'jest.config.json'), join(folder, 'results.json')];
    await writeFile(config, JSON.stringify({ projects: projectsOf(adapter), testTimeout: 20_000, rootDir: root }));
    const bugs = [unchanged, ...adapter.bugs];
    const outcomes: Outcome[] = [];
    for (const { name } of bugs) {
      await rm(output, { force: true });
      await jest(['--config', config, '--selectProjects', name, '--json', '--outputFile', output, '--silent', '--maxWorkers=1']);
      const { testResults } = JSON.parse(await readFile(output, 'utf8')) as { readonly testResults: readonly TestResult[] };
      outcomes.push(outcomeOf(testResults));
      process.stdout.write(
        `${outcomes.at(-1) === 'survived' ? '  ' : '✓ '}${adapter.name}: ${name}: ${String(outcomes.at(-1))}${firstFailure(testResults)}\n`,
      );
    }
    return outcomes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A bug is found by a test that fails; a file that does not load finds nothing. */
function outcomeOf(results: readonly TestResult[]): Outcome {
  if (
    results.length === 0 ||
    results.some(({ message, assertionResults }) => assertionResults.length === 0 || message.includes('PLANT ANEW'))
  )
    return 'broken';
  return results.some(({ status }) => status === 'failed') ? 'found' : 'survived';
}

function firstFailure(results: readonly TestResult[]): string {
  const failed = results.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === 'failed'));
  const broken = results.find(({ assertionResults }) => assertionResults.length === 0);
  return failed[0] ? ` by '${failed[0].fullName}'` : broken ? `\n${broken.message}` : '';
}

function jest(args: readonly string[]): Promise<void> {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, join(root, 'node_modules/jest/bin/jest.js'), ...args], { cwd: root, stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      resolve();
    });
  });
}

const chosen = adapters.filter(({ name }) => process.argv.length < 3 || process.argv.includes(name));
let isHeld = chosen.length > 0;
for (const adapter of chosen) {
  const [asItIs, ...outcomes] = await runJest({
    ...adapter,
    bugs: adapter.bugs.filter(({ name }) => name.includes(process.argv[3] ?? '')),
  });
  const found = outcomes.filter((outcome) => outcome === 'found').length;
  process.stdout.write(
    `${adapter.name}: ${String(found)} of ${String(outcomes.length)} planted bugs found; without any: ${asItIs === 'survived' ? 'all tests pass' : 'TESTS FAIL'}\n`,
  );
  isHeld &&= asItIs === 'survived' && found === outcomes.length;
}
process.exitCode = isHeld ? 0 : 1;
