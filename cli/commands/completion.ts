/** `lake completion <shell>`: a script that completes commands, options, log types, datasets and queries. */

import { Argument, type Command } from 'commander';
import { bashCompletion } from '../completion/bash.ts';
import { completionTree, type CompletedCommand } from '../completion/completion-tree.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { toStdout } from './output.ts';

const shells: Readonly<Record<string, (program: CompletedCommand) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

const help = `
Examples:
  lake completion bash > ~/.local/share/bash-completion/completions/lake
  lake completion zsh > "\${fpath[1]}/_lake"
  lake completion fish > ~/.config/fish/completions/lake.fish`;

/** Adds the command. @param everyCommand The program with every command, which the script is made from. */
export function completionCommand(program: Command, _next: string | undefined, everyCommand: () => Promise<Command>): void {
  program
    .command('completion')
    .summary('print a completion script for your shell')
    .description('Prints a script that completes the commands, options, log types, datasets and queries of lake.')
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(shells)))
    .addHelpText('after', help)
    .action(async (shell: string) => {
      await toStdout(shells[shell]?.(completionTree(await everyCommand())) ?? '');
    });
}
