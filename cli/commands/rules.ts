/** `lake rules <command>`: the rules by which findings are made. Each command is a file of rules/. */

import type { Command } from 'commander';

type AddCommand = (rules: Command) => void;

/** In the order of the help. A command is loaded when it is called. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  list: async () => (await import('./rules/list.ts')).listCommand,
  lint: async () => (await import('./rules/lint.ts')).lintCommand,
  test: async () => (await import('./rules/test.ts')).testCommand,
  add: async () => (await import('./rules/add.ts')).addCommand,
  off: async () => (await import('./rules/switch.ts')).offCommand,
  on: async () => (await import('./rules/switch.ts')).onCommand,
  allow: async () => (await import('./rules/switch.ts')).allowCommand,
};

/**
 * Adds the command, with the one of its own commands that is called; with all of them where that is unknown.
 *
 * @param name The word after `rules`.
 */
export async function rulesCommand(program: Command, name = ''): Promise<void> {
  const rules = program
    .command('rules')
    .summary('list, check, test, add and switch detection rules')
    .description('Manage the rules that findings are made by: Sigma, and what docs/writing-rules.md adds to it.');
  const called = Object.hasOwn(commands, name) ? [commands[name]] : Object.values(commands);
  for (const load of called) (await load?.())?.(rules);
}
