/** `lake indicators <command>`: lists of what is known to be bad. Each command is a file of indicators/. */

import type { Command } from 'commander';

type AddCommand = (indicators: Command) => void;

/** In the order of the help. A command is loaded when it is called. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  import: async () => (await import('./indicators/import.ts')).importCommand,
  list: async () => (await import('./indicators/list.ts')).listCommand,
  remove: async () => (await import('./indicators/remove.ts')).removeCommand,
};

/**
 * Adds the command, with the one of its own commands that is called; with all of them where that is unknown.
 *
 * @param name The word after `indicators`.
 */
export async function indicatorsCommand(program: Command, name = ''): Promise<void> {
  const indicators = program
    .command('indicators')
    .summary('import lists of indicators, and list them')
    .description(
      'Manage lists of addresses, domains, links, file digests, users and applications that are known to be bad. Rules of the kind indicator look records up in them.',
    );
  const called = Object.hasOwn(commands, name) ? [commands[name]] : Object.values(commands);
  for (const load of called) (await load?.())?.(indicators);
}
