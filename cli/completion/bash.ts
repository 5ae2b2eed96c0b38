import { withSubcommands, type CompletedCommand, type Values } from './completion-tree.ts';

/** A completion script for bash 3.2 and newer, to be sourced. */
export function bashCompletion(program: CompletedCommand): string {
  const commands = withSubcommands(program);
  return `# bash completion of lake: source <(lake completion bash)
_lake() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command="" words="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$command \${COMP_WORDS[index]}" in
      ${commands
        .filter(({ path }) => path.length > 0)
        .map(({ path }) => `" ${path.join(' ')}"`)
        .join(' | ')}) command="$command \${COMP_WORDS[index]}" ;;
    esac
  done
  case "$command $previous" in
${commands.flatMap(optionCases).join('\n')}
  esac
  case "$command" in
${commands.map(commandCase).join('\n')}
  esac
  # Bash takes @ for the end of a word.
  if [[ $current == @ || $previous == @ ]]; then
    words=\${words//@/}
    current=\${current#@}
  fi
  [[ $current == -* || $words != *FILES* ]] || { compopt -o default 2>/dev/null; return; }
  COMPREPLY=($(compgen -W "\${words//FILES/}" -- "$current"))
}
complete -F _lake lake
`;
}

function optionCases({ path, options }: CompletedCommand): string[] {
  return options.flatMap(({ flag, values }) => (values ? [`    "${prefix(path)} ${flag}") ${reply(values)}; return ;;`] : []));
}

function reply(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `COMPREPLY=($(compgen -W "${values.words.join(' ')}" -- "$current"))`;
    case 'files':
      return 'COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null';
    case 'folders':
      return 'COMPREPLY=($(compgen -d -- "$current")); compopt -o filenames 2>/dev/null';
    case 'unknown':
      return 'COMPREPLY=()';
  }
}

function commandCase({ path, options, subcommands, argument }: CompletedCommand): string {
  const words = [
    ...subcommands.map((one) => one.path.at(-1)),
    ...(argument.kind === 'words' ? argument.words : []),
    ...(argument.kind === 'files' ? ['FILES'] : []),
    ...options.map(({ flag }) => flag),
  ];
  return `    "${prefix(path)}") words="${words.join(' ')}" ;;`;
}

const prefix = (path: readonly string[]): string => path.map((word) => ` ${word}`).join('');
