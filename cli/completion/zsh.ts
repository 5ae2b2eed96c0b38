import { withSubcommands, type CompletedCommand, type Values } from './completion-tree.ts';

/** A completion script for zsh: to be sourced after compinit, or saved as `_lake` in a folder of `fpath`. */
export function zshCompletion(program: CompletedCommand): string {
  const commands = withSubcommands(program);
  return `#compdef lake
# zsh completion of lake: source <(lake completion zsh), or save it as _lake in a folder of fpath
_lake() {
  local command="" word previous=\${words[CURRENT-1]}
  local -a candidates
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$command $word" in
      ${commands
        .filter(({ path }) => path.length > 0)
        .map(({ path }) => `" ${path.join(' ')}"`)
        .join('|')}) command="$command $word" ;;
    esac
  done
  case "$command $previous" in
${commands.flatMap(optionCases).join('\n')}
  esac
  case "$command" in
${commands.map(commandCase).join('\n')}
  esac
  _describe lake candidates
}
if [[ $funcstack[1] == _lake ]]; then _lake "$@"; else compdef _lake lake; fi
`;
}

function optionCases({ path, options }: CompletedCommand): string[] {
  return options.flatMap(({ flag, values }) => (values ? [`    "${prefix(path)} ${flag}") ${reply(values)}; return ;;`] : []));
}

function reply(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `compadd -- ${values.words.map(quoted).join(' ')}`;
    case 'files':
      return '_files';
    case 'folders':
      return '_files -/';
    case 'unknown':
      return '_message value';
  }
}

function commandCase({ path, options, subcommands, argument }: CompletedCommand): string {
  const candidates = [
    ...subcommands.map((one) => candidate(one.path.at(-1) ?? '', one.summary)),
    ...(argument.kind === 'words' ? argument.words.map(quoted) : []),
    ...options.map(({ flag, description }) => candidate(flag, description)),
  ];
  const files = argument.kind === 'files' ? ' [[ $PREFIX == -* ]] || { _files; return; };' : '';
  return `    "${prefix(path)}")${files} candidates=(${candidates.join(' ')}) ;;`;
}

/** `_describe` takes what follows the first colon for the description. */
const candidate = (word: string, description: string): string => quoted(`${word}:${description.replaceAll(':', '\\:')}`);
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const prefix = (path: readonly string[]): string => path.map((word) => ` ${word}`).join('');
