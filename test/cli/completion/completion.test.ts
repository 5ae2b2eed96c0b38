import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { completionTree, withSubcommands } from '../../../cli/completion/completion-tree.ts';
import { runLake } from '../../helpers/run-lake.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'completion-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const isInstalled = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

/** Sources the script of the shell, then a harness, and gives what the harness prints. */
async function complete(shell: string, harness: string): Promise<string> {
  const { code, out } = await runLake('completion', shell);
  expect(code).toBe(0);
  const file = join(folder, `lake.${shell}`);
  await writeFile(file, out);
  const run = spawnSync(shell, ['-c', harness.replaceAll('SCRIPT', file)], { encoding: 'utf8', env: { ...process.env, HOME: folder } });
  expect(run.stderr).toBe('');
  return run.stdout;
}

const inBash = `source SCRIPT
t() { COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMPREPLY=(); _lake; echo "\${*: -1}: \${COMPREPLY[*]}"; }
`;

describe('the completion of bash', () => {
  test.each([
    { line: 'lake qu', completes: 'qu: query queries' },
    { line: 'lake tenant e', completes: 'e: enable edit erase' },
    { line: 'lake tenant add --credential s', completes: 's: secret' },
    { line: 'lake import --log-type dlp', completes: 'dlp: dlp-all' },
    { line: 'lake describe m365', completes: 'm365: m365_activity' },
    { line: 'lake start --rec', completes: '--rec: --records' },
    { line: 'lake query @ password-s', completes: 'password-s: password-spray' },
    { line: 'lake completion z', completes: 'z: zsh' },
  ])('of $line', async ({ line, completes }) => {
    expect((await complete('bash', `${inBash}t ${line}`)).trim()).toBe(completes);
  });

  test('completes folders after --lake', async () => {
    expect(await complete('bash', `${inBash}cd /; t lake query --lake tm`)).toBe('tm: tmp\n');
  });
});

// Where a shell is not installed, its script is held by the tree that all three are made from.
(isInstalled('zsh') ? describe : describe.skip)('the completion of zsh', () => {
  const harness = `_describe() { print -rl -- $candidates }
compadd() { shift; print -rl -- "$@" }
_files() { print -r -- "files $*" }
compdef() { : }
source SCRIPT
t() { words=("$@"); CURRENT=$#words; PREFIX=$words[-1]; _lake }
`;
  test.each([
    { line: 'lake qu', completes: 'queries:list the queries of the library, or show one' },
    { line: 'lake import --log-type dl', completes: 'dlp-all' },
    { line: 'lake query --lake x', completes: 'files -/' },
    { line: 'lake import x', completes: 'files' },
  ])('of $line', async ({ line, completes }) => {
    expect((await complete('zsh', `${harness}t ${line}`)).split('\n').map((one) => one.trim())).toContain(completes);
  });
});

(isInstalled('fish') ? describe : describe.skip)('the completion of fish', () => {
  test.each([
    { line: 'lake tenant en', completes: 'enable\ttest a tenant and start collecting it' },
    { line: 'lake describe m365', completes: 'm365_activity' },
    { line: 'lake start --rec', completes: '--records\tsimulate Microsoft with the records of this folder' },
  ])('of $line', async ({ line, completes }) => {
    expect(await complete('fish', `source SCRIPT; complete -C "${line}"`)).toContain(completes);
  });
});

describe('the tree that completion is made from', () => {
  test('has every option that the help shows, and none that it hides', () => {
    const program = new Command('lake');
    program.command('one').summary('the first').option('--file <file>', 'a file').option('--all', 'all of them');
    program.command('two').argument('<files...>');
    const [, one, two] = withSubcommands(completionTree(program));
    expect(one?.options.map(({ flag }) => flag)).toEqual(['--file', '--all', '--help']);
    expect(one?.options[0]?.values).toEqual({ kind: 'files' });
    expect(two?.argument).toEqual({ kind: 'files' });
  });

  test('a command is distinguished from a subcommand of its name, which fish sees no order of', async () => {
    const { out } = await runLake('completion', 'fish');
    const conditionOf = (flag: string): string[] =>
      [...out.matchAll(new RegExp(`-n '([^']*)' -l ${flag} `, 'g'))].map(([, condition = '']) => condition);
    expect(conditionOf('user')).toEqual(['__fish_seen_subcommand_from erase; and not __fish_seen_subcommand_from tenant']);
    expect(conditionOf('reason')).toEqual([
      ...conditionOf('user'),
      '__fish_seen_subcommand_from tenant; and __fish_seen_subcommand_from erase',
    ]);
  });
});
