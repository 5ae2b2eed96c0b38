/** `lake tenant <command>`: manages tenants, on one machine and on AWS. Each command is a file of tenant/. */

import type { Command } from 'commander';

type AddCommand = (tenant: Command) => void;

/** In the order of the help. A command is loaded when it is called. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  add: async () => (await import('./tenant/add.ts')).addCommand,
  permissions: async () => (await import('./tenant/permissions.ts')).permissionsCommand,
  test: async () => (await import('./tenant/test.ts')).testCommand,
  enable: async () => (await import('./tenant/enable.ts')).enableCommand,
  disable: async () => (await import('./tenant/disable.ts')).disableCommand,
  list: async () => (await import('./tenant/list.ts')).listCommand,
  show: async () => (await import('./tenant/show.ts')).showCommand,
  edit: async () => (await import('./tenant/edit.ts')).editCommand,
  history: async () => (await import('./tenant/history.ts')).historyCommand,
  move: async () => (await import('./tenant/move.ts')).moveCommand,
  erase: async () => (await import('./tenant/erase.ts')).eraseCommand,
  remove: async () => (await import('./tenant/remove.ts')).removeCommand,
};

/**
 * Adds the command, with the one of its own commands that is called; with all of them where that is unknown.
 *
 * @param name The word after `tenant`.
 */
export async function tenantCommand(program: Command, name = ''): Promise<void> {
  const tenant = program
    .command('tenant')
    .summary('add, test, enable and show tenants')
    .description('Manage the tenants that are collected.');
  const called = Object.hasOwn(commands, name) ? [commands[name]] : Object.values(commands);
  for (const load of called) (await load?.())?.(tenant);
}
