import { withSubcommands, type CompletedCommand, type Values } from './completion-tree.ts';

/** A completion script for fish: to be sourced, or saved as `~/.config/fish/completions/lake.fish`. */
export function fishCompletion(program: CompletedCommand): string {
  const lines = withSubcommands(program).flatMap((command) => linesOf(command, program));
  return `# fish completion of lake: lake completion fish | source\ncomplete -c lake -f\n${lines.join('\n')}\n`;
}

function linesOf(command: CompletedCommand, program: CompletedCommand): string[] {
  const { options, subcommands, argument } = command;
  const here = `complete -c lake -n ${quoted(condition(command, program))}`;
  return [
    ...subcommands.map((one) => `${here} -a ${one.path.at(-1) ?? ''} -d ${quoted(one.summary)}`),
    ...(argument.kind === 'unknown' ? [] : [`${here} ${reply(argument)}`]),
    ...options.map(({ flag, description, values }) => {
      const value = values ? ` -r ${reply(values)}` : '';
      return `${here} -l ${flag.slice(2)}${value} -d ${quoted(description)}`;
    }),
  ];
}

/** True while the command is the last one on the line: fish knows which words are there, and not in which order. */
function condition({ path, subcommands }: CompletedCommand, program: CompletedCommand): string {
  const names = subcommands.map((one) => one.path.at(-1)).join(' ');
  const isNotBelow = names === '' ? [] : [`not __fish_seen_subcommand_from ${names}`];
  const namesakes = program.subcommands.filter(
    (other) => path.length === 1 && other.subcommands.some((one) => one.path.at(-1) === path[0]),
  );
  const isNoSubcommand = namesakes.map((other) => `not __fish_seen_subcommand_from ${other.path.join(' ')}`);
  return [...path.map((name) => `__fish_seen_subcommand_from ${name}`), ...isNoSubcommand, ...isNotBelow].join('; and ');
}

function reply(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `-a ${quoted(values.words.join(' '))}`;
    case 'files':
      return '-F';
    case 'folders':
      return `-a '(__fish_complete_directories)'`;
    case 'unknown':
      return '';
  }
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
